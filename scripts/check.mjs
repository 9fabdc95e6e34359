/**
 * `npm run check`: everything that is judged without running a simulation, each part by itself, so
 * that one run shows all that is wrong. Prints what a part said only if it failed.
 */

import { fileURLToPath } from 'node:url'
import { $ } from 'zx'

Object.assign($, {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  nothrow: true,
  quiet: true,
  preferLocal: true,
})

// The layers are read from the sources, so that test needs no build.
process.env.DMQSIM_TEST_SOURCE = '1'

const parts = [
  ['types', () => $`tsc --noEmit`],
  ['lint', () => $`oxlint --deny-warnings`],
  ['format', () => $`prettier --check --log-level warn .`],
  ['layers', () => $`vitest run test/layers.test.ts`],
  ['rules', () => $`node scripts/rules-index.mjs --check`],
  ['unused', () => $`knip`],
]

let failed = 0
for (const [name, run] of parts) {
  const output = await run()
  const passed = output.exitCode === 0
  console.log(`${passed ? '✓' : '✗'} ${name.padEnd(8)} ${(output.duration / 1000).toFixed(1)} s`)
  if (passed) continue
  failed++
  console.log(output.text())
}
process.exitCode = failed === 0 ? 0 : 1
