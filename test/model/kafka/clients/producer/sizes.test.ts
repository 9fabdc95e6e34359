import { expect, test } from 'vitest'
import {
  drawerOf,
  meanBytes,
  type Sizes,
} from '../../../../../model/kafka/clients/producer/sizes.ts'
import { stream } from '../../../../../sim/random.ts'

function drawn(sizes: Sizes): number[] {
  const draw = drawerOf(sizes, stream(1, 'sizes'))
  return Array.from({ length: 20_000 }, () => draw()).sort((left, right) => left - right)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length
}

const all: readonly Sizes[] = [
  { kind: 'log-normal', p50: 500, p99: 4_096 },
  { kind: 'exponential', mean: 800 },
  { kind: 'list', bytes: [200, 8_192], weights: [9, 1] },
]

test.each(all)('sizes that are $kind have the mean that is told of them', (sizes) => {
  expect(mean(drawn(sizes)) / meanBytes(sizes)).toBeCloseTo(1, 1)
})

test('log-normal sizes go through their percentiles', () => {
  const values = drawn({ kind: 'log-normal', p50: 500, p99: 4_096 })

  expect((values[10_000] as number) / 500).toBeCloseTo(1, 1)
  expect((values[19_800] as number) / 4_096).toBeCloseTo(1, 0)
  expect(values.every(Number.isInteger)).toBe(true)
})

test('sizes of a list come by their weights', () => {
  const values = drawn({ kind: 'list', bytes: [200, 8_192], weights: [9, 1] })

  expect(new Set(values)).toEqual(new Set([200, 8_192]))
  expect(values.filter((one) => one === 8_192).length / values.length).toBeCloseTo(0.1, 2)
})

test('two equal percentiles are one size, and no record is empty', () => {
  expect(new Set(drawn({ kind: 'log-normal', p50: 7, p99: 7 }))).toEqual(new Set([7]))
  expect(drawn({ kind: 'exponential', mean: 1 })[0]).toBe(1)
})
