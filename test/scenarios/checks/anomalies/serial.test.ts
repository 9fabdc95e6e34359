import { describe, expect, test } from 'vitest'
import { Outcome } from '../../../../model/history.ts'
import { anomalyNames } from '../../../../scenarios/checks/anomalies/names.ts'
import { shapes } from '../../../../scenarios/checks/anomalies/serial.ts'
import type { Verdict } from '../../../../scenarios/result.ts'
import { Run } from '../../history-builder.ts'
import { verdictOf } from '../../judged.ts'

function said(run: Run, anomaly: string): Verdict {
  return verdictOf(run, 'anomalies', anomaly)
}

/** Names of cycles that are told of a run, those that were promised not to be first. */
function told(of: Run): { readonly broken: string[]; readonly allowed: string[] } {
  const verdicts = Object.keys(shapes).map((name) => ({ name, verdict: said(of, name) }))
  const named = (promised: boolean): string[] =>
    verdicts
      .filter(({ verdict }) => verdict.verdict === 'broken' && verdict.promised === promised)
      .map(({ name }) => name)
  return { broken: named(true), allowed: named(false) }
}

const broken = { verdict: 'broken', promised: true }
const allowed = { verdict: 'broken', promised: false, asExpected: true }

function run(): Run {
  return new Run().crash(9_000)
}

test('every name of a cycle is a name of an anomaly', () => {
  expect(anomalyNames).toEqual(expect.arrayContaining(Object.keys(shapes)))
})

/** Two transactions that write to two partitions, each first in one of them. */
function writingInACircle(history: Run, outcome: Outcome = Outcome.ok): Run {
  const [first, second] = [history.send(1_000), history.send(1_100)]
  const [third, fourth] = [
    history.send(1_200, { partition: 1 }),
    history.send(1_300, { partition: 1 }),
  ]
  history.transaction(2_000, { sends: [first, fourth] })
  return history.transaction(2_100, { sends: [second, third], outcome })
}

describe('G0', () => {
  test('is a circle of writes, and always allowed', () => {
    expect(said(writingInACircle(run()), 'G0')).toMatchObject({ ...allowed, count: 1 })
  })

  test('is none where one of them was aborted', () => {
    expect(said(writingInACircle(run(), Outcome.failed), 'G0').verdict).toBe('kept')
  })
})

describe('G1c', () => {
  test('is a circle of reads', () => {
    const history = run()
    const [one, other] = [history.send(1_000), history.send(1_100)]
    history.deliver(other, 1_200).deliver(one, 1_300)
    history.transaction(2_000, { sends: [one], deliveries: [0] })
    history.transaction(2_100, { sends: [other], deliveries: [1] })

    expect(said(history, 'G1c')).toMatchObject({ ...broken, count: 1 })
    expect(said(history, 'G1c').signature).toBe('anomalies G1c: by reads alone')
  })

  test('is allowed where the circle takes an order of writes', () => {
    const history = run()
    const [first, second] = [history.send(1_000), history.send(1_100)]
    history.deliver(second, 1_200)
    history.transaction(2_000, { sends: [first], deliveries: [0] })
    history.transaction(2_100, { sends: [second] })

    expect(said(history, 'G1c')).toMatchObject({ ...allowed, count: 1 })
  })

  test('is none where reads go one way', () => {
    const history = run()
    const sent = history.send(1_000)
    history.deliver(sent, 1_200).transaction(2_000, { sends: [sent] })
    history.transaction(2_100, { deliveries: [0] })

    expect(said(history, 'G1c').verdict).toBe('kept')
  })
})

const PL1 = ['PL-1-cycle-exists', 'strong-session-PL-1-cycle-exists', 'strong-PL-1-cycle-exists']
const PL2 = ['PL-2-cycle-exists', 'strong-session-PL-2-cycle-exists', 'strong-PL-2-cycle-exists']

/** What was sent last stands first. */
function writingBackwards(one: string, other: string, outcome: Outcome = Outcome.ok): Run {
  const history = run()
  const [first, second] = [history.send(1_000), history.send(1_100)]
  history.transaction(2_000, { process: one, sends: [second], outcome })
  return history.transaction(2_100, { process: other, sends: [first] })
}

