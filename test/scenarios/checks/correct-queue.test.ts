/** Laws of the checks, over random histories of a queue that does nothing wrong. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Outcome } from '../../../model/history.ts'
import { judge } from '../../../scenarios/judge.ts'
import type { Verdict } from '../../../scenarios/result.ts'
import type { CheckName } from '../../../scenarios/schema/scenario.ts'
import { Run, type Sent } from '../history-builder.ts'

const checks: readonly CheckName[] = [
  'no-loss',
  'no-log-duplicates',
  'no-duplicates',
  'effects-once',
  'order-by-key',
  'backlog-drains',
  'lateness',
  'committed-offset-regression',
  'availability',
]

const operation = fc.record({
  key: fc.nat(3),
  outcome: fc.constantFrom('ok', 'ok', 'ok', 'unknown', 'open', 'failed'),
  /** Of an unknown send: whether it was stored after all. */
  happened: fc.boolean(),
  count: fc.constantFrom(1, 1, 1, 5),
})

interface Plan {
  readonly operations: readonly {
    readonly key: number
    readonly outcome: 'ok' | 'unknown' | 'open' | 'failed'
    readonly happened: boolean
    readonly count: number
  }[]
  /**
   * After so many records a member is replaced, and the batch since the last commit comes again.
   */
  readonly rewinds: readonly number[]
}

const plan: fc.Arbitrary<Plan> = fc.record({
  operations: fc.array(operation, { minLength: 1, maxLength: 40 }) as fc.Arbitrary<
    Plan['operations']
  >,
  rewinds: fc.array(fc.nat(40), { maxLength: 4 }),
})

interface Fault {
  /** This acknowledged record, counted among them, is in no log. */
  readonly drop?: number
  /** This stored record stands once more. */
  readonly repeat?: number
}

interface Told {
  readonly run: Run
  readonly acknowledged: readonly Sent[]
  readonly stored: readonly Sent[]
}

/** Sends one after the other, each stored in the partition of its key. */
function send(run: Run, operations: Plan['operations'], fault: Fault): Told {
  const acknowledged: Sent[] = []
  const stored: Sent[] = []
  operations.forEach(({ key, outcome, happened, count }, at) => {
    const keep = outcome === 'ok' ? acknowledged.length !== fault.drop : happened
    const sent = run.send(1_000 + at * 10, {
      key: `key-${key}`,
      partition: key % 2,
      outcome: Outcome[outcome],
      stored: keep && outcome !== 'failed',
      count,
    })
    if (outcome === 'ok') acknowledged.push(sent)
    if (sent.offset >= 0) stored.push(sent)
  })
  const again = fault.repeat === undefined ? undefined : stored[fault.repeat % stored.length]
  if (again !== undefined) run.store(again)
  return { run, acknowledged, stored }
}

/** One member a time reads each partition in order, commits every third record, and may rewind. */
function consume({ run, stored }: Told, rewinds: readonly number[]): void {
  let nowMs = 2_000
  for (const partition of [0, 1]) {
    const log = stored.filter((sent) => sent.partition % 2 === partition)
    let generation = 1
    let committed = 0
    for (let at = 0; at < log.length; at += 1) {
      const sent = log[at] as Sent
      run.process(sent, nowMs, { generation }).effect(sent, nowMs)
      nowMs += 5
      if (at % 3 === 2) {
        run.commit(sent.offset + sent.count, nowMs, { partition })
        nowMs += 5
        committed = at + 1
      }
      if (!rewinds.includes(at) || generation > 3) continue
      generation += 1
      at = committed - 1
    }
    const last = log.at(-1)
    if (last !== undefined) run.commit(last.offset + last.count, nowMs, { partition })
    nowMs += 5
  }
}

function tell({ operations, rewinds }: Plan, fault: Fault = {}): Told {
  const told = send(new Run().crash(500), operations, fault)
  consume(told, rewinds)
  return told
}

function verdictsOf({ run }: Told): readonly Verdict[] {
  return judge(run.given({ checks }).result()).verdicts
}

function brokenPromises(told: Told): readonly string[] {
  return verdictsOf(told)
    .filter(({ verdict, promised }) => verdict === 'broken' && promised)
    .map(({ signature }) => signature)
}

describe('the checks', () => {
  test('find no broken promise in a queue that does nothing wrong', () => {
    fc.assert(
      fc.property(plan, (one) => {
        expect(brokenPromises(tell(one))).toEqual([])
      }),
      { seed: 11, numRuns: 300 },
    )
  })

  test('find nothing unknown in a run that drained', () => {
    fc.assert(
      fc.property(plan, (one) => {
        const words = verdictsOf(tell(one)).map(({ verdict }) => verdict)
        expect(words).not.toContain('unknown')
      }),
      { seed: 12, numRuns: 100 },
    )
  })

  test('always find an acknowledged record that was dropped', () => {
    fc.assert(
      fc.property(plan, fc.nat(), (one, drop) => {
        const oks = one.operations.filter(({ outcome }) => outcome === 'ok')
        fc.pre(oks.length > 0)
        const place = drop % oks.length

        const told = tell(one, { drop: place })

        const verdict = verdictsOf(told).find(({ scope }) => scope === 'stored')
        expect(verdict).toMatchObject({ verdict: 'broken', promised: true })
        expect(verdict?.count).toBe(told.acknowledged[place]?.count)
      }),
      { seed: 13, numRuns: 300 },
    )
  })

  test('always find a record that stands twice', () => {
    fc.assert(
      fc.property(plan, fc.nat(), (one, repeat) => {
        const told = tell(one, { repeat })
        fc.pre(told.stored.length > 0)

        const verdict = verdictsOf(told).find(({ check }) => check === 'no-log-duplicates')

        expect(verdict).toMatchObject({ verdict: 'broken', promised: true })
      }),
      { seed: 14, numRuns: 300 },
    )
  })
})
