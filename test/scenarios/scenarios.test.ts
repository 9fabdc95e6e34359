import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { exploredCase, plainCase } from '../../scenarios/explore/cases.ts'
import { judge } from '../../scenarios/judge.ts'
import type { Judged, Verdict, VerdictWord } from '../../scenarios/result.ts'
import { run } from '../../scenarios/run.ts'
import { scenarioNames } from '../../scenarios/schema/files.ts'
import { loadScenario } from '../../scenarios/schema/load.ts'
import type { Scenario } from '../../scenarios/schema/scenario.ts'

/** Runs that an expected break may take to be found. */
const RUNS_MAX = 15

/** Kept for the commands: minutes of virtual time, and a day. */
const elsewhere = ['double-eleven', 'double-eleven-2020']

/** Published bugs have a test of their own. */
const names = scenarioNames(fileURLToPath(new URL('../..', import.meta.url)))
  .filter(({ file }) => basename(dirname(file)) !== 'hazards')
  .map(({ name }) => name)
  .filter((name) => !elsewhere.includes(name))

const scenarios = new Map<string, Scenario>()

beforeAll(async () => {
  for (const name of names) scenarios.set(name, (await loadScenario(name)).scenario)
})

function scenario(name: string): Scenario {
  const found = scenarios.get(name)
  if (found === undefined) throw new Error(`there is no scenario ${name}`)
  return found
}

const plain = new Map<string, Judged>()

/** The run of the scenario's own timeline on seed 1, made once. */
function plainRun(name: string): Judged {
  const known = plain.get(name)
  if (known !== undefined) return known
  const judged = judge(run(plainCase(scenario(name), 1)))
  plain.set(name, judged)
  return judged
}

/** Explores from seed 1 until a run is what is looked for; gives the runs that were made. */
function exploredUntil(name: string, found: (judged: Judged) => boolean): readonly Judged[] {
  const runs: Judged[] = []
  for (let index = 0; index < RUNS_MAX; index += 1) {
    const judged = judge(run(exploredCase(scenario(name), 1, index)), { series: false })
    runs.push(judged)
    if (found(judged)) break
  }
  return runs
}

function verdict(judged: Judged, check: string, scope: string): Verdict {
  const found = judged.verdicts.find((one) => one.check === check && one.scope === scope)
  if (found === undefined) throw new Error(`nobody judged ${check} of ${scope}`)
  return found
}

function word(judged: Judged, check: string, scope: string): VerdictWord {
  return verdict(judged, check, scope).verdict
}

/** Verdicts that are not as the scenario expects, in words. */
function surprises(judged: Judged): readonly string[] {
  return judged.verdicts
    .filter((one) => !one.asExpected && one.expected !== 'breaks')
    .map(({ check, scope, verdict: said, sentence }) => `${check} ${scope} ${said}: ${sentence}`)
}

describe('every scenario', () => {
  test.each(names)('%s drains on seed 1, and what it expects to be kept is kept', (name) => {
    const judged = plainRun(name)

    expect(judged.result.reason).toBeNull()
    expect(judged.result.ended).toBe('drained')
    expect(surprises(judged)).toEqual([])
  })

  test.each(names)('%s lasts no longer than a minute and ends its question with a mark', (name) => {
    const { durationUs, question } = scenario(name)

    expect(durationUs).toBeLessThanOrEqual(60_000_000)
    expect(question.endsWith('?')).toBe(true)
  })

  test.each(names)('%s reaches in a few runs what it says an exploration must reach', (name) => {
    const wanted = new Set(scenario(name).requiredProbes)
    for (const probe of Object.keys(plainRun(name).result.probes)) wanted.delete(probe)
    if (wanted.size > 0) {
      exploredUntil(name, ({ result }) => {
        for (const probe of Object.keys(result.probes)) wanted.delete(probe)
        return wanted.size === 0
      })
    }

    expect([...wanted]).toEqual([])
  })

  test('that expects a break names a check that it makes', () => {
    const idle = names.flatMap((name) => {
      const { expect: expected, checks } = scenario(name)
      return Object.keys(expected)
        .filter((key) => !checks.some((check) => key === check || key.startsWith(`${check}:`)))
        .map((key) => `${name}: ${key}`)
    })

    expect(idle).toEqual([])
  })
})

