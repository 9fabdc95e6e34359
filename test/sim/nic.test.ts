import { describe, expect, test } from 'vitest'
import { NicLane } from '../../sim/nic.ts'

describe('a lane with a rate', () => {
  test('carries messages one after the other at its rate', () => {
    const lane = new NicLane(125)

    const first = lane.carry(0, 125_000)
    const second = lane.carry(500, 125_000)

    expect([first, second]).toEqual([1_000, 2_000])
  })

  test('has been busy for the bytes that are through, not for those that wait', () => {
    const lane = new NicLane(125)

    lane.carry(0, 1_250_000)

    expect(lane.busyUs(4_000)).toBe(4_000)
    expect(lane.busyUs(10_000)).toBe(10_000)
    expect(lane.busyUs(20_000)).toBe(10_000)
  })
})

test('a lane without a limit counts bytes and takes no time', () => {
  const lane = new NicLane(0)

  const end = lane.carry(7, 1_000_000)

  expect([end, lane.bytes, lane.busyUs(1_000)]).toEqual([7, 1_000_000, 0])
})

describe('a lane that receives', () => {
  test('takes a message in while it is sent: as fast as its sender, it adds nothing', () => {
    const lane = new NicLane(10)

    expect(lane.receive(1_000, 500, 10)).toBe(1_000)
    expect(lane.receive(1_000, 500, 10)).toBe(1_050)
  })

  test('takes as long as it needs for what a faster sender has sent', () => {
    expect(new NicLane(10).receive(1_000, 500, 20)).toBe(1_025)
    expect(new NicLane(10).receive(1_000, 500, 0)).toBe(1_050)
    expect(new NicLane(10).receive(1_000, 500, 5)).toBe(1_000)
    expect(new NicLane(0).receive(1_000, 500, 5)).toBe(1_000)
  })
})
