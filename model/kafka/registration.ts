/**
 * A broker's life in ZooKeeper: its session, its ephemeral znode `/brokers/ids/<id>`, its epoch.
 *
 * Follows KB C18 and C22: the broker epoch is the czxid of the node; a node that another session
 * holds ends the process; after an expiry the controller role goes first, then comes a new session
 * and a new registration. Left out: endpoints and feature versions in the node.
 */

export type RegistrationTimer = 'reopenSession'

export type RegistrationIo = never

export interface Registration {
  /** `waiting` for a session, `registering` in it, `registered` by it. */
  phase: 'waiting' | 'registering' | 'registered'
  /** Counts registrations, so that replies to an abandoned one are recognised. */
  attempt: number
  /** Sessions that this process has owned, oldest first. */
  readonly ownSessions: number[]
}

export function startRegistration(): Registration {
  return { phase: 'waiting', attempt: 0, ownSessions: [] }
}
