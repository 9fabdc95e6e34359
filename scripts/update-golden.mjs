/**
 * Rewrites `test/golden/hashes.json` with what the compiled sources give now.
 *
 * Only on purpose, after a change of behaviour that is meant: `npm run build` first.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { exploredCase, plainCase } from '../dist/scenarios/explore/cases.js'
import { run } from '../dist/scenarios/run.js'
import { loadScenario } from '../dist/scenarios/schema/load.js'

const file = new URL('../test/golden/hashes.json', import.meta.url)
const golden = JSON.parse(readFileSync(file, 'utf8'))
let changed = 0
const updated = []
for (const { scenario: name, seed, index, ...before } of golden) {
  const { scenario } = await loadScenario(name)
  const one = index === null ? plainCase(scenario, seed) : exploredCase(scenario, seed, index)
  const { traceHash, historyHash } = run(one)
  if (traceHash !== before.traceHash || historyHash !== before.historyHash) changed += 1
  updated.push({ scenario: name, seed, index, traceHash, historyHash })
}
writeFileSync(file, `${JSON.stringify(updated, null, 2)}\n`)
console.log(`${changed} of ${updated.length} golden runs changed`)
