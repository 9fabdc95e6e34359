/**
 * What applications and downstream services say to each other, and what the operator tells both.
 *
 * Not Kafka's protocol: a call is an HTTP-like request with an id of its own connection. Sizes are
 * those of a small JSON body with headers.
 */

import type { StreamId } from '../../record.ts'

export interface CallRequest {
  readonly type: 'CallRequest'
  /** Unique on its connection; the answer repeats it. */
  readonly callId: number
  /** Whose message ids these are: the group's name, by its number in the history. */
  readonly caller: number
  readonly effect: string
  readonly messageId: string
  /** The record that is the cause, for the history. */
  readonly stream: StreamId
  readonly index: number
  /** Whether mark and effect are one transaction (KC A8). */
  readonly idempotent: boolean
}

export interface CallResponse {
  readonly type: 'CallResponse'
  readonly callId: number
  /** Refused because too many calls wait: nothing was done. */
  readonly busy: boolean
  /** False: the message id was known. */
  readonly applied: boolean
}

/** An operation on one member of a group: stop in good order, or work at another speed. */
export interface ConsumerCommand {
  readonly type: 'ConsumerCommand'
  readonly command: 'stop' | 'slow'
  /** Of `slow`: work takes so many times as long; 1 is the speed at start. */
  readonly factor: number
}

/** An operation on a service: work at another speed. */
export interface ServiceCommand {
  readonly type: 'ServiceCommand'
  readonly command: 'slow'
  readonly factor: number
}

export const CALL_REQUEST_BYTES = 512
export const CALL_RESPONSE_BYTES = 256

/** Name of the process that is the service. */
export function serviceName(service: string): string {
  return `service-${service}`
}
