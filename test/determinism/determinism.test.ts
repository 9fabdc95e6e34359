import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Case } from '../../scenarios/case.ts'
import { exploredCase, plainCase } from '../../scenarios/explore/cases.ts'
import type { Exploration, ExploreOptions } from '../../scenarios/explore/explore.ts'
import { run } from '../../scenarios/run.ts'
import { loadScenario } from '../../scenarios/schema/load.ts'
import type { Scenario } from '../../scenarios/schema/scenario.ts'
import { guardEntries } from '../../sim/registry.ts'
import { tenSeconds } from '../ten-seconds.ts'
import { compiled } from './compiled.ts'
import { trapped } from './trap.ts'

interface Hashes {
  readonly traceHash: string
  readonly historyHash: string
}

function hashes(one: Case): Hashes {
  const { traceHash, historyHash } = run(one)
  return { traceHash, historyHash }
}

/** Preparing compiles, perhaps, and runs a few cases. */
const HOOK_MS = 120_000

let small: Scenario
/** A few cases that differ in what they reach: transactions aside, every part of the model. */
let cases: readonly Case[]
let known: readonly Hashes[]

beforeAll(async () => {
  small = await tenSeconds()
  const load = async (name: string): Promise<Scenario> => (await loadScenario(name)).scenario
  cases = [
    plainCase(small, 7),
    exploredCase(await load('leader-crash-acks-one'), 7, 2),
    exploredCase(await load('idempotent-consumer'), 7, 0),
    exploredCase(await load('isr-churn'), 7, 1),
  ]
  known = cases.map(hashes)
}, HOOK_MS)

describe('the same case', () => {
  test('has the same hashes when it is run again', () => {
    expect(cases.map(hashes)).toEqual(known)
  })

  test('has another trace with another seed', () => {
    const others = cases.map((one) => hashes({ ...one, seed: one.seed + 1 }).traceHash)

    others.forEach((other, index) => expect(other).not.toBe(known[index]?.traceHash))
  })

  test('has the same hashes after thirty other runs, some of them without guards', () => {
    // In the order of names: that of the table is the order in which modules were loaded.
    const guards = guardEntries()
      .map(({ name }) => name)
      .sort((a, b) => (a < b ? -1 : 1))
    for (let index = 0; index < 30; index += 1) {
      const other = exploredCase(small, 99, index)
      const off = guards[(index * 17) % guards.length] as string
      const guardsOff = index % 2 === 0 || off.startsWith('zk.') ? [] : [off]
      run({ ...other, guardsOff })
    }

    expect(cases.map(hashes)).toEqual(known)
  })

  test('has the same hashes whether or not somebody watches', () => {
    let events = 0
    const sink = { event: () => void (events += 1), probe: () => {} }

    const watched = cases.map((one) => {
      const { traceHash, historyHash } = run(one, { sink })
      return { traceHash, historyHash }
    })

    expect(watched).toEqual(known)
    expect(events).toBeGreaterThan(10_000)
  })

  test('has the same hashes after it went through JSON', () => {
    const copies = cases.map((one) => JSON.parse(JSON.stringify(one)) as Case)

    expect(copies.map(hashes)).toEqual(known)
  })

  test('is not changed by its run', () => {
    const before = JSON.stringify(cases)

    for (const one of cases) run(one)

    expect(JSON.stringify(cases)).toBe(before)
  })
})

