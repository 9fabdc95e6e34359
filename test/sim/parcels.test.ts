import { describe, expect, test } from 'vitest'
import { NONE, Parcels } from '../../sim/parcels.ts'

const PING = { type: 'Ping' }
const PONG = { type: 'Pong' }

describe('the messages under way', () => {
  test('stand in a chain as they were linked', () => {
    const parcels = new Parcels()
    const first = parcels.add(PING, 100, 40, 7)
    const second = parcels.add(PONG, 200, 80, 8)
    parcels.next[first] = second

    const behind = parcels.remove(first)

    expect(behind).toBe(second)
    expect(parcels.messages[second]).toBe(PONG)
    expect(parcels.arrivals[second]).toBe(200)
    expect(parcels.sizes[second]).toBe(80)
    expect(parcels.causes[second]).toBe(8)
    expect(parcels.remove(second)).toBe(NONE)
  })

  test('take the slot given back last, with nobody behind', () => {
    const parcels = new Parcels()
    const first = parcels.add(PING, 100, 40, 7)
    const second = parcels.add(PONG, 200, 80, 8)
    parcels.remove(first)
    parcels.remove(second)

    expect(parcels.add(PING, 300, 40, 9)).toBe(second)
    expect(parcels.next[second]).toBe(NONE)
    expect(parcels.add(PING, 300, 40, 9)).toBe(first)
    expect(parcels.add(PING, 300, 40, 9)).toBe(2)
  })

  test('keep what they hold when there are more than there was room for', () => {
    const parcels = new Parcels()
    const slots = Array.from({ length: 1000 }, (_, n) => parcels.add(PING, 10 * n, n, 3 * n))

    expect(new Set(slots).size).toBe(1000)
    for (const [n, slot] of slots.entries()) {
      expect(parcels.arrivals[slot]).toBe(10 * n)
      expect(parcels.sizes[slot]).toBe(n)
      expect(parcels.causes[slot]).toBe(3 * n)
      expect(parcels.next[slot]).toBe(NONE)
    }
  })
})
