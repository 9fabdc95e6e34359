import { expect, test } from 'vitest'
import { busiest, hostsText } from '../../../scenarios/plan/sample.ts'

test('a resource is as busy as in its busiest second, not as in a moment of it', () => {
  const shares = [0, 0, 1, 0, 0.5, 0.75, 0.25, 0.5, 0, 0]

  expect(busiest(shares, 4)).toEqual({ mean: 0.3, peak: 0.5625 })
  expect(busiest(shares, 1).peak).toBe(1)
})

test('what lasts no second is taken as a whole', () => {
  expect(busiest([1, 0], 10)).toEqual({ mean: 0.5, peak: 0.5 })
  expect(busiest([], 10)).toEqual({ mean: 0, peak: 0 })
})

test('of many processes that a fault strikes the first and the last are named', () => {
  const members = Array.from({ length: 15 }, (_none, at) => `payment-${at + 1}`)

  expect(hostsText(['broker-3', 'zookeeper-3'])).toBe('broker 3, zookeeper 3')
  expect(hostsText(members)).toBe('15 processes, payment-1 to payment-15')
})
