/**
 * Message ids: what an effect is known by (KC A8).
 *
 * The id is minted with the business event by whoever sent it, and survives a second send of the
 * same event; partition and offset do not, which is why no pattern uses them.
 */

import type { Delivered } from '../../application.ts'

export type EffectPer = 'record' | 'key'

/** The value of a record that an application derived from another: it carries the id of its cause. */
export interface Derived {
  readonly messageId: string
}

/** The id of the effect that a record causes: one for each event, or one for each key. */
export function messageIdOf(record: Delivered, effectPer: EffectPer): string {
  if (effectPer === 'key' && record.key !== null) return record.key
  const { value } = record
  if (isDerived(value)) return value.messageId
  return `${record.stream}/${record.index}`
}

function isDerived(value: unknown): value is Derived {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { readonly messageId?: unknown }).messageId === 'string'
  )
}
