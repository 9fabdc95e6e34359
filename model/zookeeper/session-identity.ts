/**
 * Ids and passwords of sessions: any server makes them, every server can check them (KB Z3).
 *
 * ZooKeeper puts server id and start time into the id; here it is server id, incarnation and a
 * counter, unique in a run. The password is a function of the id, so it needs no storage.
 */

const sessionsPerIncarnation = 16_777_216
const incarnationsPerServer = 4096

export function sessionIdOf(server: number, incarnation: number, counter: number): number {
  return (server * incarnationsPerServer + incarnation) * sessionsPerIncarnation + counter
}

/** A positive integer that nobody guesses by naming a session. */
export function passwordOf(sessionId: number): number {
  const high = Math.floor(sessionId / sessionsPerIncarnation)
  const low = sessionId % sessionsPerIncarnation
  const mixed = Math.imul(Math.imul(high, 0x9e3779b1) + low, 0x85ebca6b)
  return ((mixed >>> 0) % 2_147_483_647) + 1
}