describe('leader-crash-acks-one', () => {
  test('loses acknowledged orders within a few runs, and nothing else breaks', () => {
    const runs = exploredUntil(
      'leader-crash-acks-one',
      (judged) => word(judged, 'no-loss', 'stored') === 'broken',
    )

    const last = runs.at(-1) as Judged
    const loss = verdict(last, 'no-loss', 'stored')
    expect(loss.verdict).toBe('broken')
    expect(loss.promised).toBe(false)
    expect(loss.count).toBe(last.measures.magnitudes.lost)
    expect(loss.evidence.length).toBeGreaterThan(0)
    expect(runs.flatMap(surprises)).toEqual([])
  })
})

describe('leader-crash-acks-all', () => {
  test('loses nothing in runs of which most elect a leader under load', () => {
    const runs = exploredUntil('leader-crash-acks-all', () => false)

    expect(runs.map(({ measures }) => measures.magnitudes.lost)).toEqual(runs.map(() => 0))
    expect(runs.flatMap(surprises)).toEqual([])
    const elected = runs.filter(({ result }) => (result.probes['leader.elected'] ?? 0) > 0)
    expect(elected.length).toBeGreaterThanOrEqual(RUNS_MAX * 0.9)
  })
})

describe('commit-before-process', () => {
  test('loses on seed 1 what was committed and not yet processed, but stores everything', () => {
    const judged = plainRun('commit-before-process')

    const loss = verdict(judged, 'no-loss', 'processed:payment')
    expect(loss.verdict).toBe('broken')
    expect(loss.count).toBeGreaterThan(3)
    expect(word(judged, 'no-loss', 'stored')).toBe('kept')
    expect(judged.measures.magnitudes.redelivered).toBe(0)
  })
})

describe('process-then-commit', () => {
  test('processes and charges again on seed 1 what was not yet committed, but loses nothing', () => {
    const judged = plainRun('process-then-commit')

    const again = verdict(judged, 'no-duplicates', 'delivered-once:payment')
    expect(again.verdict).toBe('broken')
    expect(again.count).toBe(judged.measures.magnitudes.redelivered)
    expect(word(judged, 'effects-once', 'payment')).toBe('broken')
    expect(word(judged, 'no-loss', 'processed:payment')).toBe('kept')
  })
})

describe('idempotent-consumer', () => {
  test('has each effect once although records were delivered again', () => {
    const runs = exploredUntil(
      'idempotent-consumer',
      (judged) => word(judged, 'no-duplicates', 'delivered-once:payment') === 'broken',
    )

    expect(runs.at(-1)?.measures.magnitudes.redelivered).toBeGreaterThan(0)
    for (const judged of runs) {
      expect(word(judged, 'effects-once', 'payment')).toBe('kept')
      expect(word(judged, 'effects-once', 'bank')).toBe('kept')
      expect(word(judged, 'no-loss', 'processed:payment')).toBe('kept')
    }
  })
})

describe('slow-consumer', () => {
  test('lets the backlog grow until members are added, and drain afterwards', () => {
    const judged = plainRun('slow-consumer')

    const [series] = judged.measures.series.groups
    const addedUs = judged.result.struck[0]?.atUs ?? 0
    const at = (us: number): number =>
      series?.backlog[series.atUs.findIndex((time) => time >= us)] ?? -1
    expect(addedUs).toBe(30_000_000)
    expect(at(10_000_000)).toBeLessThan(at(20_000_000))
    expect(at(20_000_000)).toBeLessThan(at(addedUs))
    expect(at(addedUs)).toBeGreaterThan(2_000)
    expect(at(59_000_000)).toBeLessThan(at(addedUs) / 2)
    expect(series?.backlog.at(-1)).toBe(0)
    expect(word(judged, 'backlog-drains', 'analytics')).toBe('kept')
  })
})

