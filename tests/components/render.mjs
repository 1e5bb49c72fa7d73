// Renders NHS.UK components through the npm package's own Nunjucks templates.
// Reads a JSON array of { component, macro, params } on stdin and writes a JSON
// array of HTML strings on stdout. Used by the fidelity test of crate `web`.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import path from 'node:path'

const require = createRequire(import.meta.url)
const nunjucks = require('nunjucks')
const root = path.join(path.dirname(require.resolve('nhsuk-frontend/package.json')), 'dist')
const env = nunjucks.configure([root], { autoescape: true, trimBlocks: true, lstripBlocks: true })

const jobs = JSON.parse(readFileSync(0, 'utf8'))
const html = jobs.map(({ component, macro, params }) =>
  env.renderString(
    `{% from "nhsuk/components/${component}/macro.njk" import ${macro} %}{{ ${macro}(params) }}`,
    { params }
  )
)
process.stdout.write(JSON.stringify(html))
