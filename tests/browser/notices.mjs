// Notices between hospital and council, in a place that goes on with them by agreement: written,
// looked at, sent, read in full; and answered by the council.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { check, demoAccounts, openPage, picture, root, signIn, startDemo, truly } from './browser.mjs'
import { whole } from './pages.mjs'
import { openWaitingStay } from './walk.mjs'

/** A policy folder in which hospitals and councils have agreed to go on with notices. */
function agreed() {
  const folder = mkdtempSync(path.join(tmpdir(), 'almoner-policy-'))
  const flow = readFileSync(path.join(root, 'policy/parameters/flow.csv'), 'utf8')
    .replace('notice.local_agreement,England,2010-08-01,,no', 'notice.local_agreement,England,2010-08-01,,yes')
  mkdirSync(path.join(folder, 'parameters'))
  writeFileSync(path.join(folder, 'parameters/flow.csv'), flow)
  return folder
}

export async function notices({ browser }) {
  const policy = agreed()
  const demo = await startDemo({ ALMONER_POLICY: policy, ALMONER_PEOPLE: '600' })
  try {
    const first = await openPage(browser, demo.base)
    const accounts = await demoAccounts(first.page)
    await first.context.close()
    await written(browser, demo.base, accounts['Hub lead'])
  } finally {
    demo.stop()
    rmSync(policy, { recursive: true })
  }
}

async function written(browser, base, lead) {
  const { context, page, complaints } = await openPage(browser, base)
  await signIn(page, lead)
  await openWaitingStay(page)
  const stay = page.url().replace(/[#?].*/, '')
  const all = `${stay}/notices`
  await whole(page, complaints, 'notices of a stay', () => page.goto(all))
  await check('the page says that these notices have no force in law', async () => {
    truly((await page.locator('main').innerText()).includes('They have no force in law'), 'in words')
  })
  await whole(page, complaints, 'form of a notice', () => page.goto(`${all}?write=assessment`))
  await picture(page, 'notice-form')
  await whole(page, complaints, 'form of a notice with faults', async () => {
    await page.goto(`${all}?write=assessment`)
    await page.getByRole('button', { name: 'See what would be sent' }).click()
    await page.waitForSelector('.nhsuk-error-summary')
  })
  await page.goto(`${all}?write=assessment`)
  await page.getByRole('group', { name: 'Was the person consulted' }).getByLabel('Yes').check()
  await page.getByLabel('No carer is known').check()
  await page.getByRole('group', { name: 'Does the person consent' }).getByLabel('Yes').check()
  await page.getByRole('group', { name: 'Was NHS continuing healthcare' }).getByLabel('Yes').check()
  await page.getByLabel('With what result?').fill('Not eligible')
  await page.getByLabel('Full name of whom the council can talk to').fill('Jane Grantly')
  await page.getByLabel('Telephone').fill('01632 960 001')
  await whole(page, complaints, 'a notice to look at', async () => {
    await page.getByRole('button', { name: 'See what would be sent' }).click()
    await page.getByText('Nothing is sent yet').waitFor()
  })
  await picture(page, 'notice')
  await check('a notice that was sent waits to be handed over', async () => {
    await page.getByRole('button', { name: 'Send it' }).click()
    await page.getByText('It is sent: it waits').waitFor()
    await page.locator('main a[href*="/notice/"]').first().click()
    await page.getByText('It waits to be handed over.').waitFor()
  })
  const one = page.url()
  await whole(page, complaints, 'a notice to print', () => page.goto(one))
  await context.close()
}
