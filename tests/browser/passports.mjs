// Passports: filled to the last character, printed on one sheet, checked by somebody else.
import { check, equal, openPage, picture, signIn, truly } from './browser.mjs'
import { whole } from './pages.mjs'

const PROSE = `She likes to be told what happens next, one thing at a time, and needs a minute to answer. Loud rooms
frighten her; the window seat and the radio help. Her daughter comes on most afternoons and knows what she means. Tea with
two sugars, never milk. She walks with a frame and has fallen twice since Easter, both times at night on the way to the
bathroom, so leave a light on. She taught at the school in Plumstead for thirty years and will talk about it with pleasure.
Do not leave medicines on the table: watch her take them. If she holds her side and goes quiet she is in pain. The red
folder in the hall holds the form and the letter. Call the night team before an ambulance unless she bleeds. `
  .replace(/\s+/g, ' ').repeat(4)

/** Fills every field of the form with as much as it takes. */
export async function fillUp(page) {
  let at = 0
  for (const field of await page.locator('main textarea, main input[type=text]:not(.nhsuk-date-input__input)').all()) {
    const hint = await page.locator(`#${await field.getAttribute('id')}-hint`).innerText()
    const most = Number(hint.match(/Up to (\d+) characters/)[1])
    const text = PROSE.slice(at, at + most).trim()
    await field.fill(text.padEnd(most, '.'))
    at += most
  }
  for (const group of await page.locator('.nhsuk-radios').all()) await group.locator('input').last().check()
  const day = new Date(Date.now() + 40 * 86_400_000)
  for (const group of await page.locator('.nhsuk-date-input').all()) {
    await group.getByLabel('Day').fill(String(day.getUTCDate()))
    await group.getByLabel('Month').fill(String(day.getUTCMonth() + 1))
    await group.getByLabel('Year').fill(String(day.getUTCFullYear()))
  }
}

export async function passports({ base, browser, accounts }) {
  const { context, page, complaints } = await openPage(browser, base)
  await signIn(page, accounts.Practitioner)
  await page.goto('/flow/board')
  await page.locator('#board-rows tbody tr').first().locator('a.almoner-name').click()
  await page.waitForURL(/\/flow\/stay\//)
  await page.getByRole('link', { name: 'See the whole record' }).click()
  await page.waitForURL(/\/person\//)
  await page.getByRole('link', { name: 'Passports', exact: true }).click()
  const list = page.url()
  await whole(page, complaints, 'passports of a person', () => page.goto(list))

  let code
  for (const title of ['Catheter passport', 'Communication and learning disability passport', 'Dementia passport', 'End of life passport']) {
    await page.goto(list)
    const form = await page.getByRole('link', { name: title }).last().getAttribute('href')
    await whole(page, complaints, `form of the ${title}`, () => page.goto(form))
    await whole(page, complaints, `form of the ${title} with faults`, async () => {
      await page.goto(form)
      await page.locator('main textarea').last().fill('')
      await page.getByRole('button', { name: /the passport$/ }).click()
      await page.waitForSelector('.nhsuk-error-summary')
    })
    await page.goto(form)
    await fillUp(page)
    await page.getByRole('button', { name: /the passport$/ }).click()
    await page.waitForURL(/\/passport\/[^/]+\?saved=1$/)
    const passport = page.url().replace('?saved=1', '')
    await whole(page, complaints, title, () => page.goto(passport))
    code = await page.locator('textarea[readonly]').inputValue()
    await whole(page, complaints, `${title} to print`, () => page.goto(`${passport}/print`))
    await check(`${title}, filled up, is one sheet of A4`, async () => {
      await page.goto(`${passport}/print`)
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
      equal((pdf.match(/\/Type\s*\/Page[^s]/g) ?? []).length, 1, 'sheets')
      const box = pdf.match(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/)
      truly(Math.abs(box[1] - 595) < 2 && Math.abs(box[2] - 842) < 2, `A4, not ${box[1]} by ${box[2]}`)
    })
    await whole(page, complaints, `ending the ${title}`, () => page.goto(`${passport}/end`))
  }
  await page.goto(list)
  await picture(page, 'passports')
  await context.close()

  const other = await openPage(browser, base)
  await signIn(other.page, accounts['Care provider'])
  await whole(other.page, other.complaints, 'check of a passport', () => other.page.goto('/passport/check'))
  const put = async (text, heading) => {
    await other.page.goto('/passport/check')
    await other.page.getByLabel('What the code says').fill(text)
    await other.page.getByRole('button', { name: 'Check', exact: true }).click()
    await other.page.getByRole('heading', { name: heading }).waitFor()
  }
  await whole(other.page, other.complaints, 'a genuine passport', () => put(code, 'This passport is genuine'))
  await picture(other.page, 'passport-genuine')
  await whole(other.page, other.complaints, 'a forged passport', () =>
    put(code.slice(0, -1) + (code.endsWith('0') ? '1' : '0'), 'This is not a genuine passport'))
  await picture(other.page, 'passport-forged')
  await other.context.close()
}
