import { describe, expect, test } from 'vitest'
import type { Consumer } from '../../../scenarios/schema/scenario.ts'
import { consumer, Run } from '../history-builder.ts'
import { verdictOf } from '../judged.ts'

const check = 'effects-once'

function paying(parts: Partial<Consumer> = {}): Consumer {
  const call = { service: 'bank', timeoutUs: 1, retryBackoffUs: 1 }
  return consumer({ pattern: 'idempotent', calls: [call], ...parts })
}

function run(parts: Partial<Consumer> = {}): Run {
  return new Run().crash(9_000).given({ consumers: [paying(parts)] })
}

describe('effects-once', () => {
  test('is kept when each message was applied once and refused when it came again', () => {
    const told = run()
    const sent = told.send(1_000)
    told.process(sent, 1_010).effect(sent, 1_020).effect(sent, 1_030, { applied: false })

    expect(verdictOf(told, check)).toMatchObject({
      scope: 'bank',
      verdict: 'kept',
      promised: true,
      sentence: 'The one effect of bank happened once.',
    })
  })

  test('groups the digits of a count', () => {
    const told = run()
    for (let at = 0; at < 1_200; at += 1) {
      const sent = told.send(1_000 + at)
      told.process(sent, 1_010 + at).effect(sent, 1_020 + at)
    }

    expect(verdictOf(told, check).sentence).toBe('Each of the 1,200 effects of bank happened once.')
  })

  test('is broken when a store applied one message twice', () => {
    const told = run()
    const sent = told.send(1_000)
    told.process(sent, 1_010).effect(sent, 1_020).effect(sent, 1_030).effect(sent, 1_040)

    const verdict = verdictOf(told, check)

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true, count: 1 })
    expect(verdict.signature).toContain('applied twice')
    expect(verdict.evidence[0]?.sentence).toContain(
      'message 0/0 was applied again by bank at 1.030 s',
    )
  })

  test('is not promised when a group that causes it is not idempotent', () => {
    const told = run({ pattern: 'process-then-commit' })
    const sent = told.send(1_000)
    told.process(sent, 1_010).effect(sent, 1_020).effect(sent, 1_030)

    expect(verdictOf(told, check)).toMatchObject({ verdict: 'broken', promised: false })
  })

  test('is broken when a processed record has no effect', () => {
    const told = run()
    told.process(told.send(1_000), 1_010)

    const verdict = verdictOf(told, check)

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true })
    expect(verdict.signature).toContain('no effect')
  })

  test('asks for one effect a key where an effect is known by its key', () => {
    const told = run({ effectPer: 'key' })
    const first = told.send(1_000, { key: 'order-1' })
    const second = told.send(1_100, { key: 'order-1' })
    const third = told.send(1_200, { key: 'order-2' })
    told.process(first, 1_300).effect(first, 1_310, { message: 'order-1' })
    told.process(second, 1_320).process(third, 1_330)

    const verdict = verdictOf(told, check)

    expect(verdict).toMatchObject({ verdict: 'broken', count: 1 })
    expect(verdict.evidence[0]?.records).toEqual(['1:0'])
  })

  test('keeps the effects of two groups that call one service apart', () => {
    const told = run().given({ consumers: [paying(), paying({ group: 'refund' })] })
    const sent = told.send(1_000)
    told.process(sent, 1_010).effect(sent, 1_020)
    told.process(sent, 1_030, { group: 'refund' })

    const kept = verdictOf(told, check, 'bank:payment')
    const broken = verdictOf(told, check, 'bank:refund')

    expect(kept).toMatchObject({ verdict: 'kept', count: 0 })
    expect(broken).toMatchObject({ verdict: 'broken', promised: true, count: 1 })
    expect(broken.signature).toBe('effects-once bank:refund: no effect')
    told.effect(sent, 1_040, { group: 'refund' })
    expect(verdictOf(told, check, 'bank:refund').verdict).toBe('kept')
  })

  test('is vacuous when nothing had an effect and nothing was processed', () => {
    expect(verdictOf(run(), check).verdict).toBe('vacuous')
  })

  test('is unknown when the simulator failed', () => {
    expect(verdictOf(run().ended({ ended: 'internal-error' }), check).verdict).toBe('unknown')
  })
})
