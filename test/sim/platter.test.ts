import { describe, expect, test } from 'vitest'
import { Platter, type PlatterConfig } from '../../sim/platter.ts'

/** 100 bytes a µs: 100 MB/s. */
function platter(over: Partial<PlatterConfig> = {}): Platter {
  return new Platter({ bytesPerUs: 100, operationUs: 0, dirtyMaxBytes: Infinity, ...over })
}

describe('dirty pages', () => {
  test('go to the disk in the background at its bandwidth', () => {
    const disk = platter()
    disk.write(0, 1_000_000, true)

    expect(disk.dirtyBytes(4_000)).toBe(600_000)
    expect(disk.dirtyBytes(10_000)).toBe(0)
    expect(disk.busyUs(20_000)).toBe(10_000)
  })

  test('let writers wait once there are more than may be', () => {
    const disk = platter({ dirtyMaxBytes: 500_000 })
    disk.write(0, 500_000, true)

    expect(disk.writeDelayUs(0, 100_000)).toBe(1_000)
    expect(disk.writeDelayUs(2_000, 100_000)).toBe(0)
  })

  test('cost a seek for each stretch that is written of a file', () => {
    const disk = platter({ operationUs: 8_000 })
    // A hundred files of 1 kB a second each gather 30 kB in half a minute.
    for (let second = 0; second < 11; second += 1) {
      for (let file = 0; file < 100; file += 1) disk.write(second * 1e6, 1_000, second % 5 === 0)
    }
    const before = disk.busyUs(11e6)
    for (let file = 0; file < 100; file += 1) disk.write(11e6, 1_000, false)

    const seeks = (100_000 / 30_000) * 8_000
    expect(disk.busyUs(12e6) - before).toBeCloseTo(1_000 + seeks, -3)
  })
})

describe('a disk that is behind', () => {
  test('writes longer stretches, until it keeps up again', () => {
    const disk = platter({ operationUs: 8_000 })
    // 5,000 seeks take 40 s, and files gather for 30 s: 60 kB each, at 7 MB/s of the 10 that come.
    for (let second = 0; second < 600; second += 1) {
      for (let file = 0; file < 5_000; file += 1) disk.write(second * 1e6, 2_000, second % 5 === 0)
    }

    // 10 bytes a µs take stretches of 8,000 ÷ (1/10 − 1/100) bytes: so much waits of each file.
    const waiting = 5_000 * (8_000 / (1 / 10 - 1 / 100))
    expect(disk.dirtyBytes(600e6) / waiting).toBeCloseTo(1, 1)
  })
})

describe('a read', () => {
  test('takes a seek and its bytes on an idle disk', () => {
    expect(platter({ operationUs: 8_000 }).read(0, 100_000)).toBe(9_000)
  })

  test('has half of the disk while pages are written back', () => {
    const disk = platter()
    disk.write(0, 10_000_000, true)

    expect(disk.read(0, 100_000)).toBe(2_000)
    expect(disk.dirtyBytes(2_000)).toBe(9_900_000)
  })

  test('waits for the one before it', () => {
    const disk = platter()
    disk.read(0, 100_000)

    expect(disk.read(500, 100_000)).toBe(2_000)
  })

  test('and write-back together get no more than the disk has', () => {
    const disk = platter()
    let at = 0
    let read = 0
    for (let n = 0; n < 1_000; n += 1) {
      disk.write(at, 30_000, false)
      at = disk.read(at, 100_000)
      read += 100_000
    }
    const written = 30_000 * 1_000 - disk.dirtyBytes(at)

    expect((read + written) / at).toBeLessThanOrEqual(100.1)
    expect((read + written) / at).toBeGreaterThan(99)
    expect(disk.busyUs(at)).toBeCloseTo(at, -2)
  })
})

test('a slow disk takes so many times longer', () => {
  const disk = platter({ operationUs: 1_000 })
  disk.slowness = 10

  expect(disk.read(0, 100_000)).toBe(20_000)
})

test('a sync writes what is still dirty of its file', () => {
  const disk = platter()
  disk.write(0, 1_000_000, true)

  expect(disk.sync(9_000, 500, 1_000_000)).toBe(9_000 + 500 + 1_000)
})
