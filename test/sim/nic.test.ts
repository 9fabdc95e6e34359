import { describe, expect, test } from 'vitest'
import { flowAt, type NicFlow, NicLane } from '../../sim/nic.ts'

function flow(): NicFlow {
  return flowAt(1)
}

describe('a lane with a rate', () => {
  test('carries messages of a connection one after the other at its rate', () => {
    const lane = new NicLane(125)
    const one = flow()

    const first = lane.carry(0, 125_000, one)
    const second = lane.carry(500, 125_000, one)

    expect([first, second]).toEqual([1_000, 2_000])
  })

  test('has been busy for the bytes that are through, not for those that wait', () => {
    const lane = new NicLane(125)

    lane.carry(0, 1_250_000, flow())

    expect(lane.busyUs(4_000)).toBe(4_000)
    expect(lane.busyUs(10_000)).toBe(10_000)
    expect(lane.busyUs(20_000)).toBe(10_000)
  })

  test('lets a heartbeat pass a large response of another connection', () => {
    const lane = new NicLane(125)
    lane.carry(0, 50_000_000, flow())

    // 400 ms are under way; 100 bytes share the lane with them.
    expect(lane.carry(1_000, 100, flow())).toBe(1_002)
  })

  test('gives each of several connections its part', () => {
    const lane = new NicLane(100)
    const ends = [1, 2, 3, 4].map(() => lane.carry(0, 1_000, flow()))

    expect(ends).toEqual([10, 20, 30, 40])
    // A fifth with half of it is through when each has had as much.
    expect(lane.carry(0, 500, flow())).toBe(25)
  })

  test('carries no more than its rate, whoever passes whom', () => {
    const lane = new NicLane(100)
    const flows = [flow(), flow(), flow()]
    const ends = [0, 0, 0]
    let carried = 0
    // The first connection sends a lot, the others little; each waits for its last message.
    for (let n = 0; n < 60_000; n += 1) {
      const which = ends.indexOf(Math.min(...ends))
      const bytes = which === 0 ? 50_000 : 700
      ends[which] = lane.carry(ends[which] as number, bytes, flows[which] as NicFlow)
      carried += bytes
    }

    const us = Math.max(...ends)
    expect(carried / us).toBeLessThanOrEqual(101)
    expect(carried / us).toBeGreaterThan(95)
    expect(lane.busyUs(us)).toBeLessThanOrEqual(us + 1)
  })
})

test('a lane without a limit counts bytes and takes no time', () => {
  const lane = new NicLane(0)

  const end = lane.carry(7, 1_000_000, flowAt(0))

  expect([end, lane.bytes, lane.busyUs(1_000)]).toEqual([7, 1_000_000, 0])
})

describe('a lane that receives', () => {
  test('takes a message in while it is sent: as fast as its sender, it adds nothing', () => {
    const lane = new NicLane(10)

    expect(lane.receive(1_000, 500, 10, flow())).toBe(1_000)
    expect(lane.receive(1_000, 500, 10, flow())).toBe(1_050)
  })

  test('takes as long as it needs for what a faster sender has sent', () => {
    expect(new NicLane(10).receive(1_000, 500, 20, flow())).toBe(1_025)
    expect(new NicLane(10).receive(1_000, 500, 0, flow())).toBe(1_050)
    expect(new NicLane(10).receive(1_000, 500, 5, flow())).toBe(1_000)
    expect(new NicLane(0).receive(1_000, 500, 5, flow())).toBe(1_000)
  })

  test('is busy for all that came in', () => {
    const lane = new NicLane(10)
    lane.receive(1_000, 500, 10, flow())
    lane.receive(2_000, 500, 10, flow())

    expect(lane.busyUs(3_000)).toBe(100)
  })
})
