import { describe, expect, test } from 'vitest'
import { Outcome } from '../../../model/history.ts'
import type { LeaderChange, TruthBreach } from '../../../scenarios/result.ts'
import { ordersPartition, Run } from '../history-builder.ts'
import { verdictOf } from '../judged.ts'

const unsettled = { settledUs: null, wroteUs: null, producersDoneUs: null, drainedUs: null }

describe('availability', () => {
  test('is kept when every partition took a write after the heal, and tells what was answered', () => {
    const run = new Run().crash(9_000)
    run.send(1_000)
    run.send(10_000, { outcome: Outcome.unknown })
    run.send(11_000)

    const verdict = verdictOf(run, 'availability')

    expect(verdict).toMatchObject({
      scope: 'all',
      verdict: 'kept',
      sentence: 'Every partition took writes 6.000 s after the heal.',
    })
    expect(verdict.evidence.map(({ sentence }) => sentence)).toEqual([
      '1 of 1 record sent before the first fault was acknowledged',
      '1 of 2 records sent from the first fault to the heal was acknowledged',
    ])
  })

  test('is broken without a promise when the cluster is stuck for a reason on the list', () => {
    const reason = 'the only member of the ISR of orders-0 is down'
    const run = new Run().crash(9_000).ended({ ended: 'stuck', reason, phases: unsettled })

    const verdict = verdictOf(run, 'availability')

    expect(verdict).toMatchObject({ verdict: 'broken', promised: false })
    expect(verdict.sentence).toContain(reason)
  })

  test('is broken against the promise when nobody knows why it is stuck', () => {
    const run = new Run().crash(9_000).ended({ ended: 'stuck', reason: null, phases: unsettled })

    expect(verdictOf(run, 'availability')).toMatchObject({ verdict: 'broken', promised: true })
  })

  test('is unknown when time ran out', () => {
    const run = new Run().crash(9_000).ended({ ended: 'time-limit', phases: unsettled })

    expect(verdictOf(run, 'availability').verdict).toBe('unknown')
  })

  test('is broken when the cluster does not get whole, whoever takes writes', () => {
    const run = new Run().crash(9_000).ended({
      ended: 'stuck',
      reason: null,
      detail: 'broker-3 is not registered',
      phases: { settledUs: null },
    })

    expect(verdictOf(run, 'availability').verdict).toBe('kept')
    expect(verdictOf(run, 'availability', 'whole')).toMatchObject({
      verdict: 'broken',
      promised: true,
      sentence: 'After the heal the cluster did not get whole: broker-3 is not registered.',
      signature: 'availability whole: broker is not registered',
    })
  })

  test('is vacuous when a fault was meant and none took effect', () => {
    const run = new Run().strikes({ kind: 'crash', target: { of: 'broker', id: 1 } }, null)

    expect(verdictOf(run, 'availability').verdict).toBe('vacuous')
  })
})

