import { describe, expect, test } from 'vitest'
import { Host } from '../../sim/host.ts'
import { Streams } from '../../sim/random.ts'

function host(cores: number): Host {
  const config = { name: 'a', zone: 'z', cores, nicBytesPerUs: 0, disks: [], wallStartMs: 0 }
  return new Host(config, 0, new Streams(1))
}

describe('work that came in pieces until now', () => {
  test('waits for its last piece alone, if cores were idle meanwhile', () => {
    const end = host(4).computeSpread(20_000, 20, 2_000)

    expect(end).toBe(20_020)
  })

  test('waits for what the cores could not do meanwhile', () => {
    // Two cores have done 20 ms of work in the last 10 ms; 4 ms are left for both.
    const end = host(2).computeSpread(20_000, 20, 24_000)

    expect(end).toBe(22_020)
  })

  test('leaves no idle time to what comes after it', () => {
    const one = host(1)
    one.computeSpread(20_000, 20, 10_000)

    expect(one.compute(20_000, 100)).toBe(20_100)
    expect(one.computeSpread(20_100, 20, 1_000)).toBe(21_120)
  })

  test('counts in full as busy time', () => {
    const one = host(2)
    one.computeSpread(20_000, 20, 24_000)

    expect(one.cpuBusyUs(30_000)).toBe(24_000)
  })
})
