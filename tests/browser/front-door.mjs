// The front door and assessments: each answer saved by itself, off the network and by two at
// once, a browser that dies, and a request for help from the form to the person's answer.
import { check, equal, openPage, picture, signIn, truly } from './browser.mjs'
import { allSaved as saved, openForms, whole } from './pages.mjs'


/** Waits until the answer of a question is said to be saved. */
const answerSaved = (page, link) => page.waitForFunction((id) => document.getElementById(id).textContent.startsWith('Saved at'), `q-${link}-saved`)

async function answered(page, name, answers) {
  await page.getByRole('link', { name, exact: true }).click()
  await page.waitForURL(/\/section\//)
  for (const [label, value] of answers) {
    if (value === true) await page.getByLabel(label).check()
    else await page.getByLabel(label).fill(value)
  }
  await page.getByLabel('Yes, it is complete').check()
  await page.getByRole('button', { name: 'Save and continue' }).last().click()
  await page.waitForLoadState()
}

/** Answers a yes or no question by its words. */
async function yesNo(page, question, answer) {
  await page.getByRole('group', { name: question }).getByLabel(answer, { exact: true }).check()
}

export async function frontDoor({ base, browser, accounts }) {
  const nobody = await openPage(browser, base)
  const { page, complaints } = nobody
  const visit = (name, address) => whole(page, complaints, name, () => page.goto(address))
  await visit('ask for help, nobody signed in', '/refer')
  await visit('reference number', '/refer/reference')

  await check('without an account: a request is filled in, answer by answer', async () => {
    await page.goto('/refer')
    await page.getByRole('button', { name: 'Begin' }).click()
    await page.waitForURL(/\/refer\/form$/)
  })
  await visit('sections of a request', '/refer/form')
  await visit('a section of a request', '/refer/form/section/who')

  await check('off the network: it says what is not saved, and sends it when the network is back', async () => {
    await page.goto('/refer/form/section/who')
    await page.getByLabel('I am a neighbour or a member of the public').check()
    await page.getByLabel('What is your name?').fill('Lily Dale')
    await saved(page)
    truly(!(await page.getByLabel('Where do you work, and as what?').isVisible()), 'only what is asked of a neighbour')
    await nobody.context.setOffline(true)
    await page.getByLabel('How can we reach you?').fill('01632 960 001')
    await page.waitForFunction(() => document.getElementById('save-status').innerText.startsWith('Not saved yet'))
    await nobody.context.setOffline(false)
    await saved(page)
    complaints.length = 0
    await page.reload()
    equal(await page.getByLabel('How can we reach you?').inputValue(), '01632 960 001', 'what was typed off the network')
  })

  let reference
  await check('without an account: the request is checked and sent, and has a number', async () => {
    await page.goto('/refer/form/section/who')
    await yesNo(page, 'Does the person know that you are asking?', 'Yes')
    await page.getByLabel('Yes, it is complete').check()
    await page.getByRole('button', { name: 'Save and continue' }).last().click()
    await page.waitForURL(/section\/person/)
    await page.getByLabel('First name').fill('Hetta')
    await page.getByLabel('Last name').fill('Carbury')
    await page.goto('/refer/form')
    await page.getByRole('link', { name: 'Is anybody in danger?' }).click()
    await page.waitForURL(/section\/safety/)
    await yesNo(page, 'Is somebody hurt, or in danger now?', 'No')
    await yesNo(page, 'Do you think that somebody is being hurt', 'No')
    await yesNo(page, 'Is the person alone without care', 'Yes')
    await saved(page)
    await page.goto('/refer/form/section/need')
    await page.getByLabel('What is happening?').fill('Nobody comes.\n\nShe cannot get up.')
    await answerSaved(page, 'what')
    await page.goto('/refer/form/check')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.waitForURL(/\/sent$/)
    reference = await page.locator('.almoner-reference').innerText()
    truly(/^[A-Z0-9]{4}(-[A-Z0-9]{4}){2}$/.test(reference), reference)
  })
  await visit('answers of a request that was sent', '/refer/form/check')
  await visit('a request was sent', '/refer/form/sent')
  await picture(page, 'request-sent')
  await nobody.context.close()

  const staff = await openPage(browser, base)
  await signIn(staff.page, accounts.Practitioner)
  const see = (name, address) => whole(staff.page, staff.complaints, name, () => staff.page.goto(address))
  await see('queue of requests', '/flow/triage')
  await see('queue, decided', '/flow/triage?show=closed')
  await picture(staff.page, 'triage')
  let found
  await check('the request is in the queue, the most urgent first, and is decided', async () => {
    await staff.page.goto('/flow/triage')
    found = await staff.page.getByRole('link', { name: 'CARBURY, Hetta' }).first().getAttribute('href')
    await staff.page.goto(found)
    truly(await staff.page.getByText(reference).isVisible(), 'the same number')
  })
  await see('a request to decide', found)
  await picture(staff.page, 'triage-case')
  await check('a decision needs its words, and is told', async () => {
    await staff.page.goto(found)
    await staff.page.getByLabel('No further action').check()
    await staff.page.getByRole('button', { name: 'Decide' }).click()
    await staff.page.waitForSelector('.nhsuk-error-summary')
    await staff.page.getByLabel('No further action').uncheck()
    await staff.page.getByLabel('Reablement').check()
    await staff.page.getByLabel('An assessment', { exact: true }).check()
    await staff.page.getByLabel('What is the person told?').fill('Somebody comes tomorrow morning.')
    await staff.page.getByRole('button', { name: 'Decide' }).click()
    await staff.page.waitForSelector('.nhsuk-error-summary')
  })
  await whole(staff.page, staff.complaints, 'a decision with faults', async () => {})
  await picture(staff.page, 'triage-begins')
  let began
  await check('a decision begins what it says, and leads there', async () => {
    await staff.page.getByLabel('Where do they live?').fill('ZZ1')
    await staff.page.getByLabel(/^Morning: Visits/).fill('1')
    await staff.page.getByLabel('What must a service know to decide?').fill('Gets back on her feet after a fall.')
    await staff.page.getByRole('button', { name: 'Decide' }).click()
    await staff.page.waitForURL(/done=decided/)
    equal(await staff.page.locator('#begun + ul li').count(), 3, 'a case, its form and a need')
    began = await staff.page.locator('#begun + ul a').first().getAttribute('href')
  })
  await picture(staff.page, 'triage-begun')
  await see('what a decision began', began)
  await see('a request that is decided', found)
  await see('trusted assessors', '/flow/agreements')
  const agreement = await staff.page.locator('main ul a').first().getAttribute('href')
  await see('an agreement', agreement)

  let list
  await check('an assessment is begun, and its sections are not yet started', async () => {
    await openForms(staff.page)
    await staff.page.getByRole('button', { name: /^Begin.* Initial screening/ }).click()
    await staff.page.waitForURL(/\/flow\/form\//)
    list = new URL(staff.page.url()).pathname
    equal(await staff.page.getByText('Not yet started').count(), 3, 'sections')
  })
  await see('sections of an assessment', list)
  await see('a section of an assessment', `${list}/section/now`)
  await see('answers of an assessment', `${list}/check`)

  await check('a browser that dies after Saved loses nothing', async () => {
    const first = await openPage(browser, base)
    await signIn(first.page, accounts.Practitioner)
    await first.page.goto(`${list}/section/first`)
    await first.page.getByLabel('What is happening?').fill('Fell twice.\n\nWill not go out.')
    await answerSaved(first.page, 'what')
    // No button, no farewell: the page is gone.
    await first.context.close()
    await staff.page.goto(`${list}/section/first`)
    equal(await staff.page.getByLabel('What is happening?').inputValue(), 'Fell twice.\n\nWill not go out.', 'new lines and all')
  })

  await check('two who type into one answer are told, and choose', async () => {
    const other = await openPage(browser, base)
    await signIn(other.page, accounts['Hub lead'])
    await other.page.goto(`${list}/section/first`)
    await staff.page.goto(`${list}/section/first`)
    await other.page.getByLabel('Since when? (optional)').fill('Sunday')
    await answerSaved(other.page, 'since')
    await staff.page.getByLabel('Since when? (optional)').fill('Monday')
    const told = staff.page.locator('#q-since-saved')
    await told.getByText('changed this answer').waitFor()
    truly((await told.innerText()).includes('Sunday'), 'theirs is shown')
    await staff.page.getByRole('button', { name: 'Save mine instead' }).click()
    await answerSaved(staff.page, 'since')
    await other.page.reload()
    equal(await other.page.getByLabel('Since when? (optional)').inputValue(), 'Monday', 'as was chosen')
    await other.context.close()
  })

  await check('signed out half way: back to the same answer, with what was typed', async () => {
    await staff.page.goto(`${list}/section/first`)
    await staff.context.clearCookies()
    await staff.page.getByLabel('What matters most to them? (optional)').fill('Her garden')
    await staff.page.getByRole('link', { name: 'Sign in again to come back to this answer' }).click()
    await staff.page.getByLabel('User name').fill(accounts.Practitioner.username)
    await staff.page.getByLabel('Password', { exact: true }).fill(accounts.Practitioner.password)
    await staff.page.getByRole('button', { name: 'Sign in' }).click()
    await staff.page.waitForURL(/section\/first#q-important$/)
    await answerSaved(staff.page, 'important')
    await staff.page.reload()
    equal(await staff.page.getByLabel('What matters most to them? (optional)').inputValue(), 'Her garden', 'typed while signed out')
  })

  await check('an assessment is signed and on the record', async () => {
    await staff.page.goto(list)
    await answered(staff.page, 'What is happening', [])
    await staff.page.waitForURL(/section\/now/)
    await yesNo(staff.page, 'Are they safe until somebody comes?', 'Yes')
    await yesNo(staff.page, 'Is there a concern that they are at risk', 'No')
    await yesNo(staff.page, 'Do they eat and drink?', 'Yes')
    await yesNo(staff.page, 'Can they get about at home?', 'Yes')
    await staff.page.getByLabel('Yes, it is complete').check()
    await staff.page.getByRole('button', { name: 'Save and continue' }).last().click()
    await staff.page.waitForURL(/section\/afterwards/)
    await staff.page.getByLabel('Equipment').check()
    await staff.page.getByLabel('Yes, it is complete').check()
    await staff.page.getByRole('button', { name: 'Save and continue' }).last().click()
    await staff.page.waitForURL(/\/check$/)
    await staff.page.getByRole('button', { name: 'Sign', exact: true }).click()
    await staff.page.waitForURL(/done=signed/)
  })
  await see('a signed assessment', `${list}/check`)
  await see('an assessment to print', `${list}/print`)
  await picture(staff.page, 'assessment-print')
  await staff.context.close()
}