describe('partition-added-mid-run', () => {
  test('processes records of a key out of their order, and says across which partitions', () => {
    const judged = plainRun('partition-added-mid-run')

    const disorder = verdict(judged, 'order-by-key', 'payment')
    expect(disorder.verdict).toBe('broken')
    expect(disorder.count).toBe(judged.measures.magnitudes.reordered)
    expect(word(judged, 'no-loss', 'processed:payment')).toBe('kept')
  })

  test('keeps the order without the added partitions', () => {
    const whole = scenario('partition-added-mid-run')
    const timeline = whole.timeline.filter(({ kind }) => kind !== 'add-partitions')

    const judged = judge(run(plainCase({ ...whole, timeline }, 1)), { series: false })

    expect(timeline.length).toBe(whole.timeline.length - 1)
    expect(word(judged, 'order-by-key', 'payment')).toBe('kept')
  })
})

describe('send-timeout-then-resend', () => {
  test('finds records twice in the log on seed 1', () => {
    const judged = plainRun('send-timeout-then-resend')

    const twice = verdict(judged, 'no-log-duplicates', 'stored-once')
    expect(twice.verdict).toBe('broken')
    expect(twice.evidence[0]?.records.length).toBeGreaterThan(0)
  })

  test('finds none where the application leaves a send that timed out alone', () => {
    const whole = scenario('send-timeout-then-resend')
    const producers = whole.producers.map((producer) => ({ ...producer, pattern: 'send' as const }))

    const judged = judge(run(plainCase({ ...whole, producers }, 1)), { series: false })

    expect(word(judged, 'no-log-duplicates', 'stored-once')).toBe('kept')
    expect(judged.measures.operations.unknown).toBeGreaterThan(0)
  })
})

describe('decoupling', () => {
  test('charges every order although payment was down for 12 s, and no order waits for it', () => {
    const judged = plainRun('decoupling')

    expect(judged.measures.operations.ok).toBe(judged.measures.operations.invoked)
    expect(word(judged, 'effects-once', 'payment-provider')).toBe('kept')
    expect(judged.measures.series.groups[0]?.backlog.some((waiting) => waiting > 300)).toBe(true)
    expect(word(judged, 'no-loss', 'processed:payment')).toBe('kept')
  })

  test('without a queue loses about what came while payment was down', () => {
    const judged = plainRun('decoupling-direct-call')

    const loss = verdict(judged, 'no-loss', 'processed:checkout')
    expect(loss.verdict).toBe('broken')
    expect(loss.count).toBeGreaterThan(300)
    expect(loss.count).toBeLessThan(700)
  })
})

describe('peak-shaving', () => {
  test('takes a peak of a hundred times the load and sells exactly what there is', () => {
    const judged = plainRun('peak-shaving')

    expect(verdict(judged, 'no-oversell', 'stock').sentence).toBe(
      'stock was booked from 100 times and never oversold.',
    )
    expect(Math.max(...(judged.measures.series.groups[0]?.backlog ?? []))).toBeGreaterThan(500)
    expect(word(judged, 'backlog-drains', 'stock')).toBe('kept')
  })

  test('oversells where the stock is read in one transaction and taken in another', () => {
    expect(word(plainRun('peak-shaving-racing'), 'no-oversell', 'stock')).toBe('broken')
  })
})

