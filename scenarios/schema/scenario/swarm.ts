/**
 * What an exploration may draw.
 */

export type SwarmFamily =
  | 'crash'
  | 'power-loss'
  | 'pause'
  | 'restart'
  | 'cut'
  | 'flap'
  | 'bridge'
  | 'reset'
  | 'half-open'
  | 'hold'
  | 'clog'
  | 'slow'
  | 'clock'
  | 'disk-full'
  | 'io-error'
  | 'lying-sync'
  | 'bit-rot'
  | 'wipe'

export type SwarmOperation =
  | 'add-partitions'
  | 'add-members'
  | 'stop-members'
  | 'deploy'
  | 'elect-leader'
  | 'reassign'
  | 'alter-config'
  | 'create-topic'
  | 'delete-topic'
  | 'slow-work'
  | 'poison'
  | 'rolling-restart'

/** Roles that drawn faults strike; `all-zookeeper` and `others` are ends of links alone. */
export type SwarmTarget =
  | 'leader'
  | 'follower'
  | 'controller'
  | 'broker'
  | 'zookeeper-leader'
  | 'zookeeper'
  | 'coordinator'
  | 'member'
  | 'producer'
  | 'service'
  | 'rack'
  | 'replicas'
  | 'half'
  | 'all-zookeeper'
  | 'others'

/**
 * Knobs of topology and configuration that an exploration may turn. None of them weakens what the
 * scenario promises: replicas and `min.insync.replicas` only grow.
 */
export type SwarmKnob =
  | 'brokers'
  | 'zookeeper'
  | 'partitions'
  | 'replication-factor'
  | 'min.insync.replicas'
  | 'members'
  | 'rate'
  | 'linger.ms'
  | 'batch.size'
  | 'max.in.flight'

/** Ways to search, each good at something else; `scenarios/explore/biases.ts` says what. */
export type BiasName =
  | 'uniform'
  | 'weights'
  | 'slow-controller'
  | 'slow-zookeeper'
  | 'one-broker'
  | 'bursts'
  | 'moments'
  | 'pauses'
  | 'correlated'
  | 'held-leader-and-isr'

/**
 * How far faults may go: `within` the budget, at its `edge` (what the budget's letter allows and no
 * caution beside it), or `beyond` it.
 */
export type Budget = 'within' | 'edge' | 'beyond'

/** What an exploration draws timelines from, beside the timeline of the scenario. */
export interface Swarm {
  readonly families: readonly SwarmFamily[]
  readonly operations: readonly SwarmOperation[]
  readonly faults: { readonly min: number; readonly max: number }
  readonly budget: Budget
  /** Absent: none is turned. */
  readonly knobs?: readonly SwarmKnob[]
  /** How long a drawn fault lasts; absent: from milliseconds to longer than every timeout. */
  readonly durations?: { readonly minUs: number; readonly maxUs: number }
  /** Absent: whoever the family can strike. */
  readonly targets?: readonly SwarmTarget[]
  /** Absent: every bias whose families are there. */
  readonly biases?: readonly BiasName[]
  /** Topics that drawn operations delete and create; absent: those without producers and groups. */
  readonly topics?: readonly string[]
}
