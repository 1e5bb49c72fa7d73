// The morning of a hub lead: sign in, board, a stay, correct a reason, the next
// action, the person, the statistics, the inbox.
import { check, equal, openPage, picture, quiet, signIn, truly } from './browser.mjs'

/** Opens the first person on the board who is ready and waits for something. */
export async function openWaitingStay(page) {
  await page.goto('/flow/board?ready=yes')
  await page.locator('#board-rows tbody tr').first().locator('a.almoner-name').click()
  await page.waitForURL(/\/flow\/stay\//)
}

export async function walk({ base, browser, accounts }) {
  const { context, page, complaints } = await openPage(browser, base)
  const lead = accounts['Hub lead']

  await check('signing in comes back to the page asked for', async () => {
    await page.goto('/inbox')
    truly(page.url().includes('/sign-in?next=%2Finbox'), `went to ${page.url()}`)
    await signIn(page, lead, page.url())
    equal(new URL(page.url()).pathname, '/inbox', 'address')
  })

  await check('the first page is the board, longest past the ready date first', async () => {
    await page.goto('/')
    equal(await page.locator('h1').innerText(), 'Hub board', 'heading')
    const past = await page.locator('#board-rows tbody tr td:nth-child(3) strong').allInnerTexts()
    const days = past.map((text) => (text === 'Ready today' ? 0 : Number(text.replace(/[^0-9]/g, ''))))
    truly(days.length >= 3, `only ${days.length} rows are ready`)
    truly(days.every((day, i) => i === 0 || day <= days[i - 1]), `not in order: ${days.slice(0, 10)}`)
    truly(await page.getByText('This is a demonstration. Every person here is made up.').isVisible(), 'banner')
  })

  await check('no cell of the board is empty', async () => {
    const empty = await page.locator('#board-rows tbody td').evaluateAll((cells) => cells.filter((cell) => {
      const own = cell.querySelector('.almoner-cell')
      return !own || own.textContent.trim() === ''
    }).length)
    equal(empty, 0, 'empty cells')
  })

  await check('filters narrow the board and stay in the address', async () => {
    const all = await page.locator('#board-status').innerText()
    await page.getByLabel('Pathway').selectOption({ index: 2 })
    await page.getByLabel('Ready to leave').selectOption('yes')
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.waitForURL(/pathway=/)
    truly((await page.locator('#board-status').innerText()) !== all, 'the counts did not change')
    truly(await page.locator('.almoner-chosen').isVisible(), 'what is chosen is not said')
    const wanted = (await page.getByLabel('Pathway').locator('option:checked').innerText()).replace(/ \(\d+\)$/, '')
    const shown = await page.locator('#board-rows tbody td:nth-child(4) .almoner-cell').allInnerTexts()
    truly(shown.length > 0 && shown.every((text) => text === wanted), `${wanted}: ${[...new Set(shown)]}`)
    await page.getByRole('link', { name: 'Clear filters' }).click()
    equal(new URL(page.url()).search, '', 'filters cleared')
  })

  await check('the board has pages', async () => {
    await page.goto('/flow/board')
    const next = page.getByRole('link', { name: 'Next page' })
    if ((await next.count()) === 0) {
      const people = Number((await page.locator('#board-status').innerText()).split(' ')[0].replace(',', ''))
      truly(people <= 100, `${people} people on one page`)
      return
    }
    const first = await page.locator('.almoner-name').first().innerText()
    await next.click()
    await page.waitForURL(/page=2/)
    truly((await page.locator('.almoner-name').first().innerText()) !== first || (await page.locator('.almoner-name').count()) > 0, 'page 2')
    equal(await page.locator('[aria-current=page]').last().innerText(), '2', 'page shown')
  })

  await check('the board updates by itself, keeps the focus, and can be stopped', async () => {
    await page.clock.install()
    await page.goto('/flow/board')
    await page.waitForFunction(() => window.htmx && document.querySelector('#board-pause:not([hidden])'))
    const link = page.locator('.almoner-name').nth(2)
    const id = await link.getAttribute('id')
    await link.focus()
    const renewed = page.waitForResponse((response) => response.request().headers()['hx-request'] === 'true')
    await page.clock.fastForward(1_100)
    equal((await renewed).status(), 204, 'nothing new after a second')
    const other = await page.context().newPage()
    await other.goto(`/flow/stay/${id.replace('stay-', '')}/edit/next`)
    await other.getByLabel(/^Next action|What is to be done/).first().fill('Seen on the open board')
    await other.getByRole('button', { name: 'Save' }).click()
    await other.waitForURL(/saved=yes/)
    await other.close()
    await link.focus()
    const changed = page.waitForResponse((response) => response.request().headers()['hx-request'] === 'true')
    await page.clock.fastForward(1_100)
    equal((await changed).status(), 200, 'a change within a second')
    await page.getByText('Seen on the open board').first().waitFor()
    await page.waitForFunction((of) => document.activeElement?.id === of, id)
    truly(/Updated at /.test(await page.locator('#board-status').innerText()), 'the status line is renewed')
    equal(await page.locator('[id=board-status]').count(), 1, 'one status line')
    await page.getByRole('button', { name: 'Stop updating' }).click()
    let asked = 0
    page.on('request', (request) => { if (request.headers()['hx-request']) asked += 1 })
    await page.clock.fastForward(95_000)
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    equal(asked, 0, 'requests while stopped')
    truly(await page.getByRole('button', { name: 'Start updating' }).isVisible(), 'it can be started again')
    await page.clock.resume()
  })
  await picture(page, 'board')

  let stay
  await check('a stay shows clocks, notices, reasons and history', async () => {
    await openWaitingStay(page)
    stay = page.url().split('?')[0]
    for (const heading of ['Where things stand', 'Steps', 'List for leaving', 'Dates and clocks', 'Reasons for waiting', 'Notices', 'History of changes']) {
      truly(await page.getByRole('heading', { name: heading, exact: true }).isVisible(), heading)
    }
    truly((await page.locator('table').first().locator('tbody tr').count()) >= 5, 'steps')
  })
  await picture(page, 'stay')

  await check('a reason is corrected and the old one kept', async () => {
    const before = await page.locator('#delays ~ table').first().locator('tbody tr').count()
    await page.getByRole('link', { name: /^Correct / }).first().click()
    const select = page.getByLabel('Reason')
    const old = await select.locator('option:checked').innerText()
    await page.getByRole('button', { name: 'Save the correction' }).click()
    await page.waitForSelector('.nhsuk-error-summary')
    truly((await page.title()).startsWith('Error: '), 'title')
    equal(await page.evaluate(() => document.activeElement.className), 'nhsuk-error-summary', 'the summary has the focus')
    await page.getByRole('link', { name: 'Say why it is corrected' }).click()
    equal(await page.evaluate(() => document.activeElement.id), 'why', 'the link goes to the field')
    await picture(page, 'correct-error')
    const options = await select.locator('option').all()
    for (const option of options) {
      const value = await option.getAttribute('value')
      if (value && (await option.innerText()) !== old && value.startsWith('drd:')) {
        await select.selectOption(value)
        break
      }
    }
    await page.getByLabel('Why is it corrected?').fill('The wrong line was chosen')
    await page.getByRole('button', { name: 'Save the correction' }).click()
    await page.waitForURL(/saved=yes/)
    truly(await page.getByText('Saved', { exact: true }).isVisible(), 'it says saved')
    const rows = page.locator('#delays ~ table').first().locator('tbody tr')
    equal(await rows.count(), before + 1, 'rows of reasons')
    truly(await rows.filter({ hasText: 'Corrected' }).filter({ hasText: 'The wrong line was chosen' }).first().isVisible(), 'the old one stays with the reason why')
    truly(await page.locator('#changes ~ table').getByText('The wrong line was chosen').first().isVisible(), 'history')
  })
  await picture(page, 'stay-corrected')

  await check('the next action is set with owner and time', async () => {
    await page.goto(`${stay}/edit/next`)
    await page.getByLabel('What is to be done next?').fill('Ring the family\nabout the key safe')
    await page.getByLabel('Who does it?').fill('Ward team')
    await page.getByLabel('Tomorrow').check()
    await page.getByLabel('At what time?').fill('9am')
    await picture(page, 'next-action')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.waitForURL(/saved=yes/)
    truly(await page.getByText('Due tomorrow at 9am').isVisible(), 'due')
    truly(await page.getByText('Ring the family').first().isVisible(), 'action')
  })

  await check('two people changing one stay: the second is told who and what', async () => {
    const other = await openPage(browser, base)
    await signIn(other.page, accounts.Practitioner)
    await page.goto(`${stay}/edit/bed`)
    await other.page.goto(`${stay}/edit/bed`)
    await other.page.getByLabel('Bed').fill('B12')
    await other.page.getByRole('button', { name: 'Save' }).click()
    await other.page.waitForURL(/saved=yes/)
    await page.getByLabel('Bed').fill('B13')
    await page.getByRole('button', { name: 'Save' }).click()
    truly(await page.getByRole('heading', { name: 'Someone else changed this first' }).isVisible(), 'told')
    truly(await page.getByText('Bed is now B12', { exact: false }).or(page.getByText('bed is now B12', { exact: false })).first().isVisible(), 'what changed')
    truly(await page.getByText('B13').first().isVisible(), 'what was typed is shown')
    await picture(page, 'conflict')
    await other.context.close()
  })

  let person
  await check('a person is found by name and by NHS number', async () => {
    await page.goto(stay)
    const name = await page.locator('h1').innerText()
    const number = await page.locator('.almoner-facts div', { hasText: 'NHS number' }).locator('dd').innerText()
    truly(/^\d{3} \d{3} \d{4}$/.test(number), `NHS number ${number}`)
    for (const typed of [number, number.replaceAll(' ', ''), name.split(',')[0].toLowerCase()]) {
      await page.goto('/person/find')
      await page.getByLabel('NHS number, name, date of birth or postcode').fill(typed)
      await page.getByRole('button', { name: 'Find', exact: true }).click()
      await page.waitForSelector('#results')
      truly(await page.getByRole('link', { name }).first().isVisible(), `${typed} does not find ${name}`)
      equal(new URL(page.url()).search, '', 'nothing typed is in the address')
    }
    await picture(page, 'find')
    await page.goto(stay)
    await page.getByRole('link', { name: 'See the whole record' }).click()
    person = page.url()
    equal(await page.locator('h1').innerText(), name, 'the same person')
  })
  await picture(page, 'person')

  await check('the record says what holds, and each entry leads to its source', async () => {
    for (const part of ['About me', 'Alerts', 'Allergies', 'Medicines', 'Problems and diagnoses', 'People around this person', 'Care and visits', 'Plans']) {
      truly(await page.getByRole('heading', { name: part, exact: true }).isVisible(), part)
    }
    truly(await page.getByRole('heading', { name: 'Who looked at this record' }).isVisible(), 'looks are shown')
    truly(await page.getByText(/^Shown because /).isVisible(), 'why it is shown')
  })

  await check('the timeline is filtered by kind and source', async () => {
    await page.getByRole('navigation', { name: 'This record' }).getByRole('link', { name: 'Timeline' }).click()
    await page.waitForURL(/timeline/)
    const lines = page.locator('.almoner-timeline > li')
    const all = await lines.count()
    truly(all > 0, 'there is a timeline')
    await page.getByLabel('Kind').selectOption({ index: 1 })
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.waitForURL(/kind=/)
    const some = await lines.count()
    truly(some > 0 && some <= all, `${some} of ${all}`)
    truly(await page.locator('.almoner-chosen').isVisible(), 'what is chosen is said')
    await page.getByRole('link', { name: 'Show everything' }).click()
    await page.getByLabel('Source').selectOption({ index: 1 })
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.waitForURL(/source=[^&]/)
    truly((await lines.count()) > 0, 'lines of one source')
  })

  await check('the statistics show a chart, a table and a file', async () => {
    await page.goto('/place/statistics')
    truly(await page.locator('main svg[role=img]').first().isVisible(), 'chart')
    truly((await page.locator('main table tbody tr').count()) > 10, 'table')
    const csv = await page.locator('main a[href*="csv"]').first().getAttribute('href')
    const file = await page.request.get(csv)
    equal(file.status(), 200, 'CSV')
    truly((await file.text()).startsWith('month,area,by,key,days,rate_per_100k'), 'CSV header')
  })
  await picture(page, 'statistics')

  await check('the inbox lists what arrived and opens a report', async () => {
    await page.goto('/inbox')
    truly(await page.locator('.almoner-counts').isVisible(), 'counts')
    const first = page.locator('tbody a').first()
    if ((await first.count()) > 0) {
      await first.click()
      truly(await page.getByRole('heading', { name: 'What was wrong' }).isVisible(), 'report')
      await picture(page, 'inbox-report')
      await page.goto('/inbox')
    }
  })
  await picture(page, 'inbox')

  await check('signing out ends the session', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(/sign-in/)
    await page.goto(person)
    truly(page.url().includes('/sign-in?next='), 'the record is closed')
  })
  await check('no complaint of the browser on the way', () => quiet(complaints))
  await context.close()
}
