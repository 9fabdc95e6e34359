import { expect, test } from 'vitest'
import {
  backoffMs,
  createAlarm,
  forwardMs,
  wakeIn,
  woken,
} from '../../../../model/kafka/clients/deadlines.ts'
import { stream } from '../../../../sim/random.ts'
import { HandHeldContext } from '../hand-held-context.ts'

test.each([
  { attempt: 0, low: 80, high: 120 },
  { attempt: 1, low: 160, high: 240 },
  { attempt: 3, low: 640, high: 960 },
  { attempt: 4, low: 800, high: 1000 },
  { attempt: 40, low: 800, high: 1000 },
])('the pause after $attempt failures is between $low and $high ms', ({ attempt, low, high }) => {
  const jitter = stream(3, 'jitter')
  const pauses = Array.from({ length: 200 }, () =>
    backoffMs({ initialMs: 100, maxMs: 1000 }, attempt, jitter),
  )

  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(low)
  expect(Math.max(...pauses)).toBeLessThanOrEqual(high)
})

test('a pause whose maximum is not above its start is constant', () => {
  const pause = backoffMs({ initialMs: 100, maxMs: 100 }, 7, stream(3, 'jitter'))

  expect(pause).toBe(100)
})

test('an alarm moves to an earlier time and never to a later one', () => {
  const context = new HandHeldContext()
  const alarm = createAlarm('runSender', 4)
  wakeIn(alarm, 50, context)
  wakeIn(alarm, 80, context)
  wakeIn(alarm, 20, context)

  const [timer] = [...context.timers.values()]

  expect(timer).toEqual({ timer: 'runSender', key: 4, atUs: 20_000 })
})

test('an alarm whose wall clock stepped forward is still set for a sooner deadline', () => {
  const context = new HandHeldContext()
  const alarm = createAlarm('runSender', 0)
  wakeIn(alarm, 30_000, context)
  context.wallOffsetMs += 3_600_000
  wakeIn(alarm, 5, context)

  const [timer] = [...context.timers.values()]

  expect(timer?.atUs).toBe(5000)
})

test('an alarm that has rung can be set for any time again', () => {
  const context = new HandHeldContext()
  const alarm = createAlarm('runSender', 0)
  wakeIn(alarm, 5, context)
  woken(alarm)
  wakeIn(alarm, 900, context)

  const [timer] = [...context.timers.values()]

  expect(timer?.atUs).toBe(900_000)
})

test('a forward clock stands still while the wall clock goes back', () => {
  const context = new HandHeldContext()
  const clock = { ms: 0 }
  const before = forwardMs(clock, context)
  context.wallOffsetMs -= 60_000

  const after = forwardMs(clock, context)

  expect(after).toBe(before)
})
