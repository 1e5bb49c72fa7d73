// A need finds a service: the hub asks, a provider tells what is free and answers on a telephone, another by a link.
import { axe, check, fits, openPage, picture, quiet, signIn, truly } from './browser.mjs'
import { whole } from './pages.mjs'

export async function offers({ base, browser, accounts }) {
  const hub = await openPage(browser, base)
  await signIn(hub.page, accounts['Hub lead'])
  const see = (name, address) => whole(hub.page, hub.complaints, name, () => hub.page.goto(address))
  await see('what services have free', '/capacity')
  await picture(hub.page, 'capacity')
  await see('needs that look for a service', '/flow/needs')
  const needs = await hub.page.locator('main li a.almoner-name').evaluateAll((links) => links.map((link) => link.getAttribute('href')))
  truly(needs.length > 0, 'the demonstration has needs')
  for (const [at, need] of needs.entries()) await see(`need ${at + 1}`, need)
  await picture(hub.page, 'need')
  await whole(hub.page, hub.complaints, 'a need with faults', async () => {
    await hub.page.goto('/flow/board?pathway=2')
    await hub.page.locator('.almoner-board a.almoner-name').first().click()
    await hub.page.getByRole('link', { name: 'Look for a service' }).click()
    await hub.page.getByRole('button', { name: 'Save and see who can meet it' }).click()
    await hub.page.waitForSelector('.nhsuk-error-summary')
  })
  await picture(hub.page, 'need-faults')
  await whole(hub.page, hub.complaints, 'a new need, written', async () => {
    await hub.page.getByLabel('What kind of care?').selectOption({ label: 'Home care (pathway 1)' })
    await hub.page.getByLabel('Where?').fill('ZZ1')
    await hub.page.getByLabel('Morning: Visits').fill('1')
    await hub.page.getByLabel('Who pays?').selectOption({ label: 'Not decided yet' })
    await hub.page.getByLabel('What must a service know to decide?').fill('Needs help to wash. Walks with a frame.')
    await hub.page.getByRole('button', { name: 'Save and see who can meet it' }).click()
    await hub.page.getByText('Nobody has been asked yet.').waitFor()
  })
  await hub.page.getByRole('button', { name: 'Ask all at once' }).click()
  await hub.page.getByText('The services were asked').waitFor()
  const need = hub.page.url().split('?')[0]
  await whole(hub.page, hub.complaints, 'a link to send', async () => {
    await hub.page.goto(need)
    await hub.page.getByRole('button', { name: /^Make a link to send/ }).last().click()
    await hub.page.getByText('The link, shown once').waitFor()
  })
  const link = await hub.page.locator('a[href^="/offer/"]').getAttribute('href')

  const phone = await openPage(browser, base)
  await phone.page.setViewportSize({ width: 375, height: 800 })
  await signIn(phone.page, accounts['Care provider'])
  const small = async (name, act) => check(name, async () => {
    phone.complaints.length = 0
    await act()
    await fits(phone.page, 375)
    await axe(phone.page)
    quiet(phone.complaints)
  })
  await small('a provider tells what is free', async () => {
    await phone.page.goto('/capacity/own')
    await phone.page.getByLabel(/^Home care, morning/).fill('4')
    await phone.page.getByRole('button', { name: 'This is right now' }).click()
    await phone.page.getByText('The figures are up to date').waitFor()
  })
  await picture(phone.page, 'capacity-own')
  await whole(phone.page, phone.complaints, 'a figure with faults', async () => {
    await phone.page.goto(phone.page.url().split('?')[0] + '/add')
    await phone.page.getByRole('button', { name: 'Add it' }).click()
    await phone.page.waitForSelector('.nhsuk-error-summary')
  })
  await whole(phone.page, phone.complaints, 'what a provider is asked', () => phone.page.goto('/offers'))
  await picture(phone.page, 'offers')
  await phone.page.setViewportSize({ width: 375, height: 800 })
  await small('a provider accepts on a telephone and is told who it is', async () => {
    await phone.page.goto('/offers')
    await phone.page.locator('main ul').first().getByRole('link', { name: 'Home care, ZZ1', exact: true }).last().click()
    await phone.page.getByText('You are not told who it is before you have accepted.').waitFor()
    await phone.page.getByRole('button', { name: 'Yes, we take it' }).click()
    await phone.page.getByRole('heading', { name: 'Who it is' }).waitFor()
  })
  await picture(phone.page, 'offer-accepted')
  await phone.context.close()

  const nobody = await openPage(browser, base)
  await whole(nobody.page, nobody.complaints, 'an offer by its link, settled', () => nobody.page.goto(link))
  await nobody.context.close()
  await hub.context.close()
}
