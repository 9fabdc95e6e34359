import { describe, expect, test } from 'vitest'
import { expiryTime, SessionTracker } from '../../../model/zookeeper/session-tracker.ts'

const guards = { guard: (_guard: number, breach: boolean): boolean => breach }
const second = 1_000_000

describe('the expiry time', () => {
  test.each([
    [0, 6, 7],
    [0.4, 6, 7],
    [1, 6, 8],
    [1.999, 6, 8],
  ])('after a touch at %f s with a timeout of %i s is %i s', (touch, timeout, expiry) => {
    expect(expiryTime(touch * second, timeout * second, second)).toBe(expiry * second)
  })
})

describe('the session tracker', () => {
  test('expires a bucket as a whole, once', () => {
    const tracker = new SessionTracker(1000)
    tracker.add(1, 6000, 0)
    tracker.add(2, 6000, 0.9 * second)
    tracker.add(3, 6000, 1.1 * second)

    const early = tracker.takeExpired(7 * second - 1, guards)
    const expired = tracker.takeExpired(7 * second, guards)
    const again = tracker.takeExpired(7 * second, guards)

    expect(early).toEqual([])
    expect(expired.map(({ sessionId }) => sessionId)).toEqual([1, 2])
    expect(again).toEqual([])
    expect(tracker.nextUs()).toBe(8 * second)
  })

  test('spares a session that was touched, until its new time', () => {
    const tracker = new SessionTracker(1000)
    tracker.add(1, 6000, 0)
    tracker.touch(1, 3.5 * second)

    const first = tracker.takeExpired(7 * second, guards)
    const next = tracker.nextUs()
    const second_ = tracker.takeExpired(10 * second, guards)

    expect(first).toEqual([])
    expect(next).toBe(10 * second)
    expect(second_).toHaveLength(1)
  })

  test('does not bring back a session by a touch after its end was proposed', () => {
    const tracker = new SessionTracker(1000)
    tracker.add(1, 6000, 0)
    tracker.takeExpired(7 * second, guards)

    tracker.touch(1, 8 * second)

    expect(tracker.find(1)?.closing).toBe(true)
    expect(tracker.nextUs()).toBe(-1)
  })

  test('has nothing to do for sessions that were closed', () => {
    const tracker = new SessionTracker(1000)
    tracker.add(1, 6000, 0)
    tracker.remove(1)

    expect(tracker.takeExpired(7 * second, guards)).toEqual([])
    expect(tracker.nextUs()).toBe(-1)
  })

  test('with its guard off expires a session whatever it was touched', () => {
    const tracker = new SessionTracker(1000)
    tracker.add(1, 6000, 0)
    tracker.touch(1, 6 * second)

    expect(tracker.takeExpired(7 * second, { guard: () => false })).toHaveLength(1)
  })
})
