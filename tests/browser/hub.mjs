// The hub's steps: the list of work, an offer and its answer, the list for leaving, the review of
// the need for a bed, a huddle with its minutes, what waiting costs, the sets of steps.
import { check, equal, openPage, picture, signIn, truly } from './browser.mjs'
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

  await see('board, who is back', '/flow/board?back=yes')
  await picture(page, 'board-back')
  await see('notices under the law of today', `${stay}/notices`)
  await check('the page of notices says which law applies', async () => {
    truly((await page.locator('main').innerText()).includes('The law has no such notices today'), 'the law in words')
  })
  await choiceLetter(page, complaints, stay)

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

/** A choice letter, filled to its limits: written, looked at, printed on one sheet, given. */
async function choiceLetter(page, complaints, stay) {
  const letters = `${stay}/choice-letter`
  await whole(page, complaints, 'choice letters', () => page.goto(letters))
  await whole(page, complaints, 'form of a choice letter', () => page.goto(`${letters}?letter=first`))
  await picture(page, 'letter-form')
  await whole(page, complaints, 'form of a choice letter with faults', async () => {
    await page.goto(`${letters}?letter=first`)
    await page.getByLabel('Whom can they talk to?').fill('')
    await page.getByRole('button', { name: 'See the letter' }).click()
    await page.waitForSelector('.nhsuk-error-summary')
  })
  const lines = Array.from({ length: 4 }, (_, at) => `Service ${at + 1}, ${'a home with care by day and night '.repeat(3)}`.slice(0, 80).trim()).join('\n')
  await page.goto(`${letters}?letter=first`)
  await page.getByLabel('Somebody else who acts for them', { exact: true }).check()
  await page.getByLabel('Name of somebody else who acts for them').fill('Mary Bold')
  await page.getByLabel('Places and services that can help now').fill(lines)
  await page.getByLabel('Places and services that said no').fill(lines)
  await page.getByLabel('Telephone of whom they can talk to').fill('01632 960 001')
  await whole(page, complaints, 'a choice letter to look at', async () => {
    await page.getByRole('button', { name: 'See the letter' }).click()
    await page.getByText('It is not given yet').waitFor()
  })
  await picture(page, 'letter')
  await check('a choice letter, filled up, is one sheet of A4', async () => {
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    equal((pdf.match(/\/Type\s*\/Page[^s]/g) ?? []).length, 1, 'sheets')
  })
  await check('a letter that was given is on the stay and ticks the list', async () => {
    await page.getByRole('button', { name: 'It was given' }).click()
    await page.getByText('It is recorded that the letter was given').waitFor()
    await page.goto(stay)
    truly((await page.locator('#letters ~ ul').first().innerText()).includes('to Mary Bold, who acts for them'), 'on the stay')
    truly(/Choice letter given\s+Done/.test(await page.locator('main').innerText()), 'ticked')
  })
  await whole(page, complaints, 'a choice letter that was given', () => page.goto(`${letters}/1`))
}
