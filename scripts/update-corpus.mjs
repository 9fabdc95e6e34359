/**
 * Writes into each file of `corpus/` the hashes and the engine that it replays to now.
 *
 * Only on purpose, after a change of behaviour that is meant: `npm run build` first. A file whose
 * verdict is gone is left as it is and named.
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { ENGINE } from '../dist/scenarios/engine.js'
import { failureOf } from '../dist/scenarios/explore/failure.js'
import { signatureKey } from '../dist/scenarios/explore/signature.js'
import { judge } from '../dist/scenarios/judge.js'
import { run } from '../dist/scenarios/run.js'

const folder = new URL('../corpus/', import.meta.url)
for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  const file = new URL(name, folder)
  const failure = failureOf(readFileSync(file, 'utf8'), name)
  const one = { ...failure.case, engine: ENGINE }
  const { result, verdicts } = judge(run(one), { series: false })
  const verdict = verdicts.find(
    (found) => found.verdict === 'broken' && signatureKey(found) === signatureKey(failure),
  )
  if (verdict === undefined) {
    console.log(`${name}: does not break any more, left as it is`)
    continue
  }
  const { traceHash, historyHash } = result
  const updated = { ...failure, engine: ENGINE, case: one, traceHash, historyHash }
  writeFileSync(file, `${JSON.stringify(updated, null, 2)}\n`)
  console.log(`${name}: ${traceHash === failure.traceHash ? 'as it was' : 'another hash'}`)
}
