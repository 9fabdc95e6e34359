/**
 * The checks against a slow judge that was written from the document alone: random histories, most
 * of them wrong in several ways at once, and the same counts of breaches from both.
 */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Outcome } from '../../../model/history.ts'
import { judge } from '../../../scenarios/judge.ts'
import type { CheckName } from '../../../scenarios/schema/scenario.ts'
import { ordersPartition, Run, type Sent } from '../history-builder.ts'

const checks: readonly CheckName[] = [
  'no-loss',
  'no-log-duplicates',
  'no-duplicates',
  'effects-once',
  'order-by-key',
  'committed-offset-regression',
]

interface Plan {
  readonly sends: readonly {
    readonly key: number
    readonly outcome: 'ok' | 'unknown' | 'failed'
    readonly stored: boolean
  }[]
  /** Places of stored records that stand in their log once more. */
  readonly copies: readonly number[]
  /** Processings in the order of time; each ends so long after it began. */
  readonly works: readonly {
    readonly of: number
    readonly ok: boolean
    readonly tookMs: number
    readonly applied: boolean
    readonly known: boolean
  }[]
  /** Offsets committed one after the other, by partition. */
  readonly commits: readonly { readonly partition: number; readonly offset: number }[]
}

const plan: fc.Arbitrary<Plan> = fc.record({
  sends: fc.array(
    fc.record({
      key: fc.nat(2),
      outcome: fc.constantFrom('ok', 'ok', 'unknown', 'failed'),
      stored: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  copies: fc.array(fc.nat(20), { maxLength: 3 }),
  works: fc.array(
    fc.record({
      of: fc.nat(20),
      ok: fc.boolean(),
      tookMs: fc.integer({ min: 1, max: 60 }),
      applied: fc.boolean(),
      known: fc.boolean(),
    }),
    { maxLength: 14 },
  ),
  commits: fc.array(fc.record({ partition: fc.nat(1), offset: fc.nat(6) }), { maxLength: 6 }),
}) as fc.Arbitrary<Plan>

const nameOf = ({ stream, index }: Sent): string => `${stream}/${index}`

interface Work {
  readonly sent: Sent
  readonly endMs: number
}

interface Told {
  readonly run: Run
  readonly sent: readonly (Sent & { readonly ok: boolean; readonly failed: boolean })[]
  /** Names of records in the order of each log. */
  readonly logs: readonly (readonly Sent[])[]
  /** Those that ended ok. */
  readonly works: readonly Work[]
  readonly effects: readonly { readonly name: string; readonly applied: boolean }[]
}

function tell({ sends, copies, works, commits }: Plan): Told {
  const run = new Run().crash(500)
  const logs: Sent[][] = [[], []]
  const sent = sends.map(({ key, outcome, stored }, at) => {
    const of = Outcome[outcome]
    const one = run.send(1_000 + at, { key: `k${key}`, partition: key % 2, outcome: of, stored })
    if (stored) logs[key % 2]?.push(one)
    return { ...one, ok: outcome === 'ok', failed: outcome === 'failed' }
  })
  const stored = sent.filter(({ offset }) => offset >= 0)
  for (const of of stored.length === 0 ? [] : copies) {
    const one = stored[of % stored.length] as Sent
    run.store(one)
    logs[one.partition === ordersPartition(0) ? 0 : 1]?.push(one)
  }
  const done: Work[] = []
  const effects: { name: string; applied: boolean }[] = []
  works.forEach(({ of, ok, tookMs, applied, known }, at) => {
    const one = sent[of % sent.length] as Sent
    const atMs = 2_000 + at * 10
    run.process(one, atMs, { outcome: ok ? Outcome.ok : Outcome.failed, tookMs })
    if (ok) done.push({ sent: one, endMs: atMs + tookMs })
    if (!applied && !known) return
    run.effect(one, atMs, { applied })
    effects.push({ name: nameOf(one), applied })
  })
  commits.forEach(({ partition, offset }, at) => {
    run.commit(offset, 4_000 + at * 10, { partition })
  })
  return { run, sent, logs, works: done, effects }
}

/** Records that stand behind a later one of their stream: the first of each in a sequence. */
function overtaken(sequence: readonly Sent[]): number {
  return sequence.filter((one, at) =>
    sequence.slice(0, at).some((other) => other.stream === one.stream && other.index > one.index),
  ).length
}

function firstOfEach(sequence: readonly Sent[]): Sent[] {
  const seen = new Set<string>()
  return sequence.filter((one) => !seen.has(nameOf(one)) && seen.add(nameOf(one)) !== undefined)
}

/** What the document says, counted in the plainest way. */
function slowly({ sent, logs, works, effects }: Told, { commits }: Plan): Record<string, number> {
  const standing = logs.flat().map(nameOf)
  const copiesOf = (one: Sent): number => standing.filter((name) => name === nameOf(one)).length
  const timesOf = (one: Sent): number =>
    works.filter((work) => nameOf(work.sent) === nameOf(one)).length
  const byEnd = works.toSorted((left, right) => left.endMs - right.endMs)
  const applied = (name: string): number =>
    effects.filter((one) => one.applied && one.name === name).length
  const names = effects.map(({ name }) => name)
  return {
    'no-loss stored': sent.filter((one) => one.ok && copiesOf(one) === 0).length,
    'no-loss processed:payment': sent.filter((one) => copiesOf(one) > 0 && timesOf(one) === 0)
      .length,
    'no-log-duplicates stored-once':
      sent.filter((one) => copiesOf(one) > 1).length +
      sent.filter((one) => one.failed && copiesOf(one) > 0).length,
    'no-duplicates delivered-once:payment': sent.filter((one) => timesOf(one) > 1).length,
    'effects-once bank': sent.filter((one) => applied(nameOf(one)) > 1).length,
    'effects-once payment': sent.filter((one) => timesOf(one) > 0 && !names.includes(nameOf(one)))
      .length,
    'order-by-key stored': logs.reduce((sum, log) => sum + overtaken(firstOfEach(log)), 0),
    'order-by-key payment': overtaken(firstOfEach(byEnd.map((work) => work.sent))),
    'committed-offset-regression payment': [0, 1].reduce((sum, partition) => {
      const offsets = commits.filter((one) => one.partition === partition)
      return sum + offsets.filter((one, at) => one.offset < (offsets[at - 1]?.offset ?? 0)).length
    }, 0),
  }
}

describe('the checks and a slow judge', () => {
  test('count the same breaches in random histories', () => {
    fc.assert(
      fc.property(plan, (one) => {
        const told = tell(one)

        const { verdicts } = judge(told.run.given({ checks }).result())

        const slow = slowly(told, one)
        for (const { check, scope, verdict, count } of verdicts) {
          const name = `${check} ${scope}`
          const expected = slow[name]
          if (expected === undefined) throw new Error(`the slow judge has no ${name}`)
          expect(`${name} ${count}`).toBe(`${name} ${expected}`)
          expect(verdict === 'broken').toBe(expected > 0)
        }
      }),
      { seed: 31, numRuns: 1_000 },
    )
  })
})
