// The API, asked by a client that others wrote: the real program on a fresh store, a token,
// and fhir-kit-client. Prints one line a check; exits 1 if any fails.
//
//   ALMONER_BIN=target/release/almoner node tests/api/run.mjs
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import Client from 'fhir-kit-client'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const binary = process.env.ALMONER_BIN ?? path.join(root, 'target/debug/almoner')

let failed = 0
let passed = 0

async function check(name, run) {
  try {
    await run()
    passed += 1
    console.log(`ok    ${name}`)
  } catch (error) {
    failed += 1
    const told = error.response?.data?.issue?.[0]?.diagnostics ?? error.message ?? error
    console.log(`FAIL  ${name}: ${String(told).split('\n').slice(0, 6).join(' | ')}`)
  }
}

function equal(actual, expected, what) {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (one !== other) throw new Error(`${what}: ${one} is not ${other}`)
}

/** The refusal that a call comes to. */
async function refusal(call) {
  try {
    await call()
  } catch (error) {
    return { status: error.response?.status, outcome: error.response?.data }
  }
  throw new Error('it was not refused')
}

function almoner(folder, ...words) {
  return execFileSync(binary, [...words, '--data', folder], { encoding: 'utf8' })
}

function client(folder, name, ...scopes) {
  const words = scopes.flatMap((scope) => ['--scope', scope])
  const made = almoner(folder, 'client', 'add', name, '--organisation', 'BARSETCC01', ...words, '--format', 'json')
  return JSON.parse(made).token
}

function serve(folder) {
  const child = spawn(binary, ['serve', '--data', folder, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    let said = ''
    child.on('exit', (code) => reject(new Error(`the program ended with ${code}: ${said}`)))
    child.stdout.on('data', (chunk) => {
      said += chunk
      const address = said.match(/http:\/\/127\.0\.0\.1:\d+/)
      if (address) resolve({ base: `${address[0]}/fhir`, stop: () => child.kill('SIGTERM') })
    })
  })
}

