// The hub's steps: the list of work, an offer and its answer, the list for leaving, the review of
// the need for a bed, a huddle with its minutes, what waiting costs, the sets of steps.
import { check, openPage, picture, signIn, truly } from './browser.mjs'
import { whole } from './pages.mjs'
import { openWaitingStay } from './walk.mjs'

export async function hub({ base, browser, accounts }) {
  const { context, page, complaints } = await openPage(browser, base)
  await signIn(page, accounts['Hub lead'])
  const see = (name, address) => whole(page, complaints, name, () => page.goto(address))
  await see('waiting for you', '/flow/waiting')
  await picture(page, 'waiting')
  for (const which of ['mine', 'offered', 'late', 'all']) await see(`steps, ${which}`, `/flow/work?which=${which}`)
  await picture(page, 'work')
  await see('cost of waiting', '/flow/cost')
  await picture(page, 'cost')
  await see('sets of steps', '/flow/steps')
  await whole(page, complaints, 'sets of steps with faults', async () => {
    await page.goto('/flow/steps')
    await page.getByRole('button', { name: 'Switch the steps' }).click()
    await page.waitForSelector('.nhsuk-error-summary')
  })
  await openWaitingStay(page)
  const stay = page.url().replace(/[#?].*/, '')
  await see('list for leaving', `${stay}/leaving`)
  await see('review of the need for a bed', `${stay}/reside`)
  await whole(page, complaints, 'review with faults', async () => {
    await page.goto(`${stay}/reside`)
    await page.getByLabel('Yes', { exact: true }).check()
    await page.getByRole('button', { name: 'Save the review' }).click()
    await page.waitForSelector('.nhsuk-error-summary')
  })
  await see('review of a long stay', `${stay}/long-stay`)

  await whole(page, complaints, 'a step', async () => {
    await page.goto(stay)
    await page.getByRole('link', { name: 'Work on it' }).first().click()
    await page.getByRole('heading', { name: 'Who does it' }).waitFor()
  })
  await picture(page, 'step')
  await whole(page, complaints, 'a step with faults', async () => {
    await page.getByRole('button', { name: 'End the step' }).click()
    await page.waitForSelector('.nhsuk-error-summary')
  })
  await check('a step is offered to another and stays until they accept', async () => {
    await page.goto(stay)
    const work = page.getByRole('link', { name: 'Work on it' })
    const count = await work.count()
    for (let at = 0; at < count; at++) {
      await page.goto(stay)
      await work.nth(at).click()
      await page.getByRole('heading', { level: 1 }).waitFor()
      if (await page.getByLabel('Organisation', { exact: true }).count()) break
    }
    const options = page.getByLabel('Organisation', { exact: true })
    await options.selectOption({ index: 1 })
    await page.getByRole('button', { name: 'Offer it' }).click()
    await page.getByRole('heading', { name: 'Where things stand' }).or(page.locator('.nhsuk-error-summary')).waitFor()
    const refused = page.locator('.nhsuk-error-summary')
    truly(await refused.count() === 0, (await refused.allInnerTexts()).join())
    truly((await page.locator('#steps + table').innerText()).includes('until they accept'), 'the offer is shown')
  })
  await whole(page, complaints, 'the answer to an offer', async () => {
    await page.getByRole('link', { name: 'Answer the offer' }).first().click()
    await page.getByRole('heading', { name: 'Your answer' }).waitFor()
  })
  await whole(page, complaints, 'an answer with faults', async () => {
    await page.getByRole('button', { name: 'Send the answer' }).click()
    await page.waitForSelector('.nhsuk-error-summary')
  })

  await see('huddles', '/flow/huddle')
  await whole(page, complaints, 'a huddle, a case', async () => {
    await page.goto('/flow/huddle')
    await page.getByRole('button', { name: 'Begin the huddle' }).click()
    await page.getByText('Case 1 of').waitFor()
  })
  await picture(page, 'huddle')
  const huddle = page.url()
  await whole(page, complaints, 'a huddle, with faults', async () => {
    await page.getByRole('button', { name: 'Save, next case' }).click()
    await page.waitForSelector('.nhsuk-error-summary')
  })
  await check('what a huddle agrees is the next action and in the minutes', async () => {
    await page.goto(huddle)
    await page.getByLabel('What is agreed?').fill('Ask for the bed rail today')
    await page.getByLabel('At what time?').fill('3pm')
    await page.getByRole('button', { name: 'Save, next case' }).click()
    await page.getByText('Case 2 of').waitFor()
    await page.getByRole('button', { name: 'Leave for another time' }).click()
    await page.goto(`${huddle}/minutes`)
    const text = await page.locator('main').innerText()
    truly(text.includes('Agreed: Ask for the bed rail today'), 'agreed')
    truly(text.includes('Left for another time'), 'left')
  })
  await see('minutes', `${huddle}/minutes`)
  await see('end of a huddle', `${huddle}/end`)
  await context.close()
}
