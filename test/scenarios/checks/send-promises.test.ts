import { describe, expect, test } from 'vitest'
import { Outcome } from '../../../model/history.ts'
import { producer, Run } from '../history-builder.ts'
import { verdictOf } from '../judged.ts'

/** A producer with 1 s to wait for room and 3 s to deliver. */
function run(config: Record<string, number> = {}, recordBytes = 100): Run {
  const limits = { 'max.block.ms': 1_000, 'delivery.timeout.ms': 3_000, ...config }
  return new Run().given({ producers: [producer({ config: limits, recordBytes })] })
}

describe('send-promises told-once', () => {
  test('is kept while each send ends once', () => {
    const told = run()
    told.send(1_000)

    expect(verdictOf(told, 'send-promises', 'told-once')).toMatchObject({
      verdict: 'kept',
      promised: true,
    })
  })

  test('is broken by a send that ends twice', () => {
    const told = run()
    const { row } = told.send(1_000, { outcome: Outcome.unknown, count: 2 })
    told.history.sendEnded(row, Outcome.ok, -1, -1)

    expect(verdictOf(told, 'send-promises', 'told-once')).toMatchObject({
      verdict: 'broken',
      promised: true,
      count: 2,
      signature: 'send-promises told-once: told again',
    })
  })
})

describe('send-promises in-time', () => {
  test('is kept while sends end within both timeouts together', () => {
    const told = run()
    told.send(1_000, { tookMs: 4_400 })

    expect(verdictOf(told, 'send-promises', 'in-time').verdict).toBe('kept')
  })

  test('is broken by a send that ends later, or not at all', () => {
    const told = run()
    told.send(1_000, { tookMs: 4_600 })
    told.send(7_000, { outcome: Outcome.open })

    const verdict = verdictOf(told, 'send-promises', 'in-time')

    expect(verdict).toMatchObject({ verdict: 'broken', count: 2 })
    expect(verdict.evidence[0]?.sentence).toBe(
      'a send of order-service-1 at 1.000 s was not told its end within 4.500 s',
    )
  })

  test('does not judge what died with its process, or a process that stood still', () => {
    const died = run()
    died.send(1_000, { outcome: Outcome.open })
    died.history.lived(died.history.name('order-service-1'), 1, 0)
    const stood = run().ended({
      struck: [
        {
          index: 0,
          kind: 'pause',
          target: 'order-service-1',
          resolved: ['order-service-1'],
          atUs: 0,
          untilUs: 9_000_000,
          refused: null,
        },
      ],
    })
    stood.send(1_000, { tookMs: 9_000 })

    expect(verdictOf(died, 'send-promises', 'in-time').verdict).toBe('vacuous')
    expect(verdictOf(stood, 'send-promises', 'in-time').verdict).toBe('vacuous')
  })
})

describe('send-promises kept-trying', () => {
  /** Records of 400 bytes, for segments of so many. */
  function withSegments(bytes: number): Run {
    const config = { 'log.segment.bytes': bytes }
    const cluster = { brokers: [], zookeeper: [], config, zookeeperConfig: {} }
    return run({}, 400).given({ cluster })
  }

  test('is kept where the oldest record of a batch had its time', () => {
    const told = run()
    told.send(1_000, { outcome: Outcome.unknown, tookMs: 3_000 })
    told.send(3_500, { outcome: Outcome.unknown, tookMs: 500 })

    expect(verdictOf(told, 'send-promises', 'kept-trying').verdict).toBe('kept')
  })

  test('is broken by a send that fails with time left', () => {
    const told = run()
    told.send(1_000, { outcome: Outcome.unknown, tookMs: 900 })

    expect(verdictOf(told, 'send-promises', 'kept-trying')).toMatchObject({
      verdict: 'broken',
      signature: 'send-promises kept-trying: given up early',
    })
  })

  test('is not broken by a batch that is larger than a segment, which is refused for good', () => {
    const told = withSegments(1_000)
    for (let nth = 0; nth < 3; nth += 1) {
      told.send(1_000 + nth, { outcome: Outcome.failed, tookMs: 100 - nth })
    }
    told.send(2_000)

    expect(verdictOf(told, 'send-promises', 'kept-trying').verdict).toBe('kept')
  })

  test('is broken by a batch that fits a segment and fails with time left', () => {
    const told = withSegments(1_000)
    for (let nth = 0; nth < 2; nth += 1) {
      told.send(1_000 + nth, { outcome: Outcome.failed, tookMs: 100 - nth })
    }

    expect(verdictOf(told, 'send-promises', 'kept-trying').verdict).toBe('broken')
  })

  test('is not promised by a producer with a number of retries', () => {
    const told = run({ retries: 1 })
    told.send(1_000, { outcome: Outcome.unknown, tookMs: 900 })

    expect(verdictOf(told, 'send-promises', 'kept-trying').verdict).toBe('vacuous')
  })
})

