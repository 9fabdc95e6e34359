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

/**
 * What an ensemble tells a witness that judges it: commits each time a leader makes them, what
 * every server in BROADCAST applies, and who leads with which log. A transaction is named by its
 * zxid, session and xid.
 */
export interface EnsembleWitness {
  committed(zxid: number, sessionId: number, xid: number): void
  applied(server: number, zxid: number, sessionId: number, xid: number): void
  /** `holds` answers whether the new leader has a transaction, in its log or its snapshot. */
  led(server: number, epoch: number, holds: (zxid: number) => boolean): void
}
