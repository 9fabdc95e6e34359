import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stream } from '../../sim/random.ts'
import { type DiskConfig, SimulatedDisk } from '../../sim/simulated-disk.ts'

const FILE = 'orders-0.log'

function disk(config: Partial<DiskConfig> = {}, seed = 1): SimulatedDisk {
  const whole = { dir: 'data-0', syncUs: 500, bytesPerUs: 0, writeBackUs: Infinity, tornShare: 0 }
  return new SimulatedDisk({ ...whole, ...config }, stream(seed, 'disk'))
}

function write(to: SimulatedDisk, count: number, first = 0, atUs = 0): void {
  for (let n = first; n < first + count; n += 1) to.append(FILE, n, 10, atUs)
}

function sync(of: SimulatedDisk): void {
  of.syncEnded(FILE, of.length(FILE))
}

describe('a power loss', () => {
  test('keeps a prefix of each file that is at least what was synced', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 50 }), fc.nat({ max: 50 }), (seed, synced, dirty) => {
        const one = disk({}, seed)
        write(one, synced)
        sync(one)
        write(one, dirty, synced)

        one.losePower(0)

        const kept = one.entries(FILE)
        expect(kept).toEqual(kept.map((_entry, index) => index))
        expect(kept.length).toBeGreaterThanOrEqual(synced)
        expect(kept.length).toBeLessThanOrEqual(synced + dirty)
        expect(one.synced(FILE)).toBe(kept.length)
      }),
      { numRuns: 300, seed: 1 },
    )
  })

  test('loses anything between nothing and all that was not synced', () => {
    const lengths = new Set<number>()
    for (let seed = 0; seed < 200; seed += 1) {
      const one = disk({}, seed)
      write(one, 5)
      one.losePower(0)
      lengths.add(one.length(FILE))
    }

    expect([...lengths].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('tears the last entry it keeps, and never one that was synced', () => {
    let torn = 0
    for (let seed = 0; seed < 300; seed += 1) {
      const one = disk({ tornShare: 1 }, seed)
      write(one, 3)
      sync(one)
      write(one, 3, 3)
      one.losePower(0)
      expect(one.torn(FILE)).toBe(one.length(FILE) > 3)
      expect(one.synced(FILE)).toBe(one.length(FILE) - Number(one.torn(FILE)))
      torn += Number(one.torn(FILE))
    }

    expect(torn).toBeGreaterThan(150)
  })

  test('tears as often as the disk says, and not at all where it never does', () => {
    const tornOf = (tornShare: number): number => {
      let torn = 0
      for (let seed = 0; seed < 500; seed += 1) {
        const one = disk({ tornShare }, seed)
        write(one, 50)
        one.losePower(0)
        if (one.torn(FILE)) torn += 1
      }
      return torn
    }

    expect(tornOf(0)).toBe(0)
    expect(tornOf(0.5)).toBeGreaterThan(180)
    expect(tornOf(0.5)).toBeLessThan(320)
  })

  test('strikes each file by itself', () => {
    const different = Array.from({ length: 50 }, (_none, seed) => {
      const one = disk({}, seed)
      for (let n = 0; n < 20; n += 1) {
        one.append('a', n, 10, 0)
        one.append('b', n, 10, 0)
      }
      one.losePower(0)
      return one.length('a') !== one.length('b')
    })

    expect(different.filter(Boolean).length).toBeGreaterThan(30)
  })

  test('leaves what the operating system wrote back by its age', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const one = disk({ writeBackUs: 30_000_000 }, seed)
      write(one, 5, 0, 0)
      write(one, 5, 5, 20_000_000)

      one.losePower(30_000_000)

      expect(one.length(FILE)).toBeGreaterThanOrEqual(5)
    }
  })

  test('does not take what was replaced: it is on the platter on return', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const one = disk({}, seed)
      one.replace('checkpoint', { offset: 1 })
      one.replace('checkpoint', { offset: 2 })

      one.losePower(0)

      expect(one.value('checkpoint')).toEqual({ offset: 2 })
    }
  })

  test('a second time loses nothing more', () => {
    const one = disk()
    write(one, 20)
    one.losePower(0)
    const kept = one.length(FILE)

    one.losePower(0)

    expect(one.length(FILE)).toBe(kept)
  })
})

