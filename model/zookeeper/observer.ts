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
