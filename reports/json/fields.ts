/**
 * Parts that several JSON shapes share. Absent is null, never missing; objects are closed.
 */

import { z } from 'zod'
import type { Head } from '../answer.ts'

/** Fields of a closed object, by name. */
export type Fields<Shape> = { readonly [Name in keyof Shape]: z.ZodType<Shape[Name]> }

export const headFields: Fields<Head> = {
  version: z.string().describe('of dmqsim'),
  command: z.string(),
  seed: z.int().nullable(),
  wallMs: z.number(),
  node: z.string(),
}

export type VerdictText = 'kept' | 'broken' | 'unknown' | 'vacuous'
export const verdictWord: z.ZodType<VerdictText> = z.enum(['kept', 'broken', 'unknown', 'vacuous'])

export type ExpectationText = 'kept' | 'breaks' | 'may-break'
export const expectation: z.ZodType<ExpectationText | null> = z
  .enum(['kept', 'breaks', 'may-break'])
  .nullable()

export const count: z.ZodType<number> = z.int()
export const counts: z.ZodType<Readonly<Record<string, number>>> = z.record(z.string(), z.int())
export const names: z.ZodType<readonly string[]> = z.array(z.string())
export const text: z.ZodType<string | null> = z.string().nullable()
export const number: z.ZodType<number | null> = z.number().nullable()

/** Microseconds as milliseconds. */
export function milliseconds(us: number): number
export function milliseconds(us: number | null): number | null
export function milliseconds(us: number | null): number | null {
  return us === null ? null : us / 1_000
}
