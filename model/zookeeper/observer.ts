/**
 * What an ensemble tells an observer: changes at the moment a quorum has them for good.
 *
 * Called once per committed transaction, in zxid order, whether or not any client ever hears of it
 * (KB Z22, Z23). This is the durable metadata that fault targets and truth are resolved from.
 */

export interface ZnodeChange {
  readonly kind: 'created' | 'changed' | 'deleted'
  readonly path: string
  readonly data: unknown
  readonly version: number
  /** Zxid of creation: for `/brokers/ids/<id>` this is the broker epoch. */
  readonly czxid: number
}

export interface EnsembleObserver {
  committed(zxid: number, changes: readonly ZnodeChange[]): void
  /** A server started to lead a quorum in BROADCAST. */
  led(server: number, epoch: number): void
  sessionOpened(sessionId: number, owner: string): void
  sessionExpired(sessionId: number): void
}

/** A vote as it was cast: in which round, for whom, with which history. */
export interface Ballot {
  readonly round: number
  readonly leader: number
  readonly epoch: number
  readonly zxid: number
}

/**
 * What an ensemble tells a witness that judges it: commits each time a leader makes them, what
 * every server in BROADCAST applies, who leads with which log, and what servers promise on the way
 * there. A transaction is named by its zxid, session and xid.
 */
export interface EnsembleWitness {
  /** A server starts with the accepted epoch that its disk kept. */
  started(server: number, acceptedEpoch: number): void
  voted(server: number, ballot: Ballot): void
  /** A server that looks for a leader votes; `epoch` and `zxid` are those of its own history. */
  preferred(server: number, ballot: Ballot, epoch: number, zxid: number): void
  /** A server takes itself for elected by votes like its own. */
  chosen(server: number, ballot: Ballot): void
  /** A server promises to follow no older leader. */
  accepted(server: number, epoch: number): void
  /** A quorum has promised itself to a leader for this epoch: discovery is over. */
  discovered(server: number, epoch: number): void
  /** A server has the whole history of this epoch's leader on disk. */
  entered(server: number, epoch: number): void
  /** A server begins to serve with so many transactions after `base` and up to `upTo`. */
  serves(server: number, base: number, upTo: number, count: number): void
  committed(zxid: number, sessionId: number, xid: number): void
  applied(server: number, zxid: number, sessionId: number, xid: number): void
  /** `holds` answers whether the new leader has a transaction, in its log or its snapshot. */
  led(server: number, epoch: number, holds: (zxid: number) => boolean): void
}
