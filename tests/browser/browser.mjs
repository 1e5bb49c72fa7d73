// What every part of the browser suite needs: the program under test, a real
// Chromium, checks that print one line each, axe, and a keyboard that tabs.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const require = createRequire(import.meta.url)
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const screenshots = path.join(root, 'target/screenshots')
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

let failed = 0
let passed = 0

/** Runs one check and prints one line. A failing check never stops the others. */
export async function check(name, run, seconds = 60) {
  let timer
  try {
    const patience = new Promise((_, reject) => {
      if (seconds < Infinity) timer = setTimeout(() => reject(new Error(`took longer than ${seconds} s`)), seconds * 1_000)
    })
    await Promise.race([run(), patience])
    passed += 1
    console.log(`ok    ${name}`)
  } catch (error) {
    failed += 1
    console.log(`FAIL  ${name}: ${String(error.message ?? error).split('\n').slice(0, 12).join(' | ')}`)
  } finally {
    clearTimeout(timer)
  }
}

export function equal(actual, expected, what) {
  if (actual !== expected) throw new Error(`${what}: ${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`)
}

export function truly(value, what) {
  if (!value) throw new Error(what)
}

export function summary() {
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0
}

/** Starts the demonstration on a free port, with settings of its own, and waits for its address. */
export function startDemo(settings = {}) {
  const binary = process.env.ALMONER_BIN ?? path.join(root, 'target/debug/almoner')
  if (!existsSync(binary)) throw new Error(`${binary} is not there: build it first, or set ALMONER_BIN`)
  const people = settings.ALMONER_PEOPLE ?? process.env.ALMONER_PEOPLE ?? '1000'
  const child = spawn(binary, ['demo', '--people', people, '--listen', '127.0.0.1:0'], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let said = ''
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no address after 120 s: ${said}`)), 120_000)
    const listen = (chunk) => {
      said += chunk
      const address = said.match(/http:\/\/127\.0\.0\.1:\d+/)
      if (address) {
        clearTimeout(timer)
        resolve({ base: address[0], stop: () => child.kill('SIGTERM'), log: () => said })
      }
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', (chunk) => { said += chunk })
    child.on('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`the program ended with ${code}: ${said}`))
    })
  })
}

/** How the browser is started. */
function headless() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
  if (!existsSync(executablePath)) throw new Error(`${executablePath} is not there: apt-get install chromium`)
  return {
    executablePath,
    headless: true,
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'
    ]
  }
}

export const startChromium = () => chromium.launch(headless())

/** A browser of its own that can be killed: `server.kill()`, and the browser that it serves. */
export async function startKillable() {
  const server = await chromium.launchServer(headless())
  return { server, browser: await chromium.connect(server.wsEndpoint()) }
}

/** A page that remembers everything the browser complains of. */
export async function openPage(browser, base, options = {}) {
  const context = await browser.newContext({ baseURL: base, locale: 'en-GB', ...options })
  const page = await context.newPage()
  const complaints = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith('data:')) {
      complaints.push(`asked for ${request.url()}`)
    }
  })
  page.setDefaultTimeout(8_000)
  return { context, page, complaints }
}

/** Fails if the browser complained of anything but an expected status of a page. */
export function quiet(complaints) {
  const expected = /the server responded with a status of (403|404|409|429)/
  const real = complaints.filter((text) => !expected.test(text))
  truly(real.length === 0, `the browser complained: ${real.slice(0, 5).join(' | ')}`)
}

export async function signIn(page, account, next = '/sign-in') {
  await page.goto(next)
  await page.getByLabel('User name').fill(account.username)
  await page.getByLabel('Password', { exact: true }).fill(account.password)
  await Promise.all([page.waitForURL((url) => !url.pathname.startsWith('/sign-in')), page.getByRole('button', { name: 'Sign in' }).click()])
}

/** User name and password of a role, as the sign-in page of the demonstration shows them. */
export async function demoAccounts(page) {
  await page.goto('/sign-in')
  const rows = await page.locator('tbody tr').all()
  const accounts = {}
  for (const row of rows) {
    const codes = await row.locator('code').allTextContents()
    const role = (await row.locator('td').first().textContent()).replace(/^Role\s+/, '').replace(/ \(.*/, '').trim()
    accounts[role] ??= { username: codes[0], password: codes[1] }
  }
  return accounts
}

export async function axe(page) {
  await page.evaluate(axeSource)
  const found = await page.evaluate(async () => {
    const result = await window.axe.run(document, { resultTypes: ['violations'] })
    return result.violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary ?? ''}`)
  })
  truly(found.length === 0, `axe: ${found.join(' || ')}`)
}

