/**
 * A script of operations on a ZooKeeper, and what its clients hear: the same for the real one and
 * for the model.
 *
 * Transaction ids and session ids differ between the two, so what is compared of them is what a
 * client can rely on: which came first, and whose session it is.
 */

import type {
  WatchEventType,
  ZooKeeperError,
  ZooKeeperOperation,
} from '../../../model/zookeeper/messages.ts'

/** One step: a client does something and waits for the answer, or ends its session. */
export type Step =
  | { readonly client: string; readonly operation: ZooKeeperOperation }
  | { readonly client: string; readonly end: true }

export interface ComparedStat {
  readonly version: number
  readonly cversion: number
  /** Name of the client whose session owns it. */
  readonly owner: string | null
  readonly changed: boolean
  readonly childrenChanged: boolean
}

export interface Answer {
  readonly error: ZooKeeperError
  readonly path?: string
  readonly data?: string
  readonly stat?: ComparedStat
  /** Sorted: ZooKeeper lists children in no order. */
  readonly children?: readonly string[]
  readonly results?: readonly Answer[]
}

export type Heard =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'watch'; readonly event: WatchEventType; readonly path: string }

/** What each client heard, in the order in which it did. */
export type Transcript = Readonly<Record<string, readonly Heard[]>>

export interface ZooKeeperUnderTest {
  /** Plays a script with fresh clients below a root of its own, which no path in it names. */
  play(clients: readonly string[], steps: readonly Step[]): Promise<Transcript>
}

/** The paths of an operation moved below a root. */
export function below(root: string, operation: ZooKeeperOperation): ZooKeeperOperation {
  if (operation.op === 'multi') {
    const writes = operation.writes.map((write) => ({ ...write, path: root + write.path }))
    return { op: 'multi', writes }
  }
  return { ...operation, path: root + operation.path }
}

export function sorted(names: readonly string[]): readonly string[] {
  return [...names].sort((a, b) => (a < b ? -1 : 1))
}
