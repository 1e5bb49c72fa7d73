// Services, cases with a time limit, and returns: every page, and the way of one case from its start to
// its end, of a service from the record to its goal, and of a return until it is sent.
import { check, equal, openPage, picture, signIn, truly } from './browser.mjs'
import { whole } from './pages.mjs'
import { openWaitingStay } from './walk.mjs'

const SITREP = '/flow/returns/sitrep'

export async function clocksAndReturns({ base, browser, accounts }) {
  const { context, page, complaints } = await openPage(browser, base)
  await signIn(page, accounts['Hub lead'])
  const see = (name, address, status) => whole(page, complaints, name, () => page.goto(address), status)
  await openWaitingStay(page)
  const person = await page.getByRole('link', { name: 'See the whole record' }).getAttribute('href')

  await see('time limits', '/flow/clocks')
  await picture(page, 'clocks')
  await see('time limits, none fits', '/flow/clocks?state=late&kind=annual+review&whose=mine')
  await see('cases of a person', `${person}/cases`)
  await see('form of a case', `${person}/cases/new`)
  await whole(page, complaints, 'form of a case with faults', async () => {
    await page.goto(`${person}/cases/new`)
    await page.getByRole('button', { name: 'Start the case' }).click()
    await page.waitForSelector('.nhsuk-error-summary')
  })
  await picture(page, 'case-faults')

  await check('a case is started, extended once, and closed with why', async () => {
    await page.goto(`${person}/cases/new`)
    await page.getByLabel('What kind of case is it?').selectOption('deprivation of liberty, urgent')
    await page.getByRole('button', { name: 'Start the case' }).click()
    await page.getByText('The case is started').waitFor()
    await page.getByRole('link', { name: /^Deprivation of liberty, urgent/ }).first().click()
    const before = await page.locator('dd').first().innerText()
    await page.waitForURL(/flow.case/)
    await page.locator('#extend_why').fill('The assessors are late')
    await page.getByRole('button', { name: 'Extend it' }).click()
    await page.getByText('Saved').waitFor()
    truly((await page.locator('dd').first().innerText()) !== before, 'the end did not move')
    equal(await page.getByRole('button', { name: 'Extend it' }).count(), 0, 'a second extension')
    await page.getByRole('button', { name: 'Close the case' }).click()
    await page.waitForSelector('.nhsuk-error-summary')
    await page.getByLabel('Ended without one').check()
    await page.locator('#close_why').fill('Went home')
    await page.getByRole('button', { name: 'Close the case' }).click()
    await page.getByText('Saved').waitFor()
    equal(await page.locator('main .nhsuk-tag').first().innerText(), 'Closed', 'where it stands')
  })
  const closed = new URL(page.url()).pathname
  await see('a case that is closed', closed)

  await check('a safeguarding enquiry raised for the council is not shown to who raised it', async () => {
    await page.goto(`${person}/cases/new`)
    await page.getByLabel('What kind of case is it?').selectOption('safeguarding enquiry')
    await page.getByLabel('Whose is it?').selectOption({ label: 'Barsetshire County Council' })
    await page.getByRole('button', { name: 'Start the case' }).click()
    await page.getByText('The case is started').waitFor()
    equal(await page.getByRole('link', { name: /^Safeguarding/ }).count(), 0, 'shown')
  })

  await see('services of a person', `${person}/services`)
  await see('form of a service for a person', `${person}/services/new`)
  await whole(page, complaints, 'form of a service with faults', async () => {
    await page.goto(`${person}/services/new`)
    await page.getByRole('button', { name: 'Save the service' }).click()
    await page.waitForSelector('.nhsuk-error-summary')
  })
  await check('reablement is written down with a goal', async () => {
    await page.goto(`${person}/services/new`)
    await page.getByLabel('What service is it?').selectOption({ label: 'Reablement' })
    const first = page.getByRole('group', { name: 'First day' })
    const today = new Date()
    await first.getByLabel('Day').fill(String(today.getDate()))
    await first.getByLabel('Month').fill(String(today.getMonth() + 1))
    await first.getByLabel('Year').fill(String(today.getFullYear()))
    await page.getByRole('button', { name: 'Save the service' }).click()
    await page.getByText('6 free weeks').waitFor()
    await page.getByLabel('Add a goal').fill('Make my own tea')
    await page.getByRole('button', { name: 'Add the goal' }).click()
    await page.getByRole('cell', { name: 'Make my own tea' }).first().waitFor()
    await page.getByLabel('How far was it reached?').selectOption('reached')
    await page.getByRole('button', { name: 'Save how far' }).click()
    await page.getByText('Saved').waitFor()
    equal(await page.locator('tbody .nhsuk-tag').first().innerText(), 'Reached', 'result')
  })
  const service = new URL(page.url()).pathname
  await see('an episode of reablement', service)
  await picture(page, 'reablement')
  await see('form of a change of a service', `${service}/edit`)

  await see('returns', '/flow/returns')
  for (const kind of ['delays', 'sitrep', 'drd', 'ascof']) await see(`return ${kind}`, `/flow/returns/${kind}`)
  await picture(page, 'return-ascof')
  await see('a return of no period', `${SITREP}?period=May`)
  await page.goto(SITREP)
  const people = await page.locator('tbody a[href*="/people"]').first().getAttribute('href')
  await see('people behind a cell', people)
  await context.close()

  const analyst = await openPage(browser, base)
  await signIn(analyst.page, accounts.Analyst)
  await check('an analyst sees figures and opens nobody', async () => {
    await analyst.page.goto(SITREP)
    equal(await analyst.page.locator('tbody a[href*="/people"]').count(), 0, 'links')
    equal((await analyst.page.goto(people)).status(), 403, 'status')
  })
  await check('a return is frozen, and a second time nothing has changed', async () => {
    await analyst.page.goto(SITREP)
    await analyst.page.getByRole('button', { name: 'Freeze as sent' }).click()
    await analyst.page.getByText('Frozen as sent').waitFor()
    const sent = analyst.page.url()
    await analyst.page.goto(SITREP)
    await analyst.page.getByRole('button', { name: 'Freeze as sent' }).click()
    await analyst.page.getByText('Nothing has changed since it was last sent').waitFor()
    await analyst.page.goto(sent)
  })
  await whole(analyst.page, analyst.complaints, 'a return as it was sent', () => analyst.page.goto(analyst.page.url()))
  await analyst.context.close()
}
