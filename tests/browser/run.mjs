// The browser suite: the real program, a real Chromium, the whole way a hub
// lead goes in the morning. Prints one line a check; exits 1 if any fails.
//
//   ALMONER_BIN=target/release/almoner node tests/browser/run.mjs
import { check, demoAccounts, openPage, startChromium, startDemo, summary } from './browser.mjs'
import { walk } from './walk.mjs'
import { keyboard } from './keyboard.mjs'
import { withoutScripts } from './scripts-off.mjs'
import { everyPage } from './pages.mjs'
import { passports } from './passports.mjs'
import { own } from './own.mjs'
import { offers } from './offers.mjs'
import { clocksAndReturns } from './clocks.mjs'
import { plans } from './plans.mjs'
import { hub } from './hub.mjs'
import { notices } from './notices.mjs'
import { views } from './views.mjs'
import { coming } from './coming.mjs'
import { frontDoor } from './front-door.mjs'
import { fund } from './fund.mjs'

let demo
let browser
try {
  demo = await startDemo()
  browser = await startChromium()
  const first = await openPage(browser, demo.base)
  const accounts = await demoAccounts(first.page)
  await first.context.close()
  const suite = { base: demo.base, browser, accounts }
  await walk(suite)
  await everyPage(suite)
  await passports(suite)
  await own(suite)
  await offers(suite)
  await clocksAndReturns(suite)
  await plans(suite)
  await hub(suite)
  await notices(suite)
  await views(suite)
  await coming(suite)
  await frontDoor(suite)
  await fund(suite)
  await keyboard(suite)
  await withoutScripts(suite)
} catch (error) {
  await check('the suite runs to its end', () => { throw error })
} finally {
  await browser?.close()
  demo?.stop()
}
process.exit(summary() ? 0 : 1)
