/**
 * The canary that must fail: with a guard of the protocol off, an answer has to be "broken".
 *
 * Each command is run whole first, which must end as expected, and then without the guard, which
 * must end with exit code 1: a harness that no longer notices is worse than none. A short score
 * must notice too.
 *
 *   node scripts/sabotage.mjs
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { $ } from 'zx'

$.cwd = fileURLToPath(new URL('..', import.meta.url))

const AS_EXPECTED = 0
const BROKEN = 1

const sabotages = [
  { guard: 'produce.controlBatch', command: ['run', 'refusals', '1'] },
  { guard: 'zk.sessionPassword', command: ['run', 'refusals', '1'] },
  { guard: 'hw.monotonic', command: ['explore', 'isr-churn', '1', '--runs', '20'] },
  { guard: 'leader.fromIsr', command: ['explore', 'leader-crash-acks-all', '1', '--runs', '60'] },
]

const score = ['score', '1', '--guard', 'hw.monotonic', '--scenario', 'isr-churn', '--runs', '12']

async function exitOf(command, folder) {
  const arguments_ = ['cli/dmqsim.js', ...command, '--out', folder, '--quiet']
  const { exitCode } = await $({ nothrow: true, quiet: true })`${process.execPath} ${arguments_}`
  return exitCode
}

const folder = await mkdtemp(join(tmpdir(), 'dmqsim-sabotage-'))
let failed = 0
let number = 0
try {
  for (const { guard, command } of sabotages) {
    const out = () => join(folder, String(number++))
    const whole = await exitOf(command, out())
    const without = await exitOf([...command, '--without', guard], out())
    const noticed = whole === AS_EXPECTED && without === BROKEN
    if (!noticed) failed++
    const what = noticed ? 'is noticed' : `exit ${whole} with it, ${without} without`
    console.log(`${noticed ? '✓' : '✗'} ${command.join(' ')}: ${guard} ${what}`)
  }
  const arguments_ = ['cli/dmqsim.js', ...score, '--json']
  const told = await $({ nothrow: true, quiet: true })`${process.execPath} ${arguments_}`
  const guards = told.exitCode === AS_EXPECTED ? JSON.parse(told.stdout).guards : []
  const noticed = guards.length > 0 && guards.every((guard) => guard.noticed)
  if (!noticed) failed++
  const what = noticed ? 'is noticed' : `exit ${told.exitCode}, not noticed`
  console.log(`${noticed ? '✓' : '✗'} ${score.join(' ')}: ${what}`)
} finally {
  await rm(folder, { recursive: true })
}
process.exitCode = failed === 0 ? 0 : 1