describe('elsewhere', () => {
  const script = fileURLToPath(new URL('./foreign-run.mjs', import.meta.url))
  let runModule: string
  let here: readonly Hashes[]

  beforeAll(async () => {
    runModule = compiled('scenarios/run')
    const module = (await import(runModule)) as { run: typeof run }
    here = cases.map((one) => {
      const { traceHash, historyHash } = module.run(one)
      return { traceHash, historyHash }
    })
  }, HOOK_MS)

  test('a case has the same hashes in a worker thread', async () => {
    const worker = new Worker(script, { workerData: { runModule, cases } })

    const answer = await new Promise<{ readonly hashes: readonly Hashes[] }>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    await worker.terminate()

    expect(answer.hashes).toEqual(here)
  })

  test('a case has the same hashes in another process, time zone and language', () => {
    const child = spawnSync(process.execPath, [script], {
      env: { ...process.env, TZ: 'Pacific/Auckland', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
      input: JSON.stringify({ runModule, cases }),
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    })

    expect(child.stderr).toBe('')
    const answer = JSON.parse(child.stdout) as {
      readonly hashes: readonly Hashes[]
      readonly locale: string
      readonly timeZone: string
    }
    expect([answer.locale, answer.timeZone]).toEqual(['tr-TR', 'Pacific/Auckland'])
    expect(answer.hashes).toEqual(here)
  })
})

describe('an exploration', () => {
  test('gives the same summaries with one thread and with two, in order', async () => {
    const { explore } = (await import(compiled('scenarios/explore/explore'))) as {
      explore: (options: ExploreOptions) => Promise<Exploration>
    }
    const options = { scenario: small, seed: 5, runs: 60 }

    const one = await explore({ ...options, jobs: 1 })
    const two = await explore({ ...options, jobs: 2 })

    expect([one.jobs, two.jobs]).toEqual([1, 2])
    expect(two.runs).toEqual(one.runs)
    expect(one.runs.map(({ index }) => index)).toEqual(Array.from({ length: 60 }, (_none, n) => n))
  })

  test('finds no difference when it runs a share twice', async () => {
    const { explore } = (await import(compiled('scenarios/explore/explore'))) as {
      explore: (options: ExploreOptions) => Promise<Exploration>
    }

    const { determinism } = await explore({
      scenario: small,
      seed: 6,
      runs: 12,
      jobs: 1,
      recheckEvery: 3,
    })

    expect(determinism).toEqual({ checked: 4, different: [] })
  })

  test('gives each shard its own runs, and all shards together every run once', async () => {
    const { explore } = (await import(compiled('scenarios/explore/explore'))) as {
      explore: (options: ExploreOptions) => Promise<Exploration>
    }
    const options = { scenario: small, seed: 8, runs: 9, jobs: 1 }

    const whole = await explore(options)
    const shards = await Promise.all(
      [0, 1].map((index) => explore({ ...options, shard: { index, of: 2 } })),
    )

    const together = shards.flatMap(({ runs }) => runs).sort((a, b) => a.index - b.index)
    expect(shards.map(({ runs }) => runs.length)).toEqual([5, 4])
    expect(together).toEqual(whole.runs)
  })
})

describe('the trap', () => {
  test('stands around whole runs, and nothing of the world springs it', () => {
    const caught = cases.map((one) => trapped(() => hashes(one)))

    expect(caught).toEqual(known)
  })

  test.each<[string, () => unknown]>([
    ['Date.now', () => Date.now()],
    ['new Date', () => new Date()],
    ['Math.random', () => Math.random()],
    ['Math.log', () => Math.log(2)],
    ['setTimeout', () => setTimeout(() => {}, 0)],
    ['crypto.randomUUID', () => crypto.randomUUID()],
    ['performance.now', () => performance.now()],
    // oxlint-disable-next-line typescript/require-array-sort-compare -- what the trap is for
    ['sort without comparator', () => [2, 1].sort()],
    ['String.localeCompare', () => 'a'.localeCompare('b')],
  ])('springs at %s', (what, touch) => {
    expect(() => trapped(touch)).toThrow(`the simulation touched ${what}`)
  })

  test('is gone afterwards, also when it has sprung', () => {
    expect(() => trapped(() => Math.random())).toThrow('Math.random')

    expect(Math.random()).toBeLessThan(1)
    expect(new Date(0).getTime()).toBe(0)
  })
})
