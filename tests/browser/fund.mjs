// The pooled fund: from an overspend to the worked share, the scheme and the postings; a month closed; a
// faulty agreement refused; every page whole, and the way also by keyboard alone.
import { check, equal, openPage, picture, signIn, tabTo, truly } from './browser.mjs'
import { whole } from './pages.mjs'

const FAULTY = '[agreement]\ntitle = "Without its parts"\nnation = "England"\nyear = "2025/26"\n'

/** A file with faults is refused with its lines, and nothing is kept of it as an agreement. */
async function faulty(page, complaints, see) {
  await see('form of an agreement', '/fund/agreement')
  await whole(page, complaints, 'a faulty agreement is refused with its lines', async () => {
    await page.goto('/fund/agreement?fund=other')
    await page.locator('#file').setInputFiles({ name: 'faulty.toml', mimeType: 'text/plain', buffer: Buffer.from(FAULTY) })
    await page.getByRole('button', { name: 'Check and keep the agreement' }).click()
    await page.waitForSelector('.nhsuk-error-summary')
  })
  await picture(page, 'fund-agreement-faults')
}

export async function fund({ base, browser, accounts }) {
  const { context, page, complaints } = await openPage(browser, base)
  const finance = Object.entries(accounts).find(([role]) => /finance/i.test(role))[1]
  await signIn(page, finance)
  const see = (name, address, status) => whole(page, complaints, name, () => page.goto(address), status)

  await page.goto('/fund')
  const pool = new URL(page.url()).pathname
  if (pool === '/fund') {
    // A place that keeps no fund yet.
    await see('no fund yet', '/fund')
    await see('month end with no books', '/fund/months')
    await faulty(page, complaints, see)
    await context.close()
    return
  }
  await see('the fund', pool)
  await picture(page, 'fund')
  for (const part of ['share', 'books', 'pack', 'agreement', 'plan', 'disputes', 'effect', 'returns']) {
    await see(`the fund: ${part}`, `${pool}/${part}`)
    await picture(page, `fund-${part}`)
  }

  await check('from the overspend to its worked share, its scheme and the postings', async () => {
    await page.goto(pool)
    await page.getByText('over budget').first().waitFor()
    await page.getByRole('link', { name: /worked out step by step/ }).first().click()
    await page.waitForURL(/\/share/)
    await page.locator('main ul a[href*="/scheme/"]').filter({ hasText: 'over budget' }).first().click()
    await page.waitForURL(/\/scheme\//)
  })
  const scheme = page.url()
  await see('a scheme', scheme)
  await picture(page, 'fund-scheme')
  await page.goto(scheme)
  await page.locator('main a[href^="/fund/transfer/"]').first().click()
  await page.waitForURL(/\/fund\/transfer\//)
  await see('a transfer', page.url())
  await picture(page, 'fund-transfer')
  await page.locator('main a[href^="/fund/account/"]').first().click()
  await page.waitForURL(/\/fund\/account\//)
  await see('an account', page.url())
  await picture(page, 'fund-account')

  await check('from a cell of the return to its postings', async () => {
    await page.goto(`${pool}/returns`)
    await page.locator('main a[href*="/returns/behind"]').filter({ hasText: 'Home care, Spent in the period' }).first().click()
    await page.waitForURL(/returns\/behind/)
    await page.locator('main a[href^="/fund/account/"]').first().click()
    await page.waitForURL(/\/fund\/account\//)
    await page.locator('main a[href^="/fund/transfer/"]').first().waitFor()
  })
  await page.goto(`${pool}/returns`)
  await page.locator('main a[href*="/returns/behind"]').first().click()
  await see('behind a cell', page.url())
  await picture(page, 'fund-returns-behind')
  await check('a return is frozen as sent, and again makes no new version', async () => {
    await page.goto(`${pool}/returns`)
    await page.getByRole('button', { name: 'Freeze as sent' }).click()
    await page.getByText('The return is frozen as sent').waitFor()
    await page.getByRole('button', { name: 'Freeze as sent' }).click()
    await page.getByText('No new version was made').waitFor()
    await page.getByRole('link', { name: 'Version 1' }).click()
    await page.waitForURL(/returns\/sent/)
  })
  await see('a return as sent', page.url())
  await check('a figure of a metric is kept with its source', async () => {
    await page.goto(`${pool}/effect`)
    await page.getByLabel('Figure', { exact: true }).fill('about one')
    await page.getByRole('button', { name: 'Keep the figure' }).click()
    await page.waitForSelector('.nhsuk-error-summary')
    await page.getByLabel('Figure', { exact: true }).fill('1.3')
    await page.getByLabel('Where it is from').fill('put right by the trust')
    await page.getByRole('button', { name: 'Keep the figure' }).click()
    await page.getByText('The figure is kept').waitFor()
  })
  await check('a figure is counted from the stays, beside the typed one, and leads to its return', async () => {
    await page.goto(`${pool}/effect`)
    await page.getByLabel('Metric to count').selectOption('average-discharge-delay')
    // A month of which the demonstration has a typed figure.
    await page.getByLabel('Month to count').selectOption({ index: 2 })
    await page.getByRole('button', { name: 'Count and keep it' }).click()
    await page.getByText('The figure is counted and kept').waitFor()
    await page.getByText('held against the plan').first().waitFor()
    await page.getByText('shown beside the counted one').first().waitFor()
    await page.getByRole('link', { name: /Counted from the stays/ }).first().click()
    await page.waitForURL(/\/flow\/returns\/drd/)
  })
  await check('figures of earlier months open by keyboard', async () => {
    await page.goto(`${pool}/effect`)
    const earlier = page.locator('summary').first()
    await earlier.focus()
    await page.keyboard.press('Enter')
    await page.locator('details[open] table').first().waitFor()
  })
  await see('the effect with a counted figure', `${pool}/effect`)
  await picture(page, 'fund-effect-counted')

  await faulty(page, complaints, see)

  await see('month end', '/fund/months')
  await picture(page, 'fund-months')
  await check('a month is closed and frozen', async () => {
    await page.goto('/fund/months')
    const rows = await page.locator('tbody tr').count()
    await page.getByRole('button', { name: 'Close and freeze the month' }).click()
    await page.waitForSelector('.nhsuk-error-summary')
    await page.getByLabel("Partners bear it by the agreement's rules").check()
    await page.getByRole('button', { name: 'Close and freeze the month' }).click()
    await page.getByText('The month is closed and frozen').waitFor()
    equal(await page.locator('tbody tr').count(), rows + 1, 'closed months')
    await page.getByRole('link', { name: /How it was shared/ }).first().click()
    await page.waitForURL(/\/shared\//)
  })
  await see('how a month was shared', page.url())
  await picture(page, 'fund-shared')

  await check('keyboard: from the fund to a worked share', async () => {
    await page.goto(pool)
    await tabTo(page, 'the steps of a share', (stop) => /worked out step by step/.test(stop.text))
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/share/)
    truly(/#steps-/.test(page.url()), 'the steps of one partner')
  })
  await context.close()
}
