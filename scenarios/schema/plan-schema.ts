/**
 * The shape of `plan:` for zod, and of the price list that it may name.
 */

import { z } from 'zod'
import { bytes, duration, name, share, thresholds } from './quantity-schema.ts'
import type { PlanEntry, PricesEntry } from './surface.ts'

const count = z.int().min(1)

function values(value: z.ZodType<number, number>): z.ZodType<ValuesOf, ValuesOf> {
  const range = z.strictObject({ min: value, max: value, step: count.optional() })
  return z
    .union([value, z.array(value).min(1), range])
    .meta({ title: 'one value, a list, or from min to max' })
}

type ValuesOf = number | number[] | { min: number; max: number; step?: number | undefined }

const counts = values(count)
const sizes = z.union([counts, bytes, z.array(z.union([count, bytes])).min(1)])

const search = z.strictObject({
  brokers: counts.optional(),
  hardware: z.union([name, z.array(name).min(1)]).optional(),
  replicationFactor: counts.optional(),
  partitions: z.record(name, counts).optional(),
  consumers: z.record(name, counts).optional(),
  'batch.size': sizes.optional(),
  'linger.ms': values(z.int().min(0)).optional(),
})

const drill = z.union([
  z.enum(['normal', 'one-broker-down', 'rack-down']),
  z.strictObject({ 'rack-down': name }),
  z.strictObject({ 'consumer-outage': z.strictObject({ group: name, for: duration }) }),
])

const amount = z.number().min(0)

export const pricesSchema: z.ZodType<PricesEntry, PricesEntry> = z.strictObject({
  currency: z.string().min(1),
  perHour: z.record(name, amount).describe('of a broker, by its hardware'),
  perGigabyteMonth: amount.optional().describe('of disk'),
  perConsumerHour: amount.optional().describe('of one member of a group'),
})

export const planSchema: z.ZodType<PlanEntry, PlanEntry> = z.strictObject({
  search: search.optional(),
  thresholds: thresholds.optional(),
  drills: z.array(drill).min(1).optional(),
  racks: z.int().min(1).max(26).optional(),
  window: z
    .strictObject({
      peak: duration.optional(),
      before: duration.optional(),
      after: duration.optional(),
    })
    .optional(),
  seeds: z.int().min(1).max(1_000).optional(),
  utilisation: share.optional(),
  prices: z.union([z.string(), pricesSchema]).optional(),
})
