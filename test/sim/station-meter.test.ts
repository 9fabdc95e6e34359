import { expect, test } from 'vitest'
import { StationMeter } from '../../sim/station-meter.ts'

test('the time in use is that of all servers, those at work included', () => {
  const meter = new StationMeter('io', 8)

  meter.take(100)
  meter.take(200)
  meter.give(300)

  expect(meter.busyUs(400)).toBe(400)
})

test('the death of its process gives every server back', () => {
  const meter = new StationMeter('io', 8)
  meter.take(0)
  meter.take(50)

  meter.giveAll(100)

  expect(meter.busyUs(1_000)).toBe(150)
})

test('the peak of the queue is that since the last look', () => {
  const meter = new StationMeter('io', 8)
  meter.queuePeak = 12

  expect([meter.takeQueuePeak(), meter.takeQueuePeak()]).toEqual([12, 0])
})
