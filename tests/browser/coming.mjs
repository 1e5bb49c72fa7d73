// What is coming to a provider of care: the first page of a care provider and of a community trust's
// nurse, with axe, at 320 pixels, and by keyboard alone.
import { axe, bigEnough, check, equal, fits, openPage, picture, quiet, signIn, tabTo, truly } from './browser.mjs'
import { whole } from './pages.mjs'

const PARTS = ['Should have begun', 'Coming to you', 'Waiting for your answer', 'Waiting for you', 'What you have free']

export async function coming({ base, browser, accounts }) {
  const password = accounts['Hub lead'].password
  for (const [username, parts, board] of [
    ['provider', PARTS.filter((part) => part !== 'Waiting for you'), false],
    ['community.nurse', PARTS, true]
  ]) {
    const { context, page, complaints } = await openPage(browser, base)
    await signIn(page, { username, password })
    await check(`${username} starts with what is coming`, async () => {
      await page.goto('/')
      equal(new URL(page.url()).pathname, '/coming', 'first page')
      equal((await page.locator('main h2[id]').allInnerTexts()).join(), parts.join(), 'parts')
      equal(await page.getByRole('link', { name: 'Hub board' }).count() > 0, board, 'the board in the header')
    })
    await whole(page, complaints, `what is coming, ${username}`, () => page.goto('/coming'))
    await picture(page, `coming-${username}`)
    await check(`${username}: by keyboard to what waits for an answer`, async () => {
      await page.goto('/coming')
      await tabTo(page, 'Waiting for your answer', (stop) => stop.href === '#asked')
      await page.keyboard.press('Enter')
      equal(new URL(page.url()).hash, '#asked', 'where the link leads')
    })
    await check(`${username}: at 320 pixels`, async () => {
      complaints.length = 0
      await page.setViewportSize({ width: 320, height: 800 })
      await page.goto('/coming')
      await fits(page, 320)
      await bigEnough(page)
      await axe(page)
      quiet(complaints)
    })
    await context.close()
  }
  await check('the community nurse sees who is coming and what is asked, the offer without a name', async () => {
    const { context, page } = await openPage(browser, base)
    await signIn(page, { username: 'community.nurse', password })
    await page.goto('/coming')
    const text = await page.locator('main').innerText()
    // How many wait depends on the journeys before.
    truly(/(\d+|no) offers? waits? for an answer/i.test(text), text.slice(0, 600))
    truly(/told .* ago by/i.test(text), 'how old the figures are')
    await context.close()
  })
}
