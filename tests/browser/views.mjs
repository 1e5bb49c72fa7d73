// The views of the board: each role starts with its own, and may look through the others.
import { check, equal, openPage, picture, signIn, truly } from './browser.mjs'
import { whole } from './pages.mjs'

const COLUMNS = {
  ward: ['Person', 'Where', 'Ready since', 'List for leaving', 'Reviews due', 'Next action'],
  hub: ['Person', 'Where', 'Ready since', 'Pathway', 'Waiting for', 'Next action', 'Destination'],
  council: ['Person', 'Where', 'Ready since', 'Assessment', 'Package', 'Next action', 'Waiting for'],
  provider: ['Person', 'Where', 'Ready since', 'Pathway', 'Destination', 'Next action']
}

export async function views({ base, browser, accounts }) {
  const { context, page, complaints } = await openPage(browser, base)
  await signIn(page, accounts['Hub lead'])
  await check('the hub lead starts with the hub view', async () => {
    await page.goto('/flow/board')
    equal(await current(page), 'Hub view', 'view')
  })
  for (const [view, columns] of Object.entries(COLUMNS)) {
    await whole(page, complaints, `board, ${view} view`, () => page.goto(`/flow/board?view=${view}`))
    await picture(page, `board-${view}`)
    await check(`the ${view} view has its columns, none empty, and stays in the address`, async () => {
      await page.goto(`/flow/board?view=${view}`)
      if (await page.locator('#board-rows table').count()) {
        equal((await page.locator('#board-rows thead th').allInnerTexts()).join(), columns.join(), 'columns')
        const empty = await page.locator('#board-rows tbody td .almoner-cell').evaluateAll((cells) => cells.filter((cell) => cell.textContent.trim() === '').length)
        equal(empty, 0, 'empty cells')
      } else {
        await page.getByText('Nobody to show here.').waitFor()
      }
      await page.getByLabel('Ready to leave').selectOption('yes')
      await page.getByRole('button', { name: 'Filter' }).click()
      await page.waitForURL(/ready=yes/)
      truly(page.url().includes(`view=${view}`), `the filter keeps the view: ${page.url()}`)
      const next = page.getByRole('navigation', { name: 'Views of the board' }).getByRole('link', { name: 'Hub view' })
      truly((await next.getAttribute('href')).includes('ready=yes'), 'a switch keeps the filter')
    })
  }
  await check('the ward view stands bed by bed', async () => {
    await page.goto('/flow/board?view=ward')
    const beds = await page.locator('#board-rows tbody td:nth-child(2) span:nth-child(2)').allInnerTexts()
    const key = (text) => { const [ward, bed] = text.split(', bed '); return [ward, Number(bed) || 0] }
    const rows = beds.map(key)
    truly(rows.every(([ward, bed], at) => at === 0 || rows[at - 1][0] !== ward || rows[at - 1][1] <= bed), `not in order: ${beds.slice(0, 12)}`)
  })
  await context.close()

  for (const [username, view] of [['ward.sister', 'Ward view'], ['social.worker', 'Council view']]) {
    const own = await openPage(browser, base)
    await signIn(own.page, { username, password: accounts['Hub lead'].password })
    await check(`${username} starts with the ${view.toLowerCase()} of their organisation`, async () => {
      await own.page.goto('/flow/board')
      equal(await current(own.page), view, 'view')
      await own.page.getByText('Only those of').waitFor()
    })
    await picture(own.page, `board-of-${username}`)
    await own.context.close()
  }
}

/** The view that the page says is shown. */
async function current(page) {
  return page.getByRole('navigation', { name: 'Views of the board' }).locator('a[aria-current="page"]').innerText()
}
