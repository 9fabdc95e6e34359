import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EpochCache } from '../../../../model/kafka/replication/epoch-cache.ts'
import { Log } from '../../../../model/kafka/replication/log.ts'
import { nextOffsetOf } from '../../../../model/record.ts'
import { HandHeldDisk } from '../hand-held-context.ts'
import { batch } from './hand-held-replicas.ts'

interface Step {
  readonly kind: 'append' | 'elect' | 'truncate' | 'roll' | 'expire' | 'reopen'
  readonly amount: number
}

const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom(
      'append',
      'append',
      'append',
      'elect',
      'truncate',
      'roll',
      'expire',
      'reopen',
    ),
    amount: fc.nat(20),
  }),
  { maxLength: 60 },
)

/** A log after some life: appends of two producers, elections, truncations, restarts. */
function lived(life: readonly Step[]): { readonly log: Log; readonly disk: HandHeldDisk } {
  const disk = new HandHeldDisk()
  let log = new Log(disk, 'orders-0')
  let leaderEpoch = 0
  const sequences = [0, 0]
  for (const { kind, amount } of life) {
    if (kind === 'append') {
      const producerId = amount % 2
      const count = (amount % 3) + 1
      const baseSequence = sequences[producerId] ?? 0
      sequences[producerId] = baseSequence + count
      const numbered = batch(count, { producerId, producerEpoch: 0, baseSequence })
      log.append({ baseOffset: log.endOffset, leaderEpoch, batch: numbered })
    } else if (kind === 'elect') {
      leaderEpoch += 1
      log.epochs.assign(leaderEpoch, log.endOffset)
    } else if (kind === 'truncate') {
      const entry = log.entries[log.entries.length - 1 - amount]
      if (entry !== undefined) log.truncateTo(entry.baseOffset)
    } else if (kind === 'expire') {
      log.highWatermark = log.endOffset
      const count = Math.min(amount, log.segmentsBefore(Infinity))
      if (count === log.segments.length) log.roll()
      if (count > 0) log.deleteSegments(count)
    } else if (kind === 'roll') log.roll()
    else log = new Log(disk, 'orders-0')
  }
  return { log, disk }
}

describe('a log', () => {
  it('keeps batches without gaps or overlaps, and epochs that do not fall (KB 9.2, 9.3)', () => {
    fc.assert(
      fc.property(steps, (life) => {
        const { log } = lived(life)

        let end = log.startOffset
        let epoch = -1
        for (const entry of log.entries) {
          expect(entry.baseOffset).toBe(end)
          expect(entry.leaderEpoch).toBeGreaterThanOrEqual(epoch)
          expect(log.epochs.epochAt(entry.baseOffset)).toBe(entry.leaderEpoch)
          end = nextOffsetOf(entry)
          epoch = entry.leaderEpoch
        }
        expect(log.endOffset).toBe(end)
      }),
      { seed: 1 },
    )
  })

  it('has epochs and starts that strictly increase up to its end (KB 9.4)', () => {
    fc.assert(
      fc.property(steps, (life) => {
        const { log } = lived(life)

        const list = log.epochs.list()
        for (const [index, { epoch, start }] of list.entries()) {
          expect(start).toBeLessThanOrEqual(log.endOffset)
          const before = list[index - 1]
          if (before === undefined) continue
          expect(epoch).toBeGreaterThan(before.epoch)
          expect(start).toBeGreaterThan(before.start)
        }
      }),
      { seed: 2 },
    )
  })

  it('knows of each producer what its log says (KB 9.20)', () => {
    fc.assert(
      fc.property(steps, (life) => {
        const { log, disk } = lived(life)

        const rebuilt = new Log(disk, 'orders-0')

        expect(rebuilt.producers.lastBatches()).toEqual(log.producers.lastBatches())
      }),
      { seed: 3 },
    )
  })

  it('reads whole batches from the one that holds the offset to the bound', () => {
    fc.assert(
      fc.property(steps, fc.nat(100), fc.nat(100), (life, from, to) => {
        const { log } = lived(life)
        const offset = log.startOffset + (from % (log.endOffset - log.startOffset + 1))

        const read = log.read(offset, to, Infinity, true)

        const wanted = log.entries.filter(
          (entry) => nextOffsetOf(entry) > offset && nextOffsetOf(entry) <= to,
        )
        expect(read).toEqual(wanted)
        const bytes = wanted.reduce((sum, { batch: one }) => sum + one.bytes, 0)
        expect(log.bytesBetween(offset, to, Infinity)).toBe(bytes)
        expect(log.bytesBetween(offset, to, bytes / 2)).toBeGreaterThanOrEqual(bytes / 2)
      }),
      { seed: 4 },
    )
  })

  it('that is cut inside a batch loses the whole batch', () => {
    const { log } = lived([
      { kind: 'append', amount: 2 },
      { kind: 'append', amount: 2 },
    ])

    log.truncateTo(4)

    expect(log.entries.map(({ baseOffset }) => baseOffset)).toEqual([0])
    expect(log.endOffset).toBe(4)
  })
})

describe('an epoch cache', () => {
  const cache = (...pairs: readonly (readonly [number, number])[]): EpochCache => {
    const made = new EpochCache(new HandHeldDisk(), 'epochs')
    for (const [epoch, start] of pairs) made.assign(epoch, start)
    return made
  }

  it.each([
    ['undefined for no epoch', -1, { epoch: -1, endOffset: -1 }],
    ['the log end for the newest', 6, { epoch: 6, endOffset: 30 }],
    ['undefined for a newer one', 7, { epoch: -1, endOffset: -1 }],
    ['the start of the first for an older one', 1, { epoch: 1, endOffset: 5 }],
    ['the largest below and its end for a missing one', 4, { epoch: 3, endOffset: 20 }],
    ['the start of the next for one that is there', 2, { epoch: 2, endOffset: 11 }],
  ] as const)('answers %s', (_what, epoch, expected) => {
    expect(cache([2, 5], [3, 11], [6, 20]).endOf(epoch, 30)).toEqual(expected)
  })

  it('drops what a new epoch contradicts', () => {
    const made = cache([2, 5], [3, 11], [6, 20])

    made.assign(4, 15)

    expect(made.list()).toEqual([
      { epoch: 2, start: 5 },
      { epoch: 3, start: 11 },
      { epoch: 4, start: 15 },
    ])
  })

  it('folds what lies below a new start', () => {
    const made = cache([2, 5], [3, 11], [6, 20])

    made.truncateFromStart(12)

    expect(made.list()).toEqual([
      { epoch: 3, start: 12 },
      { epoch: 6, start: 20 },
    ])
  })
})
