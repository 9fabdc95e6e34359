import { beforeAll, describe, expect, test } from 'vitest'
import type { Case } from '../../../scenarios/case.ts'
import { exploredCase } from '../../../scenarios/explore/cases.ts'
import { shrink, type Shrunk, type ShrinkTarget } from '../../../scenarios/explore/shrink.ts'
import { judge } from '../../../scenarios/judge.ts'
import type { Judged, Verdict } from '../../../scenarios/result.ts'
import { run } from '../../../scenarios/run.ts'
import { loadScenario } from '../../../scenarios/schema/load.ts'

/** Preparing runs dozens of cases. */
const HOOK_MS = 120_000

interface Failing {
  readonly one: Case
  readonly verdict: Verdict
}

/** The first run of leader-crash-acks-one with several faults that loses. */
async function failing(): Promise<Failing> {
  const { scenario } = await loadScenario('leader-crash-acks-one')
  for (let index = 0; index < 30; index += 1) {
    const one = exploredCase(scenario, 1, index)
    if (one.timeline.length < 4) continue
    const verdict = loss(judge(run(one), { series: false }))
    if (verdict !== undefined) return { one, verdict }
  }
  throw new Error('none of thirty runs lost anything')
}

function loss(judged: Judged): Verdict | undefined {
  return judged.verdicts.find(({ check, verdict }) => check === 'no-loss' && verdict === 'broken')
}

function targetOf({ check, scope, signature }: Verdict): ShrinkTarget {
  return { check, scope, signature }
}

describe('a run of leader-crash-acks-one that loses', () => {
  let found: Failing
  let shrunk: Shrunk

  beforeAll(async () => {
    found = await failing()
    shrunk = shrink(found.one, targetOf(found.verdict), { runsMax: 80 }) as Shrunk
  }, HOOK_MS)

  test('shrinks to at most three entries of its timeline', () => {
    expect(shrunk.from.faults).toBeGreaterThanOrEqual(4)
    expect(shrunk.judged.result.case.timeline.length).toBeLessThanOrEqual(3)
  })

  test('still breaks the same promise by the same mechanism', () => {
    expect(targetOf(shrunk.verdict)).toEqual(targetOf(found.verdict))
    expect(shrunk.verdict.verdict).toBe('broken')
  })

  test('is told as the case that was judged: run again, it gives the same hash and verdict', () => {
    const { case: small, traceHash } = shrunk.judged.result

    const again = judge(run(small), { series: false })

    expect(again.result.traceHash).toBe(traceHash)
    expect(loss(again)?.signature).toBe(found.verdict.signature)
  })

  test('shrinks to no more brokers, records and time than it had', () => {
    const { scenario } = shrunk.judged.result.case

    expect(scenario.cluster.brokers.length).toBeLessThanOrEqual(shrunk.from.brokers)
    expect(scenario.durationUs).toBeLessThanOrEqual(found.one.scenario.durationUs)
    expect(shrunk.judged.measures.operations.invoked).toBeLessThanOrEqual(shrunk.from.records)
  })

  test('keeps its seed', () => {
    expect(shrunk.judged.result.case.seed).toBe(found.one.seed)
  })

  test('is cut short by the events that it may simulate, with the best so far', () => {
    const eventsMax = 4 * shrunk.judged.result.events

    const early = shrink(found.one, targetOf(found.verdict), { runsMax: 80, eventsMax }) as Shrunk

    expect(early.stopped).toBe('events')
    expect(early.runs).toBeLessThan(shrunk.runs)
    expect(targetOf(early.verdict)).toEqual(targetOf(found.verdict))
  })

  test('takes no more runs than it may', () => {
    expect(shrunk.runs).toBeLessThanOrEqual(80)
  })

  test('shrinks the same way every time', () => {
    const target = targetOf(found.verdict)

    const once = shrink(found.one, target, { runsMax: 12 })
    const twice = shrink(found.one, target, { runsMax: 12 })

    expect(twice?.judged.result.case).toEqual(once?.judged.result.case)
  })

  test('stops where it is when it is told to', () => {
    const stopped = shrink(found.one, targetOf(found.verdict), {
      runsMax: 400,
      enough: () => true,
    })

    expect(stopped?.runs).toBe(1)
    expect(stopped?.judged.result.case).toEqual(found.one)
  })

  test('does not shrink towards something else', () => {
    const other = { check: 'no-loss', scope: 'stored', signature: 'no-loss/stored/nothing' }

    expect(shrink(found.one, other, { runsMax: 5 })).toBeNull()
  })
})
