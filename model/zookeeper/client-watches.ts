/**
 * The client's own list of its watches, from which they are set again after a reconnect (KB Z4).
 *
 * Follows ZKWatchManager: a watch counts from the answer that registered it until it fires. What
 * the server sends is trusted; the list only says what to ask for on the next connection.
 */

import type { Connection } from '../../sim/process.ts'
import type { ZooKeeperClient, ZooKeeperContext } from './client-state.ts'
import { sizeOfSetWatches } from './message-size.ts'
import type {
  SetWatchesRequest,
  WatchEventType,
  WatchNotification,
  ZooKeeperError,
  ZooKeeperOperation,
} from './messages.ts'
import { Probe } from './probes.ts'

/** Notes the watch that an answered read has left at the server. */
export function rememberWatch(
  client: ZooKeeperClient,
  operation: ZooKeeperOperation,
  error: ZooKeeperError,
): void {
  if (operation.op === 'getData') {
    if (operation.watch && error === 'OK') client.dataWatches.add(operation.path)
  } else if (operation.op === 'getChildren') {
    if (operation.watch && error === 'OK') client.childWatches.add(operation.path)
  } else if (operation.op === 'exists' && operation.watch) {
    if (error === 'OK') client.dataWatches.add(operation.path)
    else if (error === 'NONODE') client.existWatches.add(operation.path)
  }
}

export function onWatchNotification(
  client: ZooKeeperClient,
  message: WatchNotification,
  connection: Connection,
  context: ZooKeeperContext,
): void {
  if (connection.id !== client.connection?.id) return
  client.lastHeardUs = context.monotonicUs()
  forgetWatch(client, message.event, message.path)
  context.probe(Probe.watchHeard)
  client.listener.watch(client.owner, message.event, message.path, context)
}

function forgetWatch(client: ZooKeeperClient, event: WatchEventType, path: string): void {
  if (event === 'NodeChildrenChanged') {
    client.childWatches.delete(path)
    return
  }
  client.dataWatches.delete(path)
  client.existWatches.delete(path)
  if (event === 'NodeDeleted') client.childWatches.delete(path)
}

/** Sets all watches again on a new connection, before any request of the owner. */
export function sendWatches(
  client: ZooKeeperClient,
  connection: Connection,
  context: ZooKeeperContext,
): void {
  const { dataWatches, existWatches, childWatches } = client
  if (dataWatches.size + existWatches.size + childWatches.size === 0) return
  const request: SetWatchesRequest = {
    type: 'SetWatchesRequest',
    relativeZxid: client.lastZxid,
    dataWatches: [...dataWatches],
    existWatches: [...existWatches],
    childWatches: [...childWatches],
  }
  context.send(connection, request, sizeOfSetWatches(request))
}

export function forgetWatches(client: ZooKeeperClient): void {
  client.dataWatches.clear()
  client.existWatches.clear()
  client.childWatches.clear()
}