const entry = (resource) => ({
  fullUrl: `urn:uuid:${resource.id}`,
  resource,
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` }
})

const ann = 'aaaaaaaa-0000-4000-8000-000000000001'
const team = 'aaaaaaaa-0000-4000-8000-000000000002'
const patient = {
  resourceType: 'Patient',
  id: ann,
  identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990000018' }],
  name: [{ use: 'official', family: 'Crawley', given: ['Grace'] }],
  gender: 'female',
  birthDate: '1941-06-02'
}
const organisation = { resourceType: 'Organization', id: team, name: 'Barsetshire County Council' }
const weight = (day, kilograms) => ({
  resourceType: 'Observation',
  id: `weight-${day}`,
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
  subject: { reference: `urn:uuid:${ann}` },
  performer: [{ reference: `urn:uuid:${team}` }],
  effectiveDateTime: day,
  valueQuantity: { value: kilograms, unit: 'kg' }
})
const days = ['2026-01-05', '2026-02-05', '2026-03-05', '2026-04-05', '2026-05-05']

const folder = mkdtempSync(path.join(tmpdir(), 'almoner-api-'))
let server
try {
  if (!existsSync(binary)) throw new Error(`${binary} is not there: build it first, or set ALMONER_BIN`)
  almoner(folder, 'demo', '--no-serve', '--people', '50')
  const token = client(folder, 'care-app', 'patient.read', 'resource.read', 'bundle.write', 'audit.read')
  const narrow = client(folder, 'narrow', 'patient.read')
  server = await serve(folder)
  const care = new Client({ baseUrl: server.base, bearerToken: token })

  await check('capabilities', async () => {
    const statement = await care.capabilityStatement()
    equal([statement.resourceType, statement.fhirVersion], ['CapabilityStatement', '4.0.1'], 'what it is')
    const types = statement.rest[0].resource.map((resource) => resource.type)
    equal(types.includes('Observation') && types.includes('AuditEvent'), true, 'types')
  })

  await check('transaction', async () => {
    const resources = [patient, organisation, ...days.map((day, index) => weight(day, 60 + index))]
    const body = { resourceType: 'Bundle', type: 'transaction', entry: resources.map(entry) }
    const answer = await care.transaction({ body })
    equal(answer.type, 'transaction-response', 'type')
    equal(answer.entry.map((one) => one.response.status), resources.map(() => '201 Created'), 'each entry')
    const again = await care.transaction({ body })
    equal(again.entry[0].response.status, '200 OK', 'a repeat')
  })

  await check('read', async () => {
    equal(await care.read({ resourceType: 'Patient', id: ann }), patient, 'as it was sent')
    const { response } = Client.httpFor(await care.read({ resourceType: 'Observation', id: 'weight-2026-01-05' }))
    equal(response.headers.get('content-type'), 'application/fhir+json; charset=utf-8', 'content type')
    const lost = await refusal(() => care.read({ resourceType: 'Patient', id: 'nobody' }))
    equal([lost.status, lost.outcome.resourceType], [404, 'OperationOutcome'], 'nobody')
  })

  await check('search', async () => {
    const found = await care.search({
      resourceType: 'Patient',
      searchParams: { identifier: 'https://fhir.nhs.uk/Id/nhs-number|9990000018' }
    })
    equal(found.entry.map((one) => one.resource.id), [ann], 'by NHS number')
    const named = await care.search({ resourceType: 'Patient', searchParams: { family: 'crawley', birthdate: '1941-06-02' } })
    equal(named.total, 1, 'by name and date of birth')
    const since = await care.search({
      resourceType: 'Observation',
      searchParams: { patient: ann, code: 'http://loinc.org|29463-7', date: 'ge2026-03-01', _sort: 'date' }
    })
    equal(since.entry.map((one) => one.resource.effectiveDateTime), days.slice(2), 'from March')
    const posted = await care.search({
      resourceType: 'Observation',
      searchParams: { patient: ann, date: '2026-01' },
      options: { postSearch: true }
    })
    equal(posted.total, 1, 'sent as a form')
    const wide = await refusal(() => care.search({ resourceType: 'Observation', searchParams: { code: '29463-7' } }))
    equal([wide.status, wide.outcome.issue[0].expression], [400, ['http.patient']], 'of everybody')
  })

  await check('include', async () => {
    const found = await care.search({
      resourceType: 'Observation',
      searchParams: { patient: ann, _count: 1, _include: 'Observation:performer' }
    })
    equal(found.entry.map((one) => [one.resource.resourceType, one.search.mode]), [['Observation', 'match'], ['Organization', 'include']], 'with its performer')
    const resolved = await care.resolve({ reference: `urn:uuid:${team}`, context: found })
    equal(resolved.name, 'Barsetshire County Council', 'a reference within the Bundle')
  })

  await check('paging', async () => {
    let page = await care.search({ resourceType: 'Observation', searchParams: { patient: ann, _count: 2 } })
    const seen = []
    while (page) {
      seen.push(...page.entry.map((one) => one.resource.effectiveDateTime))
      page = await care.nextPage({ bundle: page })
    }
    equal(seen, [...days].reverse(), 'every one, once, the newest first')
  })

  await check('everything', async () => {
    const all = await care.operation({ name: 'everything', resourceType: 'Patient', id: ann, method: 'GET' })
    equal([all.total, all.entry.length], [6, 7], 'of the person, and who measured')
    const some = await care.operation({ name: 'everything', resourceType: 'Patient', id: ann, method: 'GET', input: { _type: 'Patient' } })
    equal(some.total, 1, 'of one type')
  })

  await check('who looked', async () => {
    const events = await care.search({ resourceType: 'AuditEvent', searchParams: { patient: ann, _count: 5 } })
    equal(events.entry[0].resource.agent[0].who.identifier.value, 'client:care-app', 'who')
  })

  await check('batch', async () => {
    const body = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [entry(weight('2026-06-05', 66)), { request: { method: 'DELETE', url: `Patient/${ann}` } }]
    }
    const answer = await care.batch({ body })
    equal(answer.entry.map((one) => one.response.status.slice(0, 3)), ['201', '405'], 'each entry by itself')
  })

  await check('refusals', async () => {
    const outside = new Client({ baseUrl: server.base })
    const nobody = await refusal(() => outside.read({ resourceType: 'Patient', id: ann }))
    equal([nobody.status, nobody.outcome.issue[0].code], [401, 'login'], 'without a token')
    const little = new Client({ baseUrl: server.base, bearerToken: narrow })
    const scope = await refusal(() => little.read({ resourceType: 'Observation', id: 'weight-2026-01-05' }))
    equal([scope.status, scope.outcome.issue[0].code], [403, 'forbidden'], 'without the scope')
    const erase = await refusal(() => care.delete({ resourceType: 'Patient', id: ann }))
    equal(erase.status, 405, 'nothing is deleted')
    const xml = await refusal(() => care.read({ resourceType: 'Patient', id: ann, options: { headers: { accept: 'application/fhir+xml' } } }))
    equal(xml.status, 406, 'no XML')
    almoner(folder, 'client', 'revoke', 'care-app')
    const revoked = await refusal(() => care.read({ resourceType: 'Patient', id: ann }))
    equal(revoked.status, 401, 'revoked by another process, at once')
  })

  await check('the store is well', async () => {
    equal(almoner(folder, 'doctor').trim(), 'All is well.', 'doctor')
  })
} catch (error) {
  await check('the suite runs to its end', () => { throw error })
} finally {
  server?.stop()
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
