/**
 * Who leads, and who stays in the ISR: the decisions of the controller, as pure functions.
 *
 * Follows KB C5, C7 and C10: replicas are asked in the order of the assignment, and `online` says
 * which of them live.
 */

import type { LeaderAndIsr } from './state-changes.ts'

export type Online = (broker: number) => boolean

/** The first state of a new partition: all that live are in sync; null while nobody lives. */
export function firstState(replicas: readonly number[], online: Online): LeaderAndIsr | null {
  const isr = replicas.filter(online)
  const leader = isr[0]
  return leader === undefined ? null : { leader, isr }
}

/** The first of the assignment that lives and is in the ISR; else none. */
export function offlineElection(
  replicas: readonly number[],
  isr: readonly number[],
  online: Online,
): LeaderAndIsr | null {
  const leader = replicas.find((broker) => online(broker) && isr.includes(broker))
  return leader === undefined ? null : { leader, isr: isr.filter(online) }
}

/** The first of the assignment that lives, alone in the ISR: records may be lost by this. */
export function uncleanElection(replicas: readonly number[], online: Online): LeaderAndIsr | null {
  const leader = replicas.find(online)
  return leader === undefined ? null : { leader, isr: [leader] }
}

/** The first of the assignment, if it lives and is in the ISR, which stays as it is. */
export function preferredElection(
  replicas: readonly number[],
  isr: readonly number[],
  online: Online,
): LeaderAndIsr | null {
  const leader = replicas[0]
  if (leader === undefined || !online(leader) || !isr.includes(leader)) return null
  return { leader, isr }
}

/**
 * The first of the assignment that is in the ISR and stays; the ISR without those that leave. A
 * replica that is about to leave may still be the only one: then nothing changes.
 */
export function shutdownElection(
  replicas: readonly number[],
  isr: readonly number[],
  is: { readonly live: Online; readonly leaving: Online },
): LeaderAndIsr | null {
  const leader = replicas.find((id) => is.live(id) && isr.includes(id) && !is.leaving(id))
  return leader === undefined ? null : { leader, isr: isr.filter((id) => !is.leaving(id)) }
}

/** Without a dead replica; the last of an ISR stays, without leading. Null: nothing to do. */
export function withoutReplica(state: LeaderAndIsr, broker: number): LeaderAndIsr | null {
  if (!state.isr.includes(broker)) return null
  const leader = state.leader === broker ? -1 : state.leader
  const isr = state.isr.length === 1 ? state.isr : state.isr.filter((member) => member !== broker)
  return { leader, isr }
}

/** True if both name the same members, in whatever order. */
export function sameMembers(some: readonly number[], others: readonly number[]): boolean {
  return some.length === others.length && some.every((member) => others.includes(member))
}