describe('availability by phase', () => {
  function answered(): Run {
    const run = new Run().crash(9_000)
    run.send(1_000, { tookMs: 500 })
    run.send(4_000, { tookMs: 500 })
    run.send(10_000)
    run.send(70_000)
    return run
  }

  test('is kept while every send is answered, and tells the longest silence', () => {
    expect(verdictOf(answered(), 'availability', 'before')).toMatchObject({
      verdict: 'kept',
      promised: true,
      sentence:
        '2 of 2 records sent before the first fault were acknowledged; the longest silence was 3.000 s.',
    })
    expect(verdictOf(answered(), 'availability', 'after').verdict).toBe('kept')
  })

  test('is broken by a send without an answer, against the promise where no fault lasts', () => {
    const run = answered()
    run.send(5_000, { outcome: Outcome.failed })
    run.send(11_000, { outcome: Outcome.unknown })
    run.send(71_000, { outcome: Outcome.unknown })

    expect(verdictOf(run, 'availability', 'before')).toMatchObject({
      verdict: 'broken',
      promised: true,
    })
    expect(verdictOf(run, 'availability', 'during')).toMatchObject({
      verdict: 'broken',
      promised: false,
    })
    expect(verdictOf(run, 'availability', 'after')).toMatchObject({
      verdict: 'broken',
      promised: true,
    })
  })

  test('leaves out of the calm what the first fault met on its way', () => {
    const run = answered()
    run.send(8_999, { outcome: Outcome.unknown })

    expect(verdictOf(run, 'availability', 'before').verdict).toBe('kept')
  })

  test('counts that send with the time of the faults', () => {
    const run = answered()
    run.send(8_999, { outcome: Outcome.unknown })

    expect(verdictOf(run, 'availability', 'during').sentence).toBe(
      '1 of 2 records sent from the first fault to the heal was acknowledged; ' +
        'the longest silence was 1.002 s.',
    )
  })

  test('counts what ends after the heal with the calm where there was no fault', () => {
    const run = new Run()
    run.send(59_999, { tookMs: 10 })

    expect(verdictOf(run, 'availability', 'before').verdict).toBe('kept')
    expect(verdictOf(run, 'availability', 'during').verdict).toBe('vacuous')
  })

  test('tells a silence that no answer ended, and answers in the order in which they came', () => {
    const run = new Run().crash(9_000)
    run.send(10_000, { tookMs: 20_000 })
    run.send(11_000, { tookMs: 1_000 })
    run.send(31_000, { outcome: Outcome.unknown, tookMs: 60_000 })

    expect(verdictOf(run, 'availability', 'during').sentence).toBe(
      '2 of 3 records sent from the first fault to the heal were acknowledged; ' +
        'the longest silence was 30.000 s.',
    )
  })

  test('is unknown where the run ended before a late send could be answered', () => {
    const run = answered()
    run.send(89_000, { outcome: Outcome.open })

    expect(verdictOf(run, 'availability', 'after').verdict).toBe('broken')
    run.ended({ ended: 'time-limit', reason: null })
    expect(verdictOf(run, 'availability', 'after')).toMatchObject({
      verdict: 'unknown',
      promised: true,
    })
  })

  test('is vacuous in a phase in which nothing was sent', () => {
    expect(verdictOf(new Run().crash(9_000), 'availability', 'during').verdict).toBe('vacuous')
  })
})

describe('truth', () => {
  const leaders: readonly LeaderChange[] = [
    { atUs: 0, partition: ordersPartition(), leader: 1, leaderEpoch: 0, isr: [1], clean: true },
  ]
  const breach: TruthBreach = {
    property: 'StrongIsr',
    atUs: 12_000_000,
    partition: ordersPartition(),
    sentence: 'orders-0: broker 2 lacks what broker 1 has committed.',
    brokers: [1, 2],
  }

  test('has a verdict for each property', () => {
    const run = new Run().crash(9_000).ended({ leaders, truth: [breach, breach] })

    expect(verdictOf(run, 'truth', 'StrongIsr')).toMatchObject({
      verdict: 'broken',
      promised: true,
      count: 2,
      sentence: 'StrongIsr broke 2 times.',
    })
    expect(verdictOf(run, 'truth', 'WeakIsr').verdict).toBe('kept')
  })

  test('gives the sentence of the breach and its time as evidence', () => {
    const run = new Run().crash(9_000).ended({ leaders, truth: [breach] })

    expect(verdictOf(run, 'truth', 'StrongIsr').evidence).toMatchObject([
      {
        sentence: 'orders-0: broker 2 lacks what broker 1 has committed, at 12.000 s',
        partition: 'orders-0',
      },
    ])
  })

  test('is vacuous when truth was told nothing', () => {
    expect(verdictOf(new Run().crash(9_000), 'truth', 'TypeOk').verdict).toBe('vacuous')
  })

  test('is unknown when the simulator failed', () => {
    const run = new Run().ended({ ended: 'internal-error', leaders })

    expect(verdictOf(run, 'truth', 'TypeOk').verdict).toBe('unknown')
  })
})