describe('a file', () => {
  test('shows what was written at once, synced or not', () => {
    const one = disk()

    write(one, 3)

    expect(one.entries(FILE)).toEqual([0, 1, 2])
    expect(one.synced(FILE)).toBe(0)
    expect(one.dirty(FILE)).toBe(true)
  })

  test('that is truncated keeps its beginning, and is no longer torn', () => {
    const one = disk({ tornShare: 1 }, 3)
    write(one, 10)
    one.losePower(0)
    expect(one.torn(FILE)).toBe(true)

    one.truncate(FILE, one.length(FILE) - 1)

    expect(one.torn(FILE)).toBe(false)
    expect(one.dirty(FILE)).toBe(false)
  })

  test('counts as synced no further than it reaches', () => {
    const one = disk()
    write(one, 10)
    sync(one)

    one.truncate(FILE, 4)
    one.syncEnded(FILE, 10)

    expect(one.synced(FILE)).toBe(4)
  })

  test('that is removed is gone', () => {
    const one = disk()
    write(one, 3)
    one.replace('value', 1)

    one.remove(FILE)
    one.remove('value')

    expect(one.files()).toEqual([])
    expect(one.entries(FILE)).toEqual([])
    expect(one.value('value')).toBeUndefined()
  })

  test.each(['io-error', 'full'] as const)(
    'takes no write while the disk answers %s',
    (failing) => {
      const one = disk()
      write(one, 2)
      one.failing = failing

      expect(one.append(FILE, 2, 10, 0)).toBe(failing)
      expect(one.replace('value', 1)).toBe(failing)
      expect(one.entries(FILE)).toEqual([0, 1])
      expect(one.value('value')).toBeUndefined()
    },
  )
})

describe('a sync', () => {
  test('takes its time and the time of its bytes, one after the other', () => {
    const one = disk({ syncUs: 500, bytesPerUs: 0.1 })

    write(one, 10)
    const first = one.syncEnd(FILE, 400)
    const second = one.syncEnd(FILE, 400)

    // Of 100 bytes at 0.1 bytes per µs 40 have been written back; then nothing is new.
    expect(first).toBe(400 + 500 + 600)
    expect(second).toBe(first + 500)
  })

  test('does not pay again for what was written back before a power loss', () => {
    const one = disk({ syncUs: 500, bytesPerUs: 0.1, writeBackUs: 30_000_000 })
    write(one, 10)

    one.losePower(40_000_000)

    expect(one.synced(FILE)).toBe(10)
    expect(one.syncEnd(FILE, 40_000_000)).toBe(40_000_500)
  })

  test('takes longer on a slow disk', () => {
    const one = disk({ syncUs: 500 })
    one.slowness = 3
    one.delayUs = 40

    expect(one.syncEnd(FILE, 0)).toBe(1_540)
  })

  test('puts onto the platter what was there when it began', () => {
    const one = disk()
    write(one, 4)
    const atBegin = one.length(FILE)
    write(one, 4, 4)

    one.syncEnded(FILE, atBegin)

    expect(one.synced(FILE)).toBe(4)
  })
})

describe('a file that loses its head', () => {
  test('keeps the rest, with what is on the platter of it', () => {
    const one = disk()
    write(one, 6)
    sync(one)
    write(one, 4, 6)

    one.trimHead(FILE, 4)

    expect(one.entries(FILE)).toEqual([4, 5, 6, 7, 8, 9])
    expect(one.synced(FILE)).toBe(2)
  })

  test('has what a sync that began before puts onto the platter', () => {
    const one = disk()
    write(one, 6)
    const begun = one.length(FILE)
    one.trimHead(FILE, 4)
    write(one, 3, 6)

    one.syncEnded(FILE, begun)

    expect(one.synced(FILE)).toBe(2)
  })

  test('does not get it back in a power loss', () => {
    const one = disk()
    write(one, 6)
    sync(one)
    one.trimHead(FILE, 4)

    one.losePower(0)

    expect(one.entries(FILE)).toEqual([4, 5])
  })
})
