/**
 * The words of a `swarm`: knobs, targets and biases, in the order in which answers list them.
 */

import type {
  BiasName,
  Budget,
  SwarmFamily,
  SwarmKnob,
  SwarmOperation,
  SwarmTarget,
} from './scenario.ts'

export const swarmFamilies: readonly SwarmFamily[] = [
  'crash',
  'power-loss',
  'pause',
  'restart',
  'cut',
  'flap',
  'bridge',
  'reset',
  'half-open',
  'hold',
  'clog',
  'slow',
  'clock',
  'disk-full',
  'io-error',
  'lying-sync',
  'bit-rot',
  'wipe',
]

export const swarmOperations: readonly SwarmOperation[] = [
  'add-partitions',
  'add-members',
  'stop-members',
  'deploy',
  'elect-leader',
  'reassign',
  'alter-config',
  'create-topic',
  'delete-topic',
  'slow-work',
  'poison',
  'rolling-restart',
]

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

export const swarmTargets: readonly SwarmTarget[] = [
  'leader',
  'follower',
  'controller',
  'broker',
  'zookeeper-leader',
  'zookeeper',
  'coordinator',
  'member',
  'producer',
  'service',
  'rack',
  'replicas',
  'half',
  'all-zookeeper',
  'others',
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
