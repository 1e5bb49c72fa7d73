import { startDemo, startChromium, openPage, demoAccounts, signIn } from './browser.mjs'
const demo = await startDemo(); const browser = await startChromium()
const { page } = await openPage(browser, demo.base)
const a = await demoAccounts(page); 
const shot = async (n, w, h=1300) => { await page.setViewportSize({width:w,height:h}); await page.screenshot({path:`/tmp/shots/${n}-${w}.png`}) }
await shot('sign-in', 1280, 900); await shot('sign-in', 375)
await signIn(page, a['Hub lead'])
for (const w of [1280, 375]) {
  await page.setViewportSize({width:w,height:1300})
  await page.goto('/flow/board'); await shot('board', w)
  await page.goto('/flow/board?ready=yes'); await page.locator('.almoner-name').first().evaluate(e => e.click()); await page.waitForURL(/stay/); await shot('stay', w, 1600)
  const stay = page.url(); await page.goto(stay+'/edit/next'); await shot('next', w, 1500)
  await page.goto(stay); await page.goto(await page.getByRole('link',{name:'See the whole record'}).getAttribute('href')); await shot('person', w, 1500)
  await page.goto('/inbox'); await shot('inbox', w)
  await page.goto('/place/statistics'); await shot('statistics', w, 1600)
}
await browser.close(); demo.stop(); process.exit(0)
