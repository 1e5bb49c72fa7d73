// The person's own pages and their carer's: every page at three widths and in large print, by
// keyboard alone, and without scripts on a small screen.
import { axe, bigEnough, check, equal, fits, openPage, picture, quiet, signIn, tabTo, truly } from './browser.mjs'

const PAGES = ['/me', '/me/record', '/me/looked', '/me/sharing', '/me/sharing/everything', '/me/sharing/opt-out', '/me/correct', '/me/correct?about=details', '/me/about', '/me/about/important', '/me/carers', '/me/carers/invite', '/me/letters', '/me/referrals', '/me/take-up']

async function whole(page, complaints, name, address) {
  await check(`${name}: axe, 320, 375 and 1280 px, targets, no complaint`, async () => {
    complaints.length = 0
    if (address) equal((await page.goto(address)).status(), 200, 'status')
    truly(/ – Almoner$/.test(await page.title()), 'title')
    equal(await page.locator('h1').count(), 1, 'one main heading')
    for (const width of [320, 375, 1280]) await fits(page, width)
    await bigEnough(page)
    await axe(page)
    await page.setViewportSize({ width: 375, height: 900 })
    await axe(page)
    await page.setViewportSize({ width: 1280, height: 900 })
    quiet(complaints)
  })
}

export async function own({ base, browser, accounts }) {
  const person = accounts.Person
  const carer = { username: 'carer', password: person.password }
  const { context, page, complaints } = await openPage(browser, base)
  await signIn(page, person)
  for (const address of PAGES) await whole(page, complaints, `own ${address}`, address)
  await page.goto('/me/record')
  const line = await page.getByRole('link', { name: /^Is this wrong/ }).first().getAttribute('href')
  await whole(page, complaints, 'own request about a line', line)
  await page.goto('/me/letters')
  const letter = page.locator('.almoner-doors a').first()
  if ((await letter.count()) > 0) await whole(page, complaints, 'own letter', await letter.getAttribute('href'))
  await page.goto('/me/carers')
  const stop = await page.getByRole('link', { name: /^Stop this/ }).first().getAttribute('href')
  await whole(page, complaints, 'stop a carer', stop)
  await page.goto('/me/carers/invite')
  await page.getByRole('button', { name: 'Make a code for them' }).click()
  await page.waitForSelector('.nhsuk-error-summary')
  await whole(page, complaints, 'invitation with faults')
  await page.goto('/me')
  await picture(page, 'own-home')

  await check('large print: half as big again, in one column, no sideways scrolling at 320 px', async () => {
    await page.goto('/me/record')
    const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('main p')).fontSize))
    const usual = await size()
    await page.getByRole('button', { name: 'Large print' }).first().click()
    await page.waitForSelector('html.almoner-large')
    equal(new URL(page.url()).pathname, '/me/record', 'back where it was chosen')
    truly((await size()) >= usual * 1.45, `${await size()} after ${usual}`)
  })
  for (const address of PAGES) {
    await check(`large print ${address}`, async () => {
      await page.goto(address)
      for (const width of [320, 1280]) await fits(page, width)
      await axe(page)
    })
  }
  await picture(page, 'own-large')
  await check('usual print again', async () => {
    await page.goto('/me')
    await page.getByRole('button', { name: 'Usual print' }).first().click()
    await page.waitForSelector('html:not(.almoner-large)')
  })

  await check('by keyboard: stop sharing and share again', async () => {
    await page.setViewportSize({ width: 1280, height: 900 })
    const enter = async (pattern) => {
      await Promise.all([page.waitForURL(pattern), page.keyboard.press('Enter')])
      await page.waitForLoadState()
    }
    await page.goto('/me')
    await tabTo(page, 'sharing', (at) => at.href === '/me/sharing')
    await enter(/me\/sharing$/)
    await tabTo(page, 'drug and alcohol', (at) => at.href === '/me/sharing/substance-use')
    await enter(/substance-use$/)
    await tabTo(page, 'the button', (at) => at.text === 'Stop sharing')
    await enter(/saved=substance-use/)
    truly(await page.getByText('What is about drug and alcohol is not shared from now on.').isVisible(), 'confirmed')
    await page.goto('/me/sharing/substance-use')
    await tabTo(page, 'the button', (at) => at.text === 'Share again')
    await enter(/saved=substance-use/)
    truly(await page.getByText('What is about drug and alcohol is shared again.').isVisible(), 'taken back')
  })
  await context.close()

  const plain = await openPage(browser, base, { javaScriptEnabled: false, viewport: { width: 320, height: 640 } })
  await check('without scripts at 320 px: invite a carer, see the code once, stop it', async () => {
    await signIn(plain.page, person)
    await plain.page.goto('/me/carers/invite')
    await plain.page.getByLabel('Their name').fill('Harry Baker')
    await plain.page.getByLabel('Who are they to you?').fill('friend')
    await plain.page.getByLabel('Letters and documents').check()
    const until = new Date(Date.now() + 20 * 86_400_000)
    await plain.page.getByLabel('Day').fill(String(until.getDate()))
    await plain.page.getByLabel('Month').fill(String(until.getMonth() + 1))
    await plain.page.getByLabel('Year').fill(String(until.getFullYear()))
    await plain.page.getByRole('button', { name: 'Make a code for them' }).click()
    truly(/^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/.test(await plain.page.locator('main code').innerText()), 'a code')
    await fits(plain.page, 320, false)
    await plain.page.goto('/me/carers')
    equal(await plain.page.locator('main code').count(), 0, 'codes on the list')
    await plain.page.getByRole('link', { name: 'Stop this for Harry Baker' }).click()
    await plain.page.getByRole('button', { name: 'Stop now' }).click()
    truly(await plain.page.getByText('Stopped. They can no longer look.').isVisible(), 'stopped')
  })
  await plain.context.close()

  const other = await openPage(browser, base)
  await signIn(other.page, carer)
  await whole(other.page, other.complaints, 'pages of a carer', '/me')
  const record = await other.page.getByRole('link', { name: 'The record' }).getAttribute('href')
  await whole(other.page, other.complaints, 'record as a carer sees it', record)
  await whole(other.page, other.complaints, 'about them as a carer sees it', record.replace('/me/record', '/me/about'))
  await check('a carer is refused what is the person’s alone', async () => {
    for (const address of ['/me/sharing', '/me/looked', '/me/carers']) equal((await other.page.goto(address)).status(), 404, address)
  })
  await other.context.close()

  const lead = await openPage(browser, base)
  await signIn(lead.page, accounts['Privacy officer'])
  await whole(lead.page, lead.complaints, 'asked to be put right', '/corrections')
  const request = await lead.page.locator('tbody a').first().getAttribute('href')
  await whole(lead.page, lead.complaints, 'one request to put right', request)
  await check('staff have no pages of their own', async () => {
    equal((await lead.page.goto('/me')).status(), 403, 'status')
  })
  await lead.context.close()
}