describe('send-promises memory', () => {
  test('is kept while what is open for long fits', () => {
    const told = run({ 'buffer.memory': 200 })
    for (let nth = 0; nth < 2; nth += 1) told.send(1_000 + nth, { tookMs: 2_000 })
    for (let nth = 0; nth < 9; nth += 1) told.send(1_010 + nth, { tookMs: 1_000 })

    expect(verdictOf(told, 'send-promises', 'memory').verdict).toBe('kept')
  })

  test('is broken by more than the buffer takes', () => {
    const told = run({ 'buffer.memory': 200 })
    for (let nth = 0; nth < 4; nth += 1) told.send(1_000 + nth, { tookMs: 2_000 })

    expect(verdictOf(told, 'send-promises', 'memory')).toMatchObject({
      verdict: 'broken',
      count: 2,
      signature: 'send-promises memory: held too much',
    })
  })
})

describe('send-promises size', () => {
  const limits = { 'max.request.size': 500, 'request.timeout.ms': 1_000 }

  test('is kept while what is too large fails at once', () => {
    const told = run(limits, 501)
    told.send(1_000, { outcome: Outcome.failed, tookMs: 0 })

    expect(verdictOf(told, 'send-promises', 'size').verdict).toBe('kept')
  })

  test('is broken by what is taken, or refused late', () => {
    const told = run(limits, 501)
    told.send(1_000)
    told.send(2_000, { outcome: Outcome.unknown, tookMs: 3_000 })

    expect(verdictOf(told, 'send-promises', 'size')).toMatchObject({ verdict: 'broken', count: 2 })
  })

  test('has nothing to say of records that are too large by chance alone', () => {
    const sizes = { kind: 'list', bytes: [100, 501], weights: [1, 1] } as const
    const told = new Run().given({
      producers: [producer({ config: limits, recordBytes: 300, sizes })],
    })
    told.send(1_000)
    told.send(2_000, { outcome: Outcome.failed, tookMs: 0 })

    expect(verdictOf(told, 'send-promises', 'size').verdict).toBe('vacuous')
    expect(verdictOf(told, 'send-promises', 'kept-trying').verdict).toBe('vacuous')
  })

  test('is broken by a record that is larger than a segment and is taken', () => {
    const topics = [{ name: 'orders', config: { 'segment.bytes': 300 } }] as never
    const told = run({}, 301).given({ topics })
    told.send(1_000)

    expect(verdictOf(told, 'send-promises', 'size')).toMatchObject({ verdict: 'broken', count: 1 })
  })

  test('has nothing to say where all fits', () => {
    const told = run(limits, 500)
    told.send(1_000)

    expect(verdictOf(told, 'send-promises', 'size').verdict).toBe('vacuous')
  })
})

describe('send-promises progress', () => {
  test('is kept while sends succeed long after the last fault', () => {
    const told = run().strikes({ kind: 'reset' } as never, 1_000)
    told.send(2_000, { outcome: Outcome.unknown, tookMs: 3_000 })
    told.send(56_000)

    expect(verdictOf(told, 'send-promises', 'progress').verdict).toBe('kept')
  })

  test('is broken by a send that fails then', () => {
    const told = run().strikes({ kind: 'reset' } as never, 1_000)
    told.send(56_000, { outcome: Outcome.unknown, tookMs: 3_000 })

    expect(verdictOf(told, 'send-promises', 'progress')).toMatchObject({
      verdict: 'broken',
      promised: true,
      signature: 'send-promises progress: no progress',
    })
  })
})

describe('send-promises identified', () => {
  test('is kept while an idempotent producer stores under its id', () => {
    const told = run()
    told.store(told.send(1_000, { stored: false }), { producerId: 3, producerEpoch: 0 })

    expect(verdictOf(told, 'send-promises', 'identified').verdict).toBe('kept')
  })

  test('is broken by a batch without one', () => {
    const told = run()
    told.send(1_000)

    expect(verdictOf(told, 'send-promises', 'identified')).toMatchObject({
      verdict: 'broken',
      signature: 'send-promises identified: stored without an id',
    })
  })

  test('has nothing to say of a producer that is not idempotent', () => {
    const told = run({ retries: 0 })
    told.send(1_000)

    expect(verdictOf(told, 'send-promises', 'identified').verdict).toBe('vacuous')
  })
})
