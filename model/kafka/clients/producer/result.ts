/**
 * Telling the application how its sends ended, once each (KC 1.1), and giving their memory back.
 */

import type { Context } from '../../../../sim/process.ts'
import { Guard } from './guards.ts'
import { Probe } from './probes.ts'
import type { Outgoing, Producer, ProducerBatch, SendError } from './state.ts'

/** Ends a send whose record never became part of a batch. */
export function reject(
  producer: Producer,
  outgoing: Outgoing,
  error: SendError,
  context: Context,
): void {
  const { result } = producer
  result.record = outgoing.record
  result.error = error
  result.partition = -1
  result.offset = -1
  result.mayBeWritten = false
  producer.listener.completed(producer.owner, outgoing.token, result, context)
}

/**
 * Ends the sends of a batch. `baseOffset` is −1 where the broker told none. False if the
 * application was told before.
 */
export function finish(
  producer: Producer,
  batch: ProducerBatch,
  end: { readonly error: SendError; readonly baseOffset: number },
  context: Context,
): boolean {
  const ok = end.error === 'NONE'
  const again = batch.told !== 'nothing'
  if (again && ok && batch.told === 'failed') {
    context.probe(Probe.ackedAfterTimeout, batch.queue.partition)
  }
  if (context.guard(Guard.toldOnce, again)) return false
  batch.told = ok ? 'ok' : 'failed'
  if (!again) release(producer, batch)
  if (ok && end.baseOffset >= 0) noticeOrder(batch, end.baseOffset, context)
  tell(producer, batch, end, context)
  return true
}

/** Gives a batch's memory back. */
export function release(producer: Producer, batch: ProducerBatch): void {
  producer.memoryFree += batch.allocatedBytes
  batch.allocatedBytes = 0
  producer.incomplete -= 1
}

function tell(
  producer: Producer,
  batch: ProducerBatch,
  end: { readonly error: SendError; readonly baseOffset: number },
  context: Context,
): void {
  const { result, listener, owner } = producer
  const known = end.baseOffset >= 0
  let index = 0
  for (let send = batch.first; send !== null; send = send.next) {
    // Filled anew each time: a listener that sends at once may use it for a rejected record.
    result.record = send.record
    result.error = end.error
    result.partition = batch.queue.partition
    result.offset = known ? end.baseOffset + index : -1
    result.mayBeWritten = batch.written
    listener.completed(owner, send.token, result, context)
    index += send.count
  }
}

/** Two batches acknowledged at offsets against the order of their creation. */
function noticeOrder(batch: ProducerBatch, baseOffset: number, context: Context): void {
  const { queue } = batch
  if (batch.id > queue.ackedBatch) {
    if (baseOffset < queue.ackedOffset) context.probe(Probe.reordered, queue.partition)
    queue.ackedBatch = batch.id
    queue.ackedOffset = baseOffset
    return
  }
  if (batch.id < queue.ackedBatch && baseOffset > queue.ackedOffset) {
    context.probe(Probe.reordered, queue.partition)
  }
}
