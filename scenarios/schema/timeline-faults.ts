/**
 * Faults of a timeline in canonical form: what strikes processes, hosts, links, disks and clocks.
 *
 * What each does and leaves is written in `faults-table.ts`, from which docs/faults.md is made.
 */

import type { Interval, Lasting, LinkFault, Target, When } from './timeline-when.ts'

export interface CrashFault extends Lasting {
  readonly kind: 'crash'
  readonly target: Target
}
export interface PowerLossFault extends Lasting {
  readonly kind: 'power-loss'
  readonly target: Target
  /** Every file that loses something is left with a torn last entry; absent: as drawn. */
  readonly torn?: true
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
  /** A broker comes back on these protocol levels, over those of the run. */
  readonly protocols?: Readonly<Record<string, string>>
}

export interface CutFault extends LinkFault {
  readonly kind: 'cut'
}
/** Cut for `downUs`, whole for `upUs`, and so on until it ends. */
export interface FlapFault extends LinkFault {
  readonly kind: 'flap'
  readonly downUs: number
  readonly upUs: number
}
/** Two sides that reach each other only by way of the hosts that belong to both. */
export interface BridgeFault extends Interval {
  readonly kind: 'bridge'
  readonly between: Target
  readonly and: Target
  readonly over: Target
}
export interface ResetFault extends When {
  readonly kind: 'reset'
  readonly between: Target
  readonly and: Target
}
/** The ends at `between` are gone without a word; those at `and` still believe in them. */
export interface HalfOpenFault extends When {
  readonly kind: 'half-open'
  readonly between: Target
  readonly and: Target
}
export interface HoldFault extends LinkFault {
  readonly kind: 'hold'
}
/** Connections are accepted and stay, and no data moves on them. */
export interface ClogFault extends LinkFault {
  readonly kind: 'clog'
}
export interface SlowLinkFault extends LinkFault {
  readonly kind: 'slow-link'
  readonly delayUs: number
  readonly jitterUs: number
  /** 0: as before. */
  readonly bytesPerSecond: number
}

/** `disk`: the number of the log directory, from 0; absent: every disk of the host. */
interface DiskFault {
  readonly target: Target
  readonly disk?: number
}
export interface DiskFullFault extends Lasting, DiskFault {
  readonly kind: 'disk-full'
}
export interface IoErrorFault extends Lasting, DiskFault {
  readonly kind: 'io-error'
}
/** Syncs answer ok while nothing lasts. */
export interface LyingSyncFault extends Interval, DiskFault {
  readonly kind: 'lying-sync'
}
interface PartitionPlace {
  readonly topic: string
  readonly partition: number
}
/** Entries of files become unreadable where they stand. */
export interface BitRotFault extends When, DiskFault {
  readonly kind: 'bit-rot'
  /** How many entries, each drawn. */
  readonly entries: number
  /** In the log of this partition; absent: in any file. */
  readonly log?: PartitionPlace
}
/** The process ends and starts again on an empty disk. */
export interface WipeFault extends Lasting, DiskFault {
  readonly kind: 'wipe'
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
  | FlapFault
  | BridgeFault
  | ResetFault
  | HalfOpenFault
  | HoldFault
  | ClogFault
  | SlowLinkFault
  | DiskFullFault
  | IoErrorFault
  | LyingSyncFault
  | BitRotFault
  | WipeFault
  | SlowDiskFault
  | SlowCpuFault
  | ClockStepFault
  | ClockDriftFault

export type FaultKind = Fault['kind']

export const faultKinds: readonly FaultKind[] = [
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
  'slow-link',
  'disk-full',
  'io-error',
  'lying-sync',
  'bit-rot',
  'wipe',
  'slow-disk',
  'slow-cpu',
  'clock-step',
  'clock-drift',
]