/** Scripts that fit the page to a new width run with the next frame. */
function frames(page) {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
}

export async function fits(page, width, scripts = true) {
  await page.setViewportSize({ width, height: 900 })
  if (scripts) await frames(page)
  const wide = await page.evaluate(() => {
    const page = document.documentElement
    if (page.scrollWidth <= page.clientWidth) return ''
    const outside = [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > page.clientWidth + 1)
    return `${page.scrollWidth} wide on ${page.clientWidth}: ${outside.slice(0, 3).map((e) => e.outerHTML.slice(0, 100)).join(' ; ')}`
  })
  truly(wide === '', `scrolls sideways: ${wide}`)
}

/** Targets are at least 24 by 24 pixels, or stand in a line of text. */
export async function bigEnough(page) {
  const small = await page.evaluate(() => [...document.querySelectorAll('a, button, select, input:not([type=hidden]):not([type=radio]), summary')]
    .filter((e) => e.checkVisibility() && !e.closest('p, li, dd, td, span, .nhsuk-footer') && !e.classList.contains('nhsuk-skip-link'))
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([, r]) => r.width > 1 && (r.height < 24 || r.width < 24))
    .map(([e]) => e.outerHTML.slice(0, 100)))
  truly(small.length === 0, `too small to hit: ${small.slice(0, 3).join(' ; ')}`)
}

export async function picture(page, name) {
  mkdirSync(screenshots, { recursive: true })
  for (const width of [1280, 375]) {
    await page.setViewportSize({ width, height: 900 })
    await frames(page)
    await page.screenshot({ path: path.join(screenshots, `${name}-${width}.png`), fullPage: true })
  }
  await page.setViewportSize({ width: 1280, height: 900 })
}

/** Presses Tab until the focus is on what is meant; every stop must show where the focus is. */
export async function tabTo(page, what, fitsElement, most = 300) {
  for (let press = 0; press < most; press += 1) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate((text) => {
      const e = document.activeElement
      if (!e || e === document.body) return { there: false, shown: true, html: 'body' }
      const style = (of, part) => getComputedStyle(of, part)
      const seen = (colour) => !/, 0\)$/.test(colour) && colour !== 'transparent'
      const marked = (s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 && seen(s.outlineColor)) || s.boxShadow !== 'none'
      const label = e.labels?.[0]
      const shown = marked(style(e)) || (label && (marked(style(label)) || marked(style(label, '::before')))) ||
        [...e.children].some((c) => marked(style(c)))
      const box = e.getBoundingClientRect()
      const inSight = box.bottom > 0 && box.top < innerHeight
      // eslint-disable-next-line no-new-func
      return { shown: Boolean(shown) && inSight, html: e.outerHTML.slice(0, 120), text: (e.innerText || '').trim(), id: e.id, tag: e.tagName, name: e.name ?? '', value: e.value ?? '', href: e.getAttribute('href') ?? '', wanted: text }
    }, '')
    truly(stop.shown, `the focus is not to be seen on ${stop.html}`)
    if (stop.tag && fitsElement(stop)) return
  }
  throw new Error(`Tab did not come to ${what}`)
}
