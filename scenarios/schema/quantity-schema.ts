/**
 * Quantities and names as zod reads them: texts with a unit, whose parser says what is wrong.
 */

import { z } from 'zod'
import type { RuleEntry } from './surface.ts'
import {
  parseBandwidth,
  parseBytes,
  parseDuration,
  parseRate,
  parseShare,
  parseSignedDuration,
} from './units.ts'

export type QuantitySchema = z.ZodType<string, string>

/** A text that a unit parser reads; its own sentence is the error, for bare numbers too. */
function quantity(parse: (value: unknown) => number, title: string, like: string): QuantitySchema {
  const sentence = (value: unknown): string => {
    try {
      parse(value)
      return ''
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
  return z
    .string({ error: (issue) => (issue.input === undefined ? undefined : sentence(issue.input)) })
    .superRefine((text, context) => {
      const message = sentence(text)
      if (message !== '') context.addIssue({ code: 'custom', message })
    })
    .meta({ title, examples: like.split(' ') })
}

export const duration: QuantitySchema = quantity(
  parseDuration,
  'a duration with its unit',
  '250us 20ms 10s 5m 2h',
)
export const signedDuration: QuantitySchema = quantity(
  parseSignedDuration,
  'a duration, back or forth',
  '5s -5s',
)
export const bytes: QuantitySchema = quantity(parseBytes, 'a size with its unit', '100B 8KiB 64MiB')
export const bandwidth: QuantitySchema = quantity(parseBandwidth, 'a bandwidth', '125MB/s 1Gbit/s')
export const rate: QuantitySchema = quantity(parseRate, 'a rate', '200/s 10k/s')
export const share: QuantitySchema = quantity(parseShare, 'a share', '80% 2.5%')

export const name: z.ZodType<string, string> = z
  .string()
  .regex(/^[A-Za-z0-9._-]+$/, 'a name has letters, digits, dots, dashes and underscores only')

/** Thresholds: rules by measure, each a text or in k6's longer form. */
export const thresholds: z.ZodType<
  Record<string, RuleEntry[]>,
  Record<string, RuleEntry[]>
> = z.record(
  z.string(),
  z
    .array(
      z.union([
        z.string(),
        z.strictObject({
          threshold: z.string().describe('the rule: p(99)<500ms'),
          abortOnFail: z.boolean().optional().describe('the run ends as soon as it is broken'),
          delayAbortEval: duration
            .optional()
            .describe('not looked at before so much of the load has gone by'),
        }),
      ]),
    )
    .min(1),
)
