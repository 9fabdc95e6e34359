/**
 * Sizes of messages on the wire, from ZooKeeper's jute encoding: what network and disk have to
 * carry.
 *
 * Strings and buffers have a length of 4 bytes before them, a request header 8, a reply header 16,
 * and every packet 4 bytes of length.
 */

import type { SetWatchesRequest, Write, ZooKeeperOperation, ZooKeeperResult } from './messages.ts'

export const connectRequestBytes = 49
export const connectResponseBytes = 41
/** Also a closing of a session: a header and nothing else. */
export const pingBytes = 12
export const pingReplyBytes = 20

const requestHeaderBytes = 12
const replyHeaderBytes = 20
const statBytes = 68
const multiHeaderBytes = 9

export function sizeOfRequest(operation: ZooKeeperOperation): number {
  if (operation.op === 'multi') {
    let bytes = requestHeaderBytes + multiHeaderBytes
    for (const write of operation.writes) bytes += multiHeaderBytes + sizeOfWrite(write)
    return bytes
  }
  if ('watch' in operation) return requestHeaderBytes + 5 + operation.path.length
  if (operation.op === 'sync') return requestHeaderBytes + 4 + operation.path.length
  return requestHeaderBytes + sizeOfWrite(operation)
}

export function sizeOfWrite(write: Write): number {
  const path = 4 + write.path.length
  if (write.op === 'create') return path + 4 + write.bytes + 31
  if (write.op === 'setData') return path + 8 + write.bytes
  return path + 4
}

/** `dataBytes` is the size of the node's data, if the result carries it. */
export function sizeOfReply(result: ZooKeeperResult, dataBytes: number): number {
  let bytes = replyHeaderBytes + dataBytes
  if (result.stat !== undefined) bytes += statBytes
  if (result.path !== undefined) bytes += 4 + result.path.length
  for (const child of result.children ?? []) bytes += 4 + child.length
  for (const part of result.results ?? []) bytes += multiHeaderBytes + sizeOfReply(part, 0)
  return bytes
}

export function sizeOfSetWatches(request: SetWatchesRequest): number {
  return (
    requestHeaderBytes +
    20 +
    sizeOfPaths(request.dataWatches) +
    sizeOfPaths(request.existWatches) +
    sizeOfPaths(request.childWatches)
  )
}

export function sizeOfNotification(path: string): number {
  return replyHeaderBytes + 12 + path.length
}

function sizeOfPaths(paths: readonly string[]): number {
  let bytes = 0
  for (const path of paths) bytes += 4 + path.length
  return bytes
}
