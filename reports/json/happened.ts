/**
 * What happened in a run beside its records, in its JSON answer: entries of the timeline as they
 * struck, and what handlers threw.
 */

import { z } from 'zod'
import type { Struck } from '../../scenarios/result.ts'
import type { Thrown } from '../thrown.ts'
import { count, milliseconds, number, text } from './fields.ts'

export interface TimelineJson {
  readonly atMs: number | null
  readonly kind: string
  readonly target: string
  readonly resolved: string | null
  readonly forMs: number | null
  readonly refused: boolean
  readonly reason: string | null
  readonly unanswered: boolean
}

/** A line of a handler of the user's own that threw. */
export interface HandlerErrorJson {
  readonly group: string
  readonly place: string
  readonly count: number
  readonly firstMs: number
  /** What it said the first time. */
  readonly message: string
  /** How many different things it said. */
  readonly messages: number
}

export const timelineSchema: z.ZodType<TimelineJson> = z.strictObject({
  atMs: number,
  kind: z.string(),
  target: z.string(),
  resolved: text,
  forMs: number,
  refused: z.boolean(),
  reason: text,
  unanswered: z.boolean().describe('the cluster told nothing of it: it may have been done'),
})

export const handlerErrorSchema: z.ZodType<HandlerErrorJson> = z.strictObject({
  group: z.string(),
  place: z.string().describe('the handler’s line, as order-handler.js:17:9'),
  count,
  firstMs: z.number(),
  message: z.string().describe('what it said the first time'),
  messages: count.describe('how many different things it said'),
})

export function handlerErrorJson({ firstUs, ...rest }: Thrown): HandlerErrorJson {
  return { ...rest, firstMs: milliseconds(firstUs) }
}

export function timelineJson(struck: Struck): TimelineJson {
  const { kind, target, resolved, atUs, untilUs, refused, unanswered } = struck
  return {
    atMs: milliseconds(atUs),
    kind,
    target,
    resolved: resolved === null ? null : resolved.join(', '),
    forMs: atUs === null || untilUs === null ? null : milliseconds(untilUs - atUs),
    refused: refused !== null,
    reason: refused,
    unanswered: unanswered === true,
  }
}
