/**
 * The portfolio: no single way of drawing finds everything (HZ 2.3), so runs take turns.
 *
 * A bias only shifts what is likely. It is there where the scenario's swarm has the families it
 * needs, and a scenario may name its biases itself: what a scenario says goes before the portfolio.
 */

import { hashText, mix32 } from '../../sim/mix.ts'
import type { BiasName, Scenario, Swarm, SwarmFamily } from '../schema/scenario.ts'
import { biasNames } from '../schema/swarm-words.ts'
import type { TimelineEntry } from '../schema/timeline.ts'
import { type Draw, ladder } from './draw.ts'
import { somePartition } from './drawn-roles.ts'

export interface Bias {
  readonly sentence: string
  /** Families that the swarm must have, one of each list. */
  readonly needs: readonly (readonly SwarmFamily[])[]
  /** Families drawn so many times as often. */
  readonly favours: Readonly<Partial<Record<SwarmFamily, number>>>
  /** Whether weights of families are drawn too. */
  readonly weighted: boolean
  /** 4096ths of the entries that wait for a protocol moment. */
  readonly moments: number
  /** Sixteenths of the entries that strike several hosts at once. */
  readonly breadth: number
  /** Everything happens within a drawn short time. */
  readonly burst: boolean
  /** Every broker that is drawn is the same one. */
  readonly oneBroker: boolean
  /** Entries beside the drawn ones. */
  readonly background: (draw: Draw, scenario: Scenario) => readonly TimelineEntry[]
}

const plain: Bias = {
  sentence: 'each family off in half of the runs, the rest evenly',
  needs: [],
  favours: {},
  weighted: false,
  moments: 128,
  breadth: 1,
  burst: false,
  oneBroker: false,
  background: () => [],
}

export const biases: Readonly<Record<BiasName, Bias>> = {
  uniform: plain,
  weights: { ...plain, sentence: 'drawn weights of families', weighted: true },
  'slow-controller': {
    ...plain,
    sentence: 'what the controller sends takes ten times as long and more',
    needs: [['slow']],
    background: slowController,
  },
  'slow-zookeeper': {
    ...plain,
    sentence: 'the way to the ensemble and back is slow',
    needs: [['slow']],
    background: slowZookeeper,
  },
  'one-broker': { ...plain, sentence: 'one broker gets all that strikes brokers', oneBroker: true },
  bursts: { ...plain, sentence: 'everything at nearly the same time', burst: true },
  moments: { ...plain, sentence: 'most faults wait for a protocol moment', moments: 3072 },
  pauses: {
    ...plain,
    sentence: 'mostly processes that stall and come back',
    needs: [['pause']],
    favours: { pause: 8 },
  },
  correlated: { ...plain, sentence: 'racks, whole replica sets, one after the other', breadth: 10 },
  'held-leader-and-isr': {
    ...plain,
    sentence: 'one broker hears nothing from the controller while leaders change',
    needs: [['hold'], ['crash']],
    background: heldLeaderAndIsr,
  },
}

/** The biases that a swarm admits; never empty. */
export function portfolioOf(swarm: Swarm): readonly BiasName[] {
  const named = swarm.biases ?? biasNames
  const admitted = named.filter((name) =>
    biases[name].needs.every((some) => some.some((family) => swarm.families.includes(family))),
  )
  return admitted.length === 0 ? ['uniform'] : admitted
}

/** Which bias a run has: a function of the exploration's seed and the run's number. */
export function biasOf(swarm: Swarm, caseSeed: number): number {
  return mix32(hashText('bias'), caseSeed % 0x100000000) % portfolioOf(swarm).length
}

/** Slow on its way out whoever it is: now, and again when another one takes over. */
function slowController(draw: Draw, _scenario: Scenario): readonly TimelineEntry[] {
  const delayUs = 20_000 * (1 + (draw.detail % 64))
  const slow = {
    kind: 'slow-link',
    between: { of: 'controller' },
    and: { of: 'all-brokers' },
    direction: 'to',
    delayUs,
    jitterUs: delayUs,
    bytesPerSecond: 0,
  } as const
  const again = { probe: 'controller.failover', nth: 1, afterUs: 1 } as const
  return [
    { ...slow, atUs: 0 },
    { ...slow, on: again },
  ]
}

function slowZookeeper(draw: Draw, _scenario: Scenario): readonly TimelineEntry[] {
  const delayUs = 5_000 * (1 + (draw.detail % 100))
  return [
    {
      kind: 'slow-link',
      between: { of: 'all-zookeeper' },
      and: { of: 'others' },
      direction: 'both',
      delayUs,
      jitterUs: delayUs,
      bytesPerSecond: 0,
      atUs: 0,
    },
  ]
}

/**
 * Three elections of one partition that one of its replicas does not hear of in time (HZ R06): what
 * the controller sends to it is held while its leaders die one after the other.
 */
function heldLeaderAndIsr(draw: Draw, scenario: Scenario): readonly TimelineEntry[] {
  const partition = somePartition(draw, scenario)
  const rungs = ladder(scenario)
  const longUs = rungs[rungs.length - 1] as number
  const gapUs = Math.floor((longUs * (1 + (draw.kind % 4))) / 6)
  const startUs = Math.floor((scenario.durationUs * (draw.at % 400)) / 1000)
  const deaths = [0, 1, 2].map((nth): TimelineEntry => ({
    kind: 'crash',
    target: { of: 'leader', ...partition },
    atUs: startUs + 1 + nth * gapUs,
    forUs: gapUs,
  }))
  return [
    {
      kind: 'hold',
      between: { of: 'controller' },
      and: { of: 'follower', ...partition, nth: 1 + (draw.other % 2) },
      direction: 'to',
      atUs: startUs,
      forUs: 3 * gapUs,
    },
    ...deaths.filter(({ atUs }) => (atUs as number) < scenario.durationUs),
  ]
}
