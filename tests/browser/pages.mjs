// Every page: axe, three widths, targets, titles, and no complaint of the browser.
import { axe, bigEnough, check, equal, fits, openPage, picture, quiet, signIn, truly } from './browser.mjs'
import { openWaitingStay } from './walk.mjs'

const EDITS = ['reason', 'clinical', 'team', 'safe', 'ready', 'expected', 'assessed', 'next', 'pathway', 'bed', 'council', 'destination', 'discharge', 'undo-discharge']

async function whole(page, complaints, name, open, status = 200) {
  await check(`${name}: axe, 320, 375 and 1280 px, targets, no complaint`, async () => {
    complaints.length = 0
    const response = await open()
    if (response) equal(response.status(), status, 'status')
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

export async function everyPage({ base, browser, accounts }) {
  const nobody = await openPage(browser, base)
  await whole(nobody.page, nobody.complaints, 'sign-in', () => nobody.page.goto('/sign-in'))
  await picture(nobody.page, 'sign-in')
  await whole(nobody.page, nobody.complaints, 'sign-in refused', async () => {
    await nobody.page.goto('/sign-in')
    await nobody.page.getByLabel('User name').fill('nobody')
    await nobody.page.getByLabel('Password', { exact: true }).fill('wrong')
    await nobody.page.getByRole('button', { name: 'Sign in' }).click()
    await nobody.page.waitForSelector('.nhsuk-error-summary')
  })
  await picture(nobody.page, 'sign-in-refused')
  await whole(nobody.page, nobody.complaints, 'accessibility statement', () => nobody.page.goto('/accessibility'))
  await whole(nobody.page, nobody.complaints, 'page not found, nobody signed in', () => nobody.page.goto('/none'), 404)
  await nobody.context.close()

  const { context, page, complaints } = await openPage(browser, base)
  await signIn(page, accounts['Hub lead'])
  const see = (name, address, status) => whole(page, complaints, name, () => page.goto(address), status)
  await see('board', '/flow/board')
  await see('board filtered', '/flow/board?pathway=1&ready=yes&order=ward')
  await see('board with nobody', '/flow/board?ward=none')
  await openWaitingStay(page)
  const stay = page.url()
  await see('stay', stay)
  for (const edit of EDITS) await see(`form ${edit}`, `${stay}/edit/${edit}`)
  await page.goto(stay)
  const correct = await page.getByRole('link', { name: /^Correct / }).first().getAttribute('href')
  await see('form of a correction', correct)
  await whole(page, complaints, 'form with faults', async () => {
    await page.goto(`${stay}/edit/next`)
    await page.getByLabel('What is to be done next?').fill('')
    await page.getByLabel('Who does it?').fill('Someone')
    await page.getByLabel('Another day').check()
    await page.getByRole('group', { name: 'If another day' }).getByLabel('Day').fill('31')
    await page.getByRole('group', { name: 'If another day' }).getByLabel('Month').fill('2')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.waitForSelector('.nhsuk-error-summary')
  })
  await picture(page, 'form-faults')
  await page.goto(stay)
  const person = await page.getByRole('link', { name: 'See the whole record' }).getAttribute('href')
  await see('person', person)
  await see('find a person', '/person/find')
  await whole(page, complaints, 'people found', async () => {
    await page.goto('/person/find')
    await page.getByLabel('NHS number, name, date of birth or postcode').fill('sm')
    await page.getByRole('button', { name: 'Find', exact: true }).click()
    await page.waitForSelector('#results')
  })
  await page.goto(person)
  const document = page.locator('.almoner-timeline a[href*="/person/document/"]').first()
  if ((await document.count()) > 0) await see('document', await document.getAttribute('href'))
  await see('statistics', '/place/statistics')
  await see('inbox', '/inbox')
  await page.goto('/inbox')
  const report = page.locator('tbody a').first()
  if ((await report.count()) > 0) await see('inbox report', await report.getAttribute('href'))
  await see('page not found', '/none', 404)
  await picture(page, 'not-found')
  await see('a person who is not there', '/person/01890a5d-ac96-774b-bcce-b302099a8057', 404)
  await context.close()

  const analyst = await openPage(browser, base)
  await signIn(analyst.page, accounts.Analyst)
  await whole(analyst.page, analyst.complaints, 'not allowed', () => analyst.page.goto('/flow/board'), 403)
  await picture(analyst.page, 'not-allowed')
  await check('a role is offered only what it may see', async () => {
    equal(await analyst.page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name: 'Hub board' }).count(), 0, 'board link')
  })
  await analyst.context.close()

  const admin = await openPage(browser, base)
  await signIn(admin.page, accounts.Administrator)
  await whole(admin.page, admin.complaints, 'inbox of the administrator', () => admin.page.goto('/inbox'))
  await admin.context.close()
}
