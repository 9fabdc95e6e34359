/**
 * The determinism canary: the same short exploration under other circumstances must give the same
 * trace hashes, run for run. The circumstances are another time zone and locale, another number of
 * threads (so that a run comes after other runs), and other versions of Node.
 *
 *   node scripts/canary.mjs [--scenario leader-crash-acks-all] [--runs 100] [--node 22,24]
 *
 * `--node` names what npm fetches into a temporary folder; an empty value fetches nothing.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { $, argv } from 'zx'

const scenario = argv.scenario ?? 'leader-crash-acks-all'
const runs = Number(argv.runs ?? 100)
const otherNodes = String(argv.node ?? '22,24')
  .split(',')
  .filter((version) => version !== '')

$.cwd = fileURLToPath(new URL('..', import.meta.url))

async function hashes({ node = process.execPath, jobs = 2, env = {} }) {
  const run = $({ nothrow: true, quiet: true, env: { ...process.env, ...env } })
  const command = ['cli/dmqsim.js', 'explore', scenario, '1', '--runs', runs, '--jobs', jobs]
  const output = await run`${node} ${command} --hashes --json`
  try {
    return JSON.parse(output.stdout).hashes
  } catch {
    throw new Error(`exit ${output.exitCode}: ${output.stderr || output.stdout}`)
  }
}

async function fetchedNode(folder, version) {
  const place = join(folder, version)
  await $({ quiet: true })`npm install --prefix ${place} --no-audit --no-fund node@${version}`
  return join(place, 'node_modules', 'node', 'bin', 'node')
}

/** What is different, in one sentence, or undefined. */
function difference(expected, found) {
  if (!Array.isArray(found) || found.length !== expected.length) {
    return `${found?.length ?? 'no'} hashes instead of ${expected.length}`
  }
  const index = expected.findIndex((hash, at) => hash !== found[at])
  return index < 0 ? undefined : `run ${index} is ${found[index]} instead of ${expected[index]}`
}

const folder = await mkdtemp(join(tmpdir(), 'dmqsim-canary-'))
const circumstances = [
  { name: 'the same again', again: () => hashes({}) },
  {
    name: 'another time zone',
    again: () => hashes({ env: { TZ: 'Pacific/Chatham', LC_ALL: 'tr_TR.UTF-8' } }),
  },
  { name: 'one thread', again: () => hashes({ jobs: 1 }) },
  ...otherNodes.map((version) => ({
    name: `Node ${version}`,
    again: async () => hashes({ node: await fetchedNode(folder, version) }),
  })),
]

let different = 0
try {
  const expected = await hashes({})
  if (!Array.isArray(expected) || expected.length !== runs) {
    throw new Error(`the exploration gave ${expected?.length ?? 'no'} hashes for ${runs} runs`)
  }
  console.log(`${scenario}: ${runs} runs on Node ${process.versions.node}`)
  for (const { name, again } of circumstances) {
    const found = await again().catch((error) => error)
    const what = found instanceof Error ? found.message.trim() : difference(expected, found)
    if (what !== undefined) different++
    console.log(what === undefined ? `✓ ${name}` : `✗ ${name}: ${what}`)
  }
} finally {
  await rm(folder, { recursive: true })
}
process.exitCode = different === 0 ? 0 : 3
