// The same way with scripts turned off: forms and links do everything.
import { check, equal, fits, openPage, signIn, truly } from './browser.mjs'
import { openWaitingStay } from './walk.mjs'

export async function withoutScripts({ base, browser, accounts }) {
  const { context, page } = await openPage(browser, base, { javaScriptEnabled: false })

  await check('without scripts: sign in and see the board', async () => {
    await signIn(page, accounts['Hub lead'])
    equal(await page.locator('h1').innerText(), 'Hub board', 'heading')
    equal(await page.getByRole('button', { name: 'Stop updating' }).isVisible(), false, 'nothing that needs scripts is offered')
  })

  await check('without scripts: 320 px wide', async () => {
    await fits(page, 320, false)
    await page.setViewportSize({ width: 1280, height: 900 })
  })

  await check('without scripts: filter and page', async () => {
    await page.getByLabel('Ready to leave').selectOption('yes')
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.waitForURL(/ready=yes/)
    truly((await page.locator('.almoner-name').count()) > 0, 'rows')
  })

  await check('without scripts: change a stay', async () => {
    await openWaitingStay(page)
    const stay = page.url()
    await page.goto(`${stay}/edit/expected`)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.waitForURL(/saved=yes/)
    await page.goto(`${stay}/edit/next`)
    await page.getByLabel('What is to be done next?').fill('Without scripts')
    await page.getByLabel('Tomorrow').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.waitForURL(/saved=yes/)
    truly(await page.getByText('Without scripts').first().isVisible(), 'saved')
    await page.getByRole('link', { name: /^Correct / }).first().click()
    await page.getByRole('button', { name: 'Save the correction' }).click()
    truly(await page.getByRole('link', { name: 'Say why it is corrected' }).isVisible(), 'faults are told')
  })

  await check('without scripts: find a person and filter the timeline', async () => {
    await page.goto('/person/find')
    await page.getByLabel('NHS number, name, date of birth or postcode').fill('sm')
    await page.getByRole('button', { name: 'Find', exact: true }).click()
    await page.locator('#results').waitFor()
    await page.locator('tbody a').first().click()
    await page.getByRole('link', { name: 'Timeline', exact: true }).click()
    await page.getByRole('button', { name: 'Filter' }).click()
    truly(await page.getByRole('heading', { name: 'Timeline' }).isVisible(), 'timeline')
  })

  await check('without scripts: statistics, inbox, sign out', async () => {
    await page.goto('/place/statistics')
    truly(await page.locator('main table').first().isVisible(), 'table')
    await page.goto('/inbox')
    truly(await page.locator('.almoner-counts').isVisible(), 'inbox')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(/sign-in/)
  })
  await context.close()
}
