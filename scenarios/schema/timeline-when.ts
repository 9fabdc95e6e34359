/**
 * Whom an entry of the timeline strikes, when, and for how long.
 *
 * A role is resolved to hosts when the entry fires. Members, instances and followers count from 1,
 * as their names do.
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
  /** Every broker that holds a replica of the partition. */
  | { readonly of: 'replicas'; readonly topic: string; readonly partition: number }
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
export interface When {
  readonly atUs?: number
  readonly on?: Trigger
}

/** What ends: after `forUs`, or at the heal where that is absent. */
export interface Interval extends When {
  readonly forUs?: number
}

/** What strikes hosts and can also stay for good, beyond the heal (`for: ever`). */
export interface Lasting extends Interval {
  readonly permanent?: true
}

export type Direction = 'both' | 'to' | 'from'

/** `to`: only what travels from `between` to `and` is struck; `from`: only the way back. */
export interface LinkFault extends Interval {
  readonly between: Target
  readonly and: Target
  readonly direction: Direction
}
