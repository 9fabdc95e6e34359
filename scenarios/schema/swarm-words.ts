/**
 * The words of a `swarm`: knobs and biases, in the order in which answers list them.
 */

import type { BiasName, Budget, SwarmKnob } from './scenario.ts'

export const swarmKnobs: readonly SwarmKnob[] = [
  'brokers',
  'zookeeper',
  'partitions',
  'replication-factor',
  'min.insync.replicas',
  'members',
  'rate',
  'linger.ms',
  'batch.size',
  'max.in.flight',
]

export const biasNames: readonly BiasName[] = [
  'uniform',
  'weights',
  'slow-controller',
  'slow-zookeeper',
  'one-broker',
  'bursts',
  'moments',
  'pauses',
  'correlated',
  'held-leader-and-isr',
]

export const budgets: readonly Budget[] = ['within', 'edge', 'beyond']
