import { describe, expect, it } from 'vitest'
import { UNDEFINED_END } from '../../../../model/kafka/replication/epoch-cache.ts'
import { Log } from '../../../../model/kafka/replication/log.ts'
import { truncationAt } from '../../../../model/kafka/replication/truncation.ts'
import { HandHeldDisk } from '../hand-held-context.ts'
import { batch } from './hand-held-replicas.ts'

type Level = Parameters<typeof truncationAt>[0]
type Epochs = Readonly<Record<number, number>>

/** A log with one-record batches whose epochs begin where `epochs` says. */
function logOf(epochs: Epochs, endOffset: number): Log {
  const log = new Log(new HandHeldDisk(), 'orders-0')
  const starts = Object.entries(epochs).map(([epoch, start]) => ({ epoch: Number(epoch), start }))
  for (let offset = 0; offset < endOffset; offset += 1) {
    const leaderEpoch = starts.findLast(({ start }) => start <= offset)?.epoch ?? 0
    log.append({ baseOffset: offset, leaderEpoch, batch: batch() })
  }
  for (const { epoch, start } of starts) log.epochs.assign(epoch, start)
  return log
}

/** Where the follower ends after it has asked the leader as often as its level does; HW is 3. */
function cuts(
  level: Level,
  follower: Log,
  leader: Log,
): { readonly at: number; readonly asked: number } {
  const truncation = truncationAt(level)
  for (let asked = 1; ; asked += 1) {
    const answer = truncation.answer(leader, follower.epochs.latest)
    const point = truncation.place(follower, answer, 3)
    follower.truncateTo(point.offset)
    if (point.done) return { at: follower.endOffset, asked }
  }
}

/** The same by fetches that name the last epoch: until the leader sees no divergence any more. */
function cutsByFetch(follower: Log, leader: Log): { readonly at: number; readonly asked: number } {
  const truncation = truncationAt('fetch')
  for (let asked = 0; ; asked += 1) {
    const epoch = follower.epochs.latest
    const end = truncation.answer(leader, epoch)
    if (end.endOffset === -1) {
      // OFFSET_OUT_OF_RANGE, then the leader's end (KB F24).
      follower.truncateTo(leader.endOffset)
      continue
    }
    if (end.epoch === epoch && end.endOffset >= follower.endOffset) {
      return { at: follower.endOffset, asked }
    }
    follower.truncateTo(truncation.place(follower, end, 3).offset)
  }
}

const asking: readonly Level[] = ['kip101', 'kip279', 'kip320']
const pairs: readonly Level[] = ['kip279', 'kip320']

describe('the truncation vectors of the specification', () => {
  const A = { follower: { 0: 0, 1: 10 }, end: 15, leader: { 0: 0, 2: 8 }, leaderEnd: 20 }
  const B = { follower: { 1: 0, 2: 10 }, end: 15, leader: { 1: 0, 3: 20 }, leaderEnd: 25 }
  const C = {
    follower: { 1: 0, 4: 10, 5: 12 },
    end: 14,
    leader: { 1: 0, 3: 8, 6: 11 },
    leaderEnd: 13,
  }
  const D = { follower: { 7: 0 }, end: 100, leader: { 7: 0, 8: 90 }, leaderEnd: 90 }
  const E = { follower: { 1: 0, 5: 10 }, end: 12, leader: { 1: 0, 4: 8 }, leaderEnd: 9 }
  type Vector = { follower: Epochs; end: number; leader: Epochs; leaderEnd: number }
  const follower = ({ follower: epochs, end }: Vector): Log => logOf(epochs, end)
  const leader = ({ leader: epochs, leaderEnd }: Vector): Log => logOf(epochs, leaderEnd)

  it.each(asking)('A: %s cuts to 8', (level) => {
    expect(cuts(level, follower(A), leader(A)).at).toBe(8)
  })

  it('A: truncation on fetch cuts to 8', () => {
    expect(cutsByFetch(follower(A), leader(A)).at).toBe(8)
  })

  it('B: kip101 keeps the divergent records 10 to 14', () => {
    expect(cuts('kip101', follower(B), leader(B)).at).toBe(15)
  })

  it.each(pairs)('B: %s cuts to 10', (level) => {
    expect(cuts(level, follower(B), leader(B))).toEqual({ at: 10, asked: 1 })
  })

  it('B: truncation on fetch cuts to 10', () => {
    expect(cutsByFetch(follower(B), leader(B)).at).toBe(10)
  })

  it('C: kip101 stops at 11, so the divergent records 8 to 10 survive', () => {
    expect(cuts('kip101', follower(C), leader(C)).at).toBe(11)
  })

  it.each(pairs)('C: %s cuts to 10, asks again and cuts to 8', (level) => {
    expect(cuts(level, follower(C), leader(C))).toEqual({ at: 8, asked: 2 })
  })

  it('C: truncation on fetch cuts to 8 in two rounds', () => {
    expect(cutsByFetch(follower(C), leader(C))).toEqual({ at: 8, asked: 2 })
  })

  it.each(asking)('D: %s cuts to 90', (level) => {
    expect(cuts(level, follower(D), leader(D)).at).toBe(90)
  })

  it('D: truncation on fetch cuts to 90', () => {
    expect(cutsByFetch(follower(D), leader(D)).at).toBe(90)
  })

  it.each(asking)('E: %s falls back to the high watermark', (level) => {
    expect(cuts(level, follower(E), leader(E)).at).toBe(3)
  })

  it('E: truncation on fetch cuts to the leader’s end and then to 8', () => {
    expect(cutsByFetch(follower(E), leader(E)).at).toBe(8)
  })

  it('an undefined end leads every asking level to the high watermark', () => {
    for (const level of asking) {
      expect(truncationAt(level).place(logOf({ 1: 0 }, 9), UNDEFINED_END, 3)).toEqual({
        offset: 3,
        done: true,
      })
    }
  })
})
