// No answer that is older than two seconds is lost when the browser or the server is killed while
// somebody types. Each round kills one of them (SIGKILL, no farewell) at a moment by chance; then
// the server is asked what it has.
//
//   node tests/browser/autosave.mjs --browsers 800 --servers 200 --seed 1
//
// Prints one line of figures; exits 1 and says what was lost if anything was.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { allSaved, openForms } from './pages.mjs'
import { check, demoAccounts, openPage, root, signIn, startChromium, startKillable, summary, truly } from './browser.mjs'

/** Milliseconds within which what is typed is on the server's disk. */
const BOUND = 2_000
/** Browsers at the same time, each with a form of its own. */
const LANES = 2

const { values } = parseArgs({
  options: {
    browsers: { type: 'string', default: '6' },
    servers: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' }
  }
})
const binary = process.env.ALMONER_BIN ?? path.join(root, 'target/debug/almoner')
const folder = mkdtempSync(path.join(tmpdir(), 'almoner-autosave-'))

/** Numbers below one, the same for the same seed (a multiplicative generator, Lehmer 1951). */
function chance(seed) {
  let state = (Number(seed) % 2_147_483_646) + 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** Starts the program and waits until it says where it is. */
function start(command) {
  const child = spawn(binary, [...command, '--data', folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  let said = ''
  return new Promise((resolve, reject) => {
    const hear = (chunk) => {
      said += chunk
      const found = said.match(/http:\/\/127\.0\.0\.1:(\d+)/)
      if (found) {
        const kill = async () => { child.kill('SIGKILL'); await ended }
        resolve({ base: found[0], port: found[1], kill })
      }
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    ended.then((code) => reject(new Error(`the program ended with ${code}: ${said}`)))
  })
}

const words = { amp: '&', lt: '<', gt: '>', quot: '"' }
const plain = (text) => text
  .replace(/&(amp|lt|gt|quot);/g, (_, name) => words[name])
  .replace(/&#(x?)([0-9a-f]+);/gi, (_, x, digits) => String.fromCodePoint(parseInt(digits, x ? 16 : 10)))

/** What the server has for the answer, asked without a browser. */
async function kept(base, lane) {
  const answer = await fetch(base + lane.section, { headers: { cookie: lane.cookie } })
  truly(answer.status === 200, `the form answered ${answer.status}`)
  const area = (await answer.text()).match(/<textarea[^>]*name="q-what"[^>]*>\n?([^]*?)<\/textarea>/)
  truly(area, 'the form has its question')
  return plain(area[1])
}

/** One more answer of a form each, begun by a person who is signed in. */
async function lanes(base) {
  const browser = await startChromium()
  const first = await openPage(browser, base)
  const accounts = await demoAccounts(first.page)
  await signIn(first.page, accounts.Practitioner)
  const made = []
  for (let at = 0; at < LANES; at += 1) {
    await openForms(first.page, at)
    await first.page.getByRole('button', { name: /^Begin.* Initial screening/ }).click()
    await first.page.waitForURL(/\/flow\/form\//)
    const state = await first.context.storageState()
    made.push({
      section: `${new URL(first.page.url()).pathname}/section/first`,
      state,
      cookie: state.cookies.map((one) => `${one.name}=${one.value}`).join('; ')
    })
  }
  await browser.close()
  return made
}

/**
 * Types word after word until told to stop. `typed` has each text that stood in the field, and
 * the moment from which it did.
 */
async function type(page, name, random, typed, stop) {
  const area = page.getByLabel('What is happening?')
  await area.fill(name)
  typed.push({ at: Date.now(), text: name })
  for (let number = 1; !stop(); number += 1) {
    const more = ` w${number}`
    await area.pressSequentially(more)
    typed.push({ at: Date.now(), text: typed.at(-1).text + more })
    await page.waitForTimeout(20 + random() * 400)
  }
}

/** Fails unless what is kept is as new as the newest text that was typed long enough ago. */
function truthful(typed, killedAt, has, who) {
  const due = typed.filter((one) => one.at <= killedAt - BOUND).length - 1
  if (due < 0) return
  // A text half typed begins with the one before it and is part of the one after.
  const found = typed.findLastIndex((one) => has.startsWith(one.text))
  truly(found >= due, `${who}: lost ${JSON.stringify(typed[due].text)}, the server has ${JSON.stringify(has)}`)
}

async function open(lane, base) {
  const { server, browser } = await startKillable()
  const context = await browser.newContext({ baseURL: base, storageState: lane.state })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  await page.goto(lane.section)
  return { server, page }
}

/** A browser is killed while somebody types. */
async function browserDies(base, lane, name, random) {
  const { server, page } = await open(lane, base)
  const typed = []
  let over = false
  const typing = type(page, name, random, typed, () => over).catch(() => {})
  await new Promise((resolve) => setTimeout(resolve, 1_000 + random() * 3_000))
  over = true
  const killedAt = Date.now()
  await server.kill()
  await typing
  truthful(typed, killedAt, await kept(base, lane), name)
}

/** The server is killed while two people type; they go on, and it comes back. */
async function serverDies(served, all, name, random) {
  const sessions = await Promise.all(all.map((lane) => open(lane, served.base)))
  const typed = all.map(() => [])
  let over = false
  const typing = sessions.map(({ page }, at) => type(page, `${name} lane ${at}`, random, typed[at], () => over))
  await new Promise((resolve) => setTimeout(resolve, 1_000 + random() * 3_000))
  const killedAt = Date.now()
  await served.kill()
  over = true
  await Promise.all(typing)
  const again = await start(['serve', '--listen', `127.0.0.1:${served.port}`])
  for (const [at, lane] of all.entries()) truthful(typed[at], killedAt, await kept(again.base, lane), `${name} lane ${at}`)
  // The page was never closed: what was typed while the server was away goes to it by itself.
  for (const [at, lane] of all.entries()) {
    const page = sessions[at].page
    await allSaved(page)
    truly(await kept(again.base, lane) === typed[at].at(-1).text, `${name} lane ${at}: the last word is there`)
  }
  await Promise.all(sessions.map(({ server }) => server.kill()))
  return again
}

let served = await start(['demo', '--people', '100', '--listen', '127.0.0.1:0'])
const all = await lanes(served.base)
const counts = { browsers: 0, servers: 0 }
await check(`killed browsers: nothing older than ${BOUND} ms is lost`, () => Promise.all(all.map(async (lane, at) => {
  const random = chance(Number(values.seed) * 1_000 + at)
  for (let round = at; round < Number(values.browsers); round += LANES) {
    await browserDies(served.base, lane, `browser ${round}`, random)
    counts.browsers += 1
  }
})), Infinity)
await check(`killed servers: nothing older than ${BOUND} ms is lost, and the rest is sent again`, async () => {
  const random = chance(Number(values.seed) * 1_000 + LANES)
  for (let round = 0; round < Number(values.servers); round += 1) {
    served = await serverDies(served, all, `server ${round}`, random)
    counts.servers += 1
  }
}, Infinity)
await served.kill()
rmSync(folder, { recursive: true, force: true })
console.log(`${counts.browsers} browsers and ${counts.servers} servers were killed`)
process.exit(summary() ? 0 : 1)
