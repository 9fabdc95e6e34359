/**
 * Figures by the clock: two warm threads against one, and the first runs of a cold process.
 */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Chunk, chunkCraft, type Done, type SetUp } from '../scenarios/explore/chunk.ts'
import { Pool } from '../scenarios/explore/pool.ts'
import type { Scenario } from '../scenarios/schema/scenario.ts'
import { allocateYoung } from '../scenarios/explore/young.ts'
import { benchScenario, LONG_RUNS, oneRun, SEED } from './bench-case.ts'
import { figure, type Figure } from './figures.ts'

type Threads = Pool<Chunk, Done>

/** As an exploration hands them out. */
const CHUNK = 5
const RUNS = 100

/** How many runs of a cold process are measured, and the argument that asks main.ts for them. */
const COLD_RUNS = 100
export const COLD_START = '--cold-start'

/** So many are mostly interpreted. */
const EARLY_RUNS = 20

/** In seconds since the process began: the scenario is loaded, the early runs are done, all are. */
interface Cold {
  readonly loaded: number
  readonly early: number
  readonly all: number
}

export async function threadFigures(pairs: number): Promise<readonly Figure[]> {
  const scenario = await benchScenario()
  allocateYoung()
  const one = threads(scenario, 1)
  const two = threads(scenario, 2)
  try {
    await clocked(one, LONG_RUNS)
    await clocked(two, 2 * LONG_RUNS)
    const samples: number[] = []
    for (let pair = 0; pair < pairs; pair += 1) {
      const alone = await clocked(one, RUNS)
      samples.push(alone / (await clocked(two, RUNS)))
    }
    const about = { name: 'explore-two-threads', unit: 'ratio', target: 1.5, goal: 1.7 }
    return [figure(about, samples)]
  } finally {
    await Promise.all([one.close(), two.close()])
  }
}

/** All of them from the start. */
function threads(scenario: Scenario, jobs: number): Threads {
  return new Pool(chunkCraft.script, jobs, { scenario, seed: SEED } satisfies SetUp, 0)
}

/** Seconds by the clock that so many runs take. */
async function clocked(pool: Threads, runs: number): Promise<number> {
  const start = performance.now()
  const chunks: Promise<unknown>[] = []
  for (let first = 0; first < runs; first += CHUNK) {
    const indexes = Array.from({ length: CHUNK }, (_, n) => first + n)
    chunks.push(pool.run({ kind: 'runs', indexes }))
  }
  await Promise.all(chunks)
  return (performance.now() - start) / 1000
}

/** Fresh processes, one after the other. */
export function coldFigures(processes: number): readonly Figure[] {
  const main = fileURLToPath(new URL('./main.js', import.meta.url))
  const samples = Array.from({ length: processes }, () => {
    const child = spawnSync(process.execPath, [main, COLD_START], { encoding: 'utf8' })
    if (child.status !== 0) throw new Error(`the cold start failed: ${child.stderr}`)
    return JSON.parse(child.stdout) as Cold
  })
  const told = (name: string, target: number | null, of: (one: Cold) => number): Figure =>
    figure({ name: `cold-${name}`, unit: 's', target, better: 'less' }, samples.map(of))
  return [
    told('loaded', null, ({ loaded }) => loaded),
    told(`first-${EARLY_RUNS}-runs`, null, ({ early }) => early),
    told(`first-${COLD_RUNS}-runs`, 2, ({ all }) => all),
  ]
}

/** In the fresh process. */
export async function coldStart(): Promise<Cold> {
  const scenario = await benchScenario()
  allocateYoung()
  const loaded = sinceStart()
  let early = loaded
  for (let index = 0; index < COLD_RUNS; index += 1) {
    oneRun(scenario, index)
    if (index + 1 === EARLY_RUNS) early = sinceStart()
  }
  return { loaded, early, all: sinceStart() }
}

function sinceStart(): number {
  return performance.now() / 1000
}