/** The first reads what the second sends afterwards. */
function readingAhead(one: string, other: string): Run {
  const history = run()
  const sent = history.send(1_000)
  history.deliver(sent, 1_100).transaction(2_000, { process: one, deliveries: [0] })
  return history.transaction(2_100, { process: other, sends: [sent] })
}

describe('a cycle is told under the name that needs the least', () => {
  test('writes alone: G0', () => {
    const { broken: bad, allowed: fine } = told(writingInACircle(run()))

    expect(bad).toEqual([])
    expect(fine).toEqual(['G0', ...PL1.slice(0, 1), 'PL-2-cycle-exists', ...rest(PL1, PL2)])
  })

  test('writes and the order in a process: G0-process', () => {
    const { broken: bad, allowed: fine } = told(writingBackwards('payment-1', 'payment-1'))

    expect(bad).toEqual([])
    expect(fine).toEqual(['G0-process', 'G0-realtime', ...rest(PL1, PL2)])
  })

  test('writes and real time, in two processes: G0-realtime', () => {
    const { broken: bad, allowed: fine } = told(writingBackwards('payment-1', 'payment-2'))

    expect(bad).toEqual([])
    expect(fine).toEqual(['G0-realtime', ...PL1.slice(2), ...PL2.slice(2)])
  })

  test('reads and the order in a process: G1c-process', () => {
    const history = readingAhead('payment-1', 'payment-1')
    const { broken: bad, allowed: fine } = told(history)

    expect(bad).toEqual(['G1c-process', 'G1c-realtime', ...PL2.slice(1)])
    expect(fine).toEqual([])
    expect(said(history, 'G1c-process').signature).toBe(
      'anomalies G1c-process: by reads and the order in a process',
    )
  })

  test('reads and real time, in two processes: G1c-realtime', () => {
    const { broken: bad, allowed: fine } = told(readingAhead('payment-1', 'payment-2'))

    expect(bad).toEqual(['G1c-realtime', ...PL2.slice(2)])
    expect(fine).toEqual([])
  })

  test('reads alone: G1c, and every coarse name of reads', () => {
    const history = run()
    const [one, other] = [history.send(1_000), history.send(1_100)]
    history.deliver(other, 1_200).deliver(one, 1_300)
    history.transaction(2_000, { process: 'payment-1', sends: [one], deliveries: [0] })
    history.transaction(2_000, { process: 'payment-2', sends: [other], deliveries: [1] })

    expect(told(history).broken).toEqual(['G1c', ...PL2])
  })
})

describe('a cycle of reads that takes an order of writes and of a process', () => {
  test('is allowed', () => {
    const history = run()
    const [first, second] = [history.send(1_000), history.send(1_100)]
    history.deliver(second, 1_200)
    history.transaction(2_000, { process: 'payment-1', deliveries: [0] })
    history.transaction(2_100, { process: 'payment-1', sends: [first] })
    history.transaction(1_900, { process: 'payment-2', sends: [second] })

    expect(said(history, 'G1c-process')).toMatchObject({ ...allowed, count: 1 })
    expect(said(history, 'G1c').verdict).toBe('kept')
  })
})

describe('no cycle with real time', () => {
  test('comes of a transaction whose outcome is unknown: nobody knows when it was over', () => {
    const history = writingBackwards('payment-1', 'payment-2', Outcome.unknown)

    expect(told(history)).toEqual({ broken: [], allowed: [] })
  })

  test('comes of transactions in the order of their writes', () => {
    const history = run()
    const [first, second] = [history.send(1_000), history.send(1_100)]
    history.transaction(2_000, { sends: [first] }).transaction(2_100, { sends: [second] })

    expect(told(history)).toEqual({ broken: [], allowed: [] })
    expect(said(history, 'strong-PL-2-cycle-exists').verdict).toBe('kept')
  })
})

/** The strong names, in the order in which they are told. */
function rest(one: readonly string[], two: readonly string[]): string[] {
  return [one[1], two[1], one[2], two[2]].flatMap((name) => name ?? [])
}
