/**
 * The ZooKeeper client as a component of another process: the one door to it (KB Z1–Z7).
 *
 * A host process keeps the client in its state, puts the `on…` handlers under their message types,
 * the `expire…` handlers under the timers of `ZooKeeperTimer` (key 0), and offers every opened or
 * closed connection to `clientOpened` and `clientClosed` first.
 */

export { submit, onZooKeeperReply } from './client-requests.ts'
export {
  clientClosed,
  clientOpened,
  closeSession,
  expirePing,
  expireReadTimeout,
  expireReconnect,
  newSession,
  onConnectResponse,
  onPingReply,
  startClient,
} from './client-session.ts'
export { onWatchNotification } from './client-watches.ts'
export type {
  SessionState,
  ZooKeeperClient,
  ZooKeeperContext,
  ZooKeeperListener,
  ZooKeeperTimer,
} from './client-state.ts'
