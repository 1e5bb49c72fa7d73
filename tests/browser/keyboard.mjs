// The whole way by keyboard alone: Tab, Enter, arrows and typing. At every stop
// the focus must be visible and in sight.
import { check, equal, openPage, quiet, tabTo, truly } from './browser.mjs'

export async function keyboard({ base, browser, accounts }) {
  const { context, page, complaints } = await openPage(browser, base, { viewport: { width: 1280, height: 900 } })
  const lead = accounts['Hub lead']
  const enter = async (pattern) => {
    await Promise.all([page.waitForURL(pattern), page.keyboard.press('Enter')])
    await page.waitForLoadState()
  }

  await check('keyboard: sign in', async () => {
    await page.goto('/sign-in')
    await tabTo(page, 'user name', (stop) => stop.name === 'username')
    await page.keyboard.type(lead.username)
    await tabTo(page, 'password', (stop) => stop.name === 'password')
    await page.keyboard.type(lead.password)
    await enter(/flow\/board/)
  })

  await check('keyboard: skip to the main content', async () => {
    await page.keyboard.press('Tab')
    equal(await page.evaluate(() => document.activeElement.className.includes('nhsuk-skip-link')), true, 'first stop')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    equal(await page.evaluate(() => Boolean(document.activeElement.closest('main'))), true, 'the next stop is in the content')
  })

  await check('keyboard: filter the board', async () => {
    await page.goto('/flow/board')
    await tabTo(page, 'ready filter', (stop) => stop.name === 'ready')
    await page.keyboard.type('Ready')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    await page.evaluate(() => 0)
    await tabTo(page, 'filter button', (stop) => stop.tag === 'BUTTON' && stop.text === 'Filter')
    await enter(/ready=/)
  })

  await check('keyboard: every stop of the board shows the focus', async () => {
    await page.goto('/flow/board?ready=yes')
    await tabTo(page, 'the footer', (stop) => stop.href === '/accessibility', 400)
  })

  await check('keyboard: open a stay and correct a reason', async () => {
    await page.goto('/flow/board?ready=yes')
    let names = 0
    await tabTo(page, 'second person', (stop) => stop.href.startsWith('/flow/stay/') && (names += 1) === 2)
    await enter(/flow\/stay\//)
    await tabTo(page, 'correct', (stop) => stop.text.startsWith('Correct'))
    await enter(/\/delay\//)
    await tabTo(page, 'reason', (stop) => stop.name === 'reason')
    await page.keyboard.press('ArrowDown')
    await tabTo(page, 'why', (stop) => stop.id === 'why')
    await page.keyboard.type('By keyboard')
    await tabTo(page, 'save', (stop) => stop.text === 'Save the correction')
    await enter(/saved=yes/)
    truly(await page.locator('#delays ~ table').first().getByText('By keyboard').first().isVisible(), 'corrected')
  })

  await check('keyboard: set the next action', async () => {
    await tabTo(page, 'change next action', (stop) => stop.href.endsWith('/edit/next'))
    await enter(/\/edit\/next/)
    await tabTo(page, 'what', (stop) => stop.id === 'next_action')
    await page.keyboard.press('Control+A')
    await page.keyboard.type('Book the transport')
    await tabTo(page, 'by when', (stop) => stop.name === 'due')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    await tabTo(page, 'save', (stop) => stop.text === 'Save')
    // The answer may have the form's own address, so the address cannot be waited for.
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
    truly(/saved=yes|edit\/next/.test(page.url()), page.url())
  })

  await check('keyboard: the person and the timeline filter', async () => {
    await page.goto('/flow/board?ready=yes')
    await tabTo(page, 'a person', (stop) => stop.href.startsWith('/flow/stay/'))
    await enter(/flow\/stay\//)
    await tabTo(page, 'the record', (stop) => stop.text === 'See the whole record')
    await enter(/\/person\//)
    await tabTo(page, 'the timeline', (stop) => stop.text === 'Timeline')
    await enter(/timeline/)
    await tabTo(page, 'kind', (stop) => stop.name === 'kind')
    await page.keyboard.press('ArrowDown')
    await tabTo(page, 'filter', (stop) => stop.text === 'Filter')
    await enter(/kind=[^&]/)
  })

  await check('keyboard: find a person', async () => {
    await tabTo(page, 'find a person', (stop) => stop.href === '/person/find')
    await enter(/person\/find/)
    await tabTo(page, 'the box', (stop) => stop.name === 'search')
    await page.keyboard.type('sm')
    await Promise.all([page.waitForSelector('#results'), page.keyboard.press('Enter')])
  })

  await check('keyboard: statistics and inbox', async () => {
    await tabTo(page, 'statistics', (stop) => stop.href === '/place/statistics')
    await enter(/place\/statistics/)
    await tabTo(page, 'the footer of the statistics', (stop) => stop.href === '/accessibility', 400)
    await page.goto('/place/statistics')
    await tabTo(page, 'inbox', (stop) => stop.href === '/inbox')
    await enter(/inbox/)
    await tabTo(page, 'state', (stop) => stop.name === 'state')
  })

  await check('keyboard: sign out', async () => {
    await page.goto('/inbox')
    await tabTo(page, 'sign out', (stop) => stop.text === 'Sign out')
    await enter(/sign-in/)
  })
  await check('keyboard: no complaint of the browser', () => quiet(complaints))
  await context.close()
}
