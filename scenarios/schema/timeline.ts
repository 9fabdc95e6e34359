/**
 * What torments a run and what its operators do, in canonical form: values in a closed union.
 *
 * Faults strike hosts, links, disks and clocks; operations are actions of administrators and
 * teams. Both are drawn, shrunk, replayed and shown together. Left out of this version:
 * disk-full, io-error, bit-rot and wipe, and the operations that `laterOperations` names.
 */

/**
 * A host or a role, resolved when the entry fires. Members, instances and followers count
 * from 1, as their names do.
 */
export type Target =
  | { readonly of: 'broker'; readonly id: number }
  | { readonly of: 'rack'; readonly rack: string }
  | { readonly of: 'controller' }
  | { readonly of: 'zookeeper'; readonly id: number }
  | { readonly of: 'zookeeper-leader' }
  | { readonly of: 'leader'; readonly topic: string; readonly partition: number }
  | {
      readonly of: 'follower'
      readonly topic: string
      readonly partition: number
      readonly nth: number
    }
  | { readonly of: 'coordinator'; readonly group: string }
  | { readonly of: 'member'; readonly group: string; readonly index: number }
  | { readonly of: 'half'; readonly group: string }
  | { readonly of: 'group'; readonly group: string }
  | { readonly of: 'producer'; readonly name: string; readonly index: number }
  | { readonly of: 'service'; readonly name: string }
  | { readonly of: 'all-brokers' }
  | { readonly of: 'all-zookeeper' }
  | { readonly of: 'all-clients' }
  /** Every host that the other end of a link fault does not name; only as such an end. */
  | { readonly of: 'others' }
  | { readonly of: 'list'; readonly targets: readonly Target[] }

/** What a probe reports on; absent: whatever it is. */
export type TriggerSubject =
  | { readonly of: 'partition'; readonly topic: string; readonly partition: number }
  | { readonly of: 'group'; readonly group: string }
  | { readonly of: 'broker'; readonly id: number }

/** Acts at the place of a probe: the nth time it is reached from `afterUs` on. */
export interface Trigger {
  readonly probe: string
  readonly of?: TriggerSubject
  readonly nth: number
  readonly afterUs: number
}

/** Exactly one of the two is there. */
interface When {
  readonly atUs?: number
  readonly on?: Trigger
}

/** A fault that ends; without `forUs` it lasts until the heal. */
interface Interval extends When {
  readonly forUs?: number
}

export type Direction = 'both' | 'to' | 'from'

/** `to`: only what travels from `between` to `and` is struck; `from`: only the way back. */
interface LinkFault extends Interval {
  readonly between: Target
  readonly and: Target
  readonly direction: Direction
}

export interface CrashFault extends Interval {
  readonly kind: 'crash'
  readonly target: Target
}
export interface PowerLossFault extends Interval {
  readonly kind: 'power-loss'
  readonly target: Target
}
export interface PauseFault extends Interval {
  readonly kind: 'pause'
  readonly target: Target
}
/** Stops a process, in good order or not, and starts it again. */
export interface RestartFault extends Interval {
  readonly kind: 'restart'
  readonly target: Target
  readonly clean: boolean
}
export interface CutFault extends LinkFault {
  readonly kind: 'cut'
}
export interface ResetFault extends When {
  readonly kind: 'reset'
  readonly between: Target
  readonly and: Target
}
export interface HoldFault extends LinkFault {
  readonly kind: 'hold'
}
export interface SlowLinkFault extends LinkFault {
  readonly kind: 'slow-link'
  readonly delayUs: number
  readonly jitterUs: number
  /** 0: as before. */
  readonly bytesPerSecond: number
}
export interface SlowDiskFault extends Interval {
  readonly kind: 'slow-disk'
  readonly target: Target
  /** Added to each operation. */
  readonly delayUs: number
  /** Multiplies what an operation takes. */
  readonly factor: number
}
export interface SlowCpuFault extends Interval {
  readonly kind: 'slow-cpu'
  readonly target: Target
  readonly factor: number
}
export interface ClockStepFault extends When {
  readonly kind: 'clock-step'
  readonly target: Target
  /** Negative: back in time. */
  readonly byUs: number
}
export interface ClockDriftFault extends Interval {
  readonly kind: 'clock-drift'
  readonly target: Target
  /** Parts per million; negative: too slow. */
  readonly ppm: number
}

export type Fault =
  | CrashFault
  | PowerLossFault
  | PauseFault
  | RestartFault
  | CutFault
  | ResetFault
  | HoldFault
  | SlowLinkFault
  | SlowDiskFault
  | SlowCpuFault
  | ClockStepFault
  | ClockDriftFault

export interface AddPartitions extends When {
  readonly kind: 'add-partitions'
  readonly topic: string
  /** The number of partitions afterwards. */
  readonly to: number
}
export interface AddMembers extends When {
  readonly kind: 'add-members'
  readonly group: string
  readonly count: number
}
export interface StopMembers extends When {
  readonly kind: 'stop-members'
  readonly group: string
  readonly count: number
  /** Whether they leave the group in good order. */
  readonly clean: boolean
}
export interface ElectLeader extends When {
  readonly kind: 'elect-leader'
  readonly topic: string
  readonly partition: number
  readonly election: 'preferred' | 'unclean'
}
/** Work takes `factor` times as long in a group, one member of it, or a service. */
export interface SlowWork extends Interval {
  readonly kind: 'slow-work'
  readonly target: Target
  readonly factor: number
}

export type Operation = AddPartitions | AddMembers | StopMembers | ElectLeader | SlowWork

export type TimelineEntry = Fault | Operation

export type FaultKind = Fault['kind']
export type OperationKind = Operation['kind']

export const faultKinds: readonly FaultKind[] = [
  'crash',
  'power-loss',
  'pause',
  'restart',
  'cut',
  'reset',
  'hold',
  'slow-link',
  'slow-disk',
  'slow-cpu',
  'clock-step',
  'clock-drift',
]

export const operationKinds: readonly OperationKind[] = [
  'add-partitions',
  'add-members',
  'stop-members',
  'elect-leader',
  'slow-work',
]

/** Words of scenario files that a later version brings. */
export const laterFaults: readonly string[] = ['disk-full', 'io-error', 'bit-rot', 'wipe']
export const laterOperations: readonly string[] = [
  'deploy',
  'reassign',
  'alter-config',
  'create-topic',
  'delete-topic',
  'poison',
  'rolling-restart',
]

export function isFault(entry: TimelineEntry): entry is Fault {
  return faultKinds.some((kind) => kind === entry.kind)
}
