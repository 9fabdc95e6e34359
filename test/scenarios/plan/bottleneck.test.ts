import { expect, test } from 'vitest'
import { bottleneckOf, type Used, wholeBottleneck } from '../../../scenarios/plan/bottleneck.ts'
import type { Sample } from '../../../scenarios/plan/simulate.ts'

function used(resource: string, peak: number, host = 'broker 1'): Used {
  return { host, resource, peak }
}

test('the busiest resource is the bottleneck, the first of equals', () => {
  const uses = [used('cpu', 0.4), used('disk', 0.7), used('nic-out', 0.7, 'broker 2')]

  expect(bottleneckOf(uses)).toEqual({ resource: 'disk', host: 'broker 1', utilisation: 0.7 })
  expect(bottleneckOf([])).toBeNull()
  expect(bottleneckOf([used('cpu', 0)])).toBeNull()
})

test('space and fetchers, who wait for others, are no limit', () => {
  const uses = [used('disk-space', 0.99), used('fetcher-threads', 1), used('cpu', 0.1)]

  expect(bottleneckOf(uses)?.resource).toBe('cpu')
})

test.each([
  { cores: 1, named: 'cpu' },
  { cores: 0.985, named: 'cpu' },
  { cores: 0.9, named: 'network-threads' },
])('threads at 100 % with cores at $cores are told as $named', ({ cores, named }) => {
  const uses = [used('network-threads', 1), used('cpu', cores, 'broker 2')]

  expect(bottleneckOf(uses)?.resource).toBe(named)
})

test('a disk that is as busy as the cores stays the bottleneck', () => {
  expect(bottleneckOf([used('cpu', 0.99), used('disk', 1)])?.resource).toBe('disk')
})

test('of a run that was ended early nobody knows the busiest second', () => {
  const bottleneck = { resource: 'cpu', host: 'broker 1', utilisation: 0.5 }
  const sample = (endedEarly: boolean): Sample => ({ endedEarly, bottleneck }) as Sample

  expect(wholeBottleneck(sample(false))).toBe(bottleneck)
  expect(wholeBottleneck(sample(true))).toBeNull()
  expect(wholeBottleneck(undefined)).toBeNull()
})
