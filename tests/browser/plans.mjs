// The care and support plan, its easy version on one's own pages, and a team's meeting.
import { openPage, picture, signIn } from './browser.mjs'
import { whole } from './pages.mjs'

export async function plans({ base, browser, accounts }) {
  const staff = await openPage(browser, base)
  await signIn(staff.page, accounts['Hub lead'])
  const see = (name, address) => whole(staff.page, staff.complaints, name, () => staff.page.goto(address))
  await see('team meetings', '/meetings')
  await picture(staff.page, 'meetings')
  const plan = await staff.page.locator('main ol a[href$="/plan"]').first().getAttribute('href')
  await see('plan', plan)
  await picture(staff.page, 'plan')
  await see('plan, easy to read', `${plan}?easy=yes`)
  await see('plan to print', `${plan}/print`)
  await see('form of a plan', `${plan}/edit`)
  await picture(staff.page, 'plan-form')
  await whole(staff.page, staff.complaints, 'form of a plan with faults', async () => {
    await staff.page.goto(`${plan}/edit`)
    await staff.page.getByLabel('What happens if something fails?').fill('')
    await staff.page.getByRole('button', { name: 'Save the plan' }).click()
    await staff.page.waitForSelector('.nhsuk-error-summary')
  })
  await whole(staff.page, staff.complaints, 'a meeting, opened', async () => {
    await staff.page.goto('/meetings')
    await staff.page.getByRole('button', { name: 'Open the meeting with this agenda' }).click()
    await staff.page.getByText('spoken of.').waitFor()
  })
  const meeting = staff.page.url()
  await whole(staff.page, staff.complaints, 'a decision with faults', async () => {
    await staff.page.getByRole('button', { name: /^Write it down/ }).first().click()
    await staff.page.waitForSelector('.nhsuk-error-summary')
  })
  await whole(staff.page, staff.complaints, 'a decision', async () => {
    await staff.page.goto(meeting)
    await staff.page.getByLabel('What is decided?').first().fill('Visit at home this week')
    await staff.page.getByText('Who does what, and by when?').first().click()
    await staff.page.getByLabel('Action 1').first().fill('Ring the daughter')
    await staff.page.getByLabel('Who does it').first().fill('Priya Nair')
    await staff.page.getByLabel(/^By \(such as/).first().fill('6 8 2099')
    await staff.page.getByRole('button', { name: /^Write it down/ }).first().click()
    await staff.page.getByText('went back to the case').waitFor()
  })
  await picture(staff.page, 'meeting')
  await see('minutes to print', `${meeting}/print`)
  await staff.context.close()

  const own = await openPage(browser, base)
  await signIn(own.page, accounts.Person)
  await whole(own.page, own.complaints, 'one\'s own plan', () => own.page.goto('/me/plan'))
  await picture(own.page, 'own-plan')
  await whole(own.page, own.complaints, 'one\'s own plan in full', () => own.page.goto('/me/plan?full=yes'))
  await own.context.close()
}