describe('ordered', () => {
  test('keeps the order of each key through a reset and an election', () => {
    const judged = plainRun('ordered')

    expect(word(judged, 'order-by-key', 'stored')).toBe('kept')
    expect(word(judged, 'order-by-key', 'ledger')).toBe('kept')
  })

  test('loses it in processing where the key does not choose the partition', () => {
    const judged = plainRun('ordered-no-key')

    expect(word(judged, 'order-by-key', 'stored')).toBe('kept')
    expect(word(judged, 'order-by-key', 'ledger')).toBe('broken')
  })

  test('loses it in the log by retries of several requests in flight', () => {
    expect(word(plainRun('ordered-in-flight'), 'order-by-key', 'stored')).toBe('broken')
  })
})

describe('unclean-election', () => {
  test.each(['consumer.positionValidation', 'consumer.fetchPosition'])(
    'has its readers skip what was written over what they had read, without %s',
    (guard) => {
      const one = plainCase(scenario('unclean-election'), 2)

      const judged = judge(run({ ...one, guardsOff: [guard] }), { series: false })

      expect(word(judged, 'no-loss', 'processed:analytics')).toBe('broken')
    },
  )
})

describe('coordinator-loading', () => {
  test('has a group begin anew where its coordinator does not say that it loads', () => {
    const one = plainCase(scenario('coordinator-loading'), 1)

    const judged = judge(run({ ...one, guardsOff: ['group.loading'] }), { series: false })

    expect(word(judged, 'no-loss', 'processed:payment')).toBe('broken')
  })
})

describe('bit-rot', () => {
  test('has an application given what rot made of a record, without checksums', () => {
    const whole = scenario('bit-rot')
    const one = plainCase({ ...whole, checks: ['anomalies'], expect: {} }, 1)

    const judged = judge(run({ ...one, guardsOff: ['consumer.checksum'] }), { series: false })

    expect(word(judged, 'anomalies', 'inconsistent-offsets')).toBe('broken')
  })
})

describe('stale-metadata', () => {
  test('has a reader begin anew at the older leader, if it follows older metadata', () => {
    const one = plainCase(scenario('stale-metadata'), 1)

    const judged = judge(run({ ...one, guardsOff: ['consumer.metadataLeaderEpoch'] }), {
      series: false,
    })

    expect(word(plainRun('stale-metadata'), 'no-duplicates', 'delivered-once:payment')).toBe('kept')
    expect(word(judged, 'no-duplicates', 'delivered-once:payment')).toBe('broken')
  })
})

describe('deep-pipeline', () => {
  test('stores records twice, if more is under way than a broker remembers', () => {
    const one = plainCase(scenario('deep-pipeline'), 1)

    const judged = judge(run({ ...one, guardsOff: ['producer.inFlightLimit'] }), { series: false })

    expect(word(plainRun('deep-pipeline'), 'no-log-duplicates', 'stored-once')).toBe('kept')
    expect(word(judged, 'no-log-duplicates', 'stored-once')).toBe('broken')
  })
})

describe('end-goes-back', () => {
  test('has a reader told an earlier end, by a leader that does not wait until it knows it', () => {
    const one = plainCase(scenario('end-goes-back'), 1)

    const unguarded = judge(run({ ...one, guardsOff: ['fetch.epochStart'] }), { series: false })
    const old = { ...one.protocols, 'listOffsets.waitForEpochStart': 'off' }
    const before = judge(run({ ...one, protocols: old }), { series: false })

    expect(word(plainRun('end-goes-back'), 'refusals', 'all')).toBe('kept')
    expect(word(unguarded, 'refusals', 'all')).toBe('broken')
    expect(word(before, 'refusals', 'all')).toBe('broken')
  })
})

describe('controller-takeovers', () => {
  test('has a controller decide that was replaced, if nothing fences its writes', () => {
    const one = plainCase(scenario('controller-takeovers'), 1)

    const judged = judge(run({ ...one, guardsOff: ['controller.epochVersion'] }), { series: false })

    expect(word(plainRun('controller-takeovers'), 'fencing', 'controllers')).toBe('kept')
    expect(word(judged, 'fencing', 'controllers')).toBe('broken')
    expect(word(judged, 'refusals', 'all')).toBe('broken')
  })
})
