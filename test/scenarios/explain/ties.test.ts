import { beforeAll, describe, expect, test } from 'vitest'
import type { Case } from '../../../scenarios/case.ts'
import { accountOf, brokenOf, witness, type Witnessed } from '../../../scenarios/explain/account.ts'
import { type Pivot, pivotOf } from '../../../scenarios/explain/pivot.ts'
import { flippedText, likelyTies, type MetTie, TieWatch } from '../../../scenarios/explain/ties.ts'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import { hazardScenarios } from '../../../scenarios/hazards/catalogue.ts'
import { judge } from '../../../scenarios/judge.ts'
import { run } from '../../../scenarios/run.ts'

/** The leader dies at a time, in a case whose retries are stored twice. */
function dyingAt(plain: Case, atUs: number): Case {
  const target = { of: 'leader', topic: 'orders', partition: 0 } as const
  return { ...plain, timeline: [{ kind: 'crash', target, atUs, forUs: 4_000_000 }] }
}

/** The times at which a broker is given a produce request, from t = 0. */
function producedAt(plain: Case): readonly number[] {
  const times = new Set<number>()
  const { phases } = run(plain, {
    sink: {
      event: ({ kind, name, atUs }) => {
        if (kind === 'message' && name === 'ProduceRequest') times.add(atUs)
      },
      probe: () => {},
    },
  })
  return [...times].map((atUs) => atUs - phases.originUs).filter((atUs) => atUs > 4_000_000)
}

/** The first such death at the very time of a produce request that breaks the promise by a tie. */
function decidedByATie(plain: Case): Case {
  for (const atUs of producedAt(plain)) {
    const one = dyingAt(plain, atUs)
    const seen = witness(one)
    const [verdict] = brokenOf(seen.judged)
    if (verdict === undefined) continue
    const at = seen.result.phases.originUs + atUs
    const watch = new TieWatch((us) => us === at)
    run(one, { recording: watch })
    const saved = watch.ties.some((tie) => brokenOf(judge(run(flipped(one, tie)))).length === 0)
    if (saved) return one
  }
  throw new Error('no death of the leader breaks it by a tie')
}

function flipped(one: Case, { atUs, lanes }: MetTie): Case {
  return { ...one, ties: [{ atUs, lanes }] }
}

let one: Case
let seen: Witnessed
let pivot: Pivot

beforeAll(async () => {
  const p01 = (await hazardScenarios()).find(({ hazard }) => hazard.id === 'P01')
  if (p01 === undefined) throw new Error('there is no P01')
  one = decidedByATie(plainCase({ ...p01.scenario, durationUs: 10_000_000 }, 1))
  seen = witness(one)
  const [verdict] = brokenOf(seen.judged)
  if (verdict === undefined) throw new Error('it breaks nothing')
  pivot = pivotOf(seen.judged, verdict, accountOf(seen, verdict))
})

describe('a failure that a tie decided', () => {
  test('is told to turn on that tie, with both hashes', () => {
    expect(pivot.told).toMatchObject({ kind: 'tie' })
    expect(pivot.triedOf.tie).toBeGreaterThan(0)
    expect(pivot.sentence).toContain('comes before')
    expect(pivot.sentence).toContain(pivot.told?.traceHash)
    expect(pivot.sentence).toContain(seen.result.traceHash)
  })

  test('does not happen in the run in which the tie is flipped', () => {
    const again = judge(run(pivot.told?.case ?? one))

    expect(brokenOf(again)).toEqual([])
    expect(again.result.traceHash).toBe(pivot.told?.traceHash)
    expect(again.result.traceHash).not.toBe(seen.result.traceHash)
  })

  test('differs from the flipped run by that tie alone', () => {
    const { told } = pivot

    expect(told?.case).toEqual({ ...one, ties: told?.case.ties })
    expect(told?.case.ties).toHaveLength(1)
  })
})

describe('watching ties', () => {
  test('leaves the trace as it is', () => {
    const watch = new TieWatch(() => true)

    const { traceHash } = run(one, { recording: watch })

    expect(traceHash).toBe(run(one).traceHash)
    expect(watch.ties.length).toBeGreaterThan(0)
  })

  test('finds two events of one time in different lanes', () => {
    const watch = new TieWatch(() => true)

    run(one, { recording: watch })

    for (const { lanes, first, second } of watch.ties) {
      expect(lanes).toEqual([first.lane, second.lane])
      expect(first.lane).not.toBe(second.lane)
    }
  })

  test('does not take what an event led to at once for a tie', () => {
    const watch = new TieWatch(() => true)
    const told = { atUs: 5, process: 'broker-1', kind: 'timer', name: 'tick' } as const

    watch.event({ ...told, sequence: 1, cause: 0 })
    watch.fold(5, 11, 0, 0)
    watch.event({ ...told, sequence: 2, cause: 1 })
    watch.fold(5, 12, 0, 0)
    watch.event({ ...told, sequence: 3, cause: 1 })
    watch.fold(5, 13, 0, 0)

    expect(watch.ties.map(({ lanes }) => lanes)).toEqual([[12, 13]])
  })
})

describe('the ties that are tried', () => {
  const side = (process: string, lane: number) =>
    ({ lane, process, kind: 'message', name: 'FetchRequest', from: 'broker-3' }) as const
  const tie = (atUs: number, one: string, other: string): MetTie => ({
    atUs,
    lanes: [1, 2],
    first: side(one, 1),
    second: side(other, 2),
  })

  test('are those of processes in the account first, the nearest before others', () => {
    const ties = [
      tie(100, 'broker-9', 'broker-9'),
      tie(90, 'broker-1', 'broker-2'),
      tie(10, 'broker-1', 'broker-1'),
      tie(99, 'broker-1', 'broker-1'),
      tie(100, 'broker-1', 'broker-9'),
    ]

    const likely = likelyTies(ties, {
      moments: [100],
      processes: new Set(['broker-1', 'broker-2']),
    })

    expect(likely).toEqual([ties[3], ties[2], ties[0], ties[1]])
  })

  test('are told by who comes before whom', () => {
    expect(flippedText(tie(1, 'broker-1', 'broker-1'))).toBe(
      'at broker 1 the FetchRequest from broker 3 comes before the FetchRequest from broker 3, not after it',
    )
    expect(flippedText(tie(1, 'broker-1', 'broker-2'))).toBe(
      'the FetchRequest from broker 3 at broker 2 comes before the FetchRequest from broker 3 at broker 1, not after it',
    )
  })
})
