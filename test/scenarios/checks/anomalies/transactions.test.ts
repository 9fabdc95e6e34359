import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../../../scenarios/result.ts'
import { Run, type Sent } from '../../history-builder.ts'
import { verdictOf } from '../../judged.ts'

function said(run: Run, anomaly: string): Verdict {
  return verdictOf(run, 'anomalies', anomaly)
}

const broken = { verdict: 'broken', promised: true }
const allowed = { verdict: 'broken', promised: false, asExpected: true }

function run(): Run {
  return new Run().crash(9_000)
}

describe('int-send-skip', () => {
  test('is counted where others wrote between, and always allowed', () => {
    const told = run()
    const [first, , third] = [told.send(1_000), told.send(1_100, { key: 'b' }), told.send(1_200)]
    told.transaction(1_300, { sends: [first, third] as Sent[] })

    expect(said(told, 'int-send-skip')).toMatchObject({ ...allowed, count: 1 })
  })

  test('is kept where the records of a transaction stand side by side', () => {
    const told = run()
    told.transaction(1_300, { sends: [told.send(1_000), told.send(1_100)] })

    expect(said(told, 'int-send-skip').verdict).toBe('kept')
    expect(said(told, 'int-nonmonotonic-send').verdict).toBe('kept')
  })
})

describe('int-nonmonotonic-send', () => {
  test('is a second send that stands before the first', () => {
    const told = run()
    const [first, second] = [told.send(1_000), told.send(1_100)]
    told.transaction(1_300, { sends: [second, first] })

    expect(said(told, 'int-nonmonotonic-send')).toMatchObject({ ...broken, count: 1 })
  })
})

describe('precommitted-read', () => {
  test('is a transaction that reads what it sent', () => {
    const told = run()
    const sent = told.send(1_000)
    told.deliver(sent, 1_100).transaction(1_200, { sends: [sent], deliveries: [0] })

    expect(said(told, 'precommitted-read')).toMatchObject({ ...broken, count: 1 })
  })

  test('is none where it reads what others sent', () => {
    const told = run()
    const [one, other] = [told.send(1_000), told.send(1_100)]
    told.deliver(one, 1_100).transaction(1_200, { sends: [other], deliveries: [0] })

    expect(said(told, 'precommitted-read').verdict).toBe('kept')
  })
})
