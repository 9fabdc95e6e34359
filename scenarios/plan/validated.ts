/**
 * Between which figures lie the published measurements that the model is held against and that it
 * gives again (V1 and V3 of `dmqsim table validation`): each figure by itself, not all together.
 */

import type { Scenario } from '../schema/scenario.ts'
import type { Belief, Setting } from './plan-answer.ts'
import { digits } from './words.ts'

/** V1 has 3 brokers and records of 100 bytes, V3 3 and 6 brokers and records of 50 kB. */
export const validatedRange: Readonly<Record<Figure, readonly [number, number]>> = {
  recordsPerSecond: [0, 2_024_032],
  recordBytes: [100, 50_000],
  brokers: [3, 6],
  replicationFactor: [1, 3],
  groups: [1, 4],
}

type Figure = 'recordsPerSecond' | 'recordBytes' | 'brokers' | 'replicationFactor' | 'groups'

const nouns: Readonly<Record<Figure, string>> = {
  recordsPerSecond: 'records/s',
  recordBytes: 'bytes a record',
  brokers: 'brokers',
  replicationFactor: 'replicas',
  groups: 'groups',
}

/** One sentence for each figure of a plan that lies outside. */
export function outsideOf(
  scenario: Scenario,
  setting: Setting,
  peakPerSecond: number,
): Belief['extrapolates'] {
  const bytes = scenario.producers.map(({ recordBytes }) => recordBytes)
  const own: Readonly<Record<Figure, readonly number[]>> = {
    recordsPerSecond: [peakPerSecond],
    recordBytes: bytes,
    brokers: [setting.brokers],
    replicationFactor: [setting.replicationFactor],
    groups: [scenario.consumers.length],
  }
  return (Object.keys(validatedRange) as Figure[]).flatMap((figure) => {
    const [low, high] = validatedRange[figure]
    const beyond = own[figure].find((value) => value < low || value > high)
    if (beyond === undefined) return []
    const noun = nouns[figure]
    return [`${digits(beyond)} ${noun}: validated with ${digits(low)} to ${digits(high)}.`]
  })
}
