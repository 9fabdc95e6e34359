/**
 * Message ids: what an effect is known by (KC A8).
 *
 * The id is minted with the business event by whoever sent it, and survives a second send of the
 * same event; partition and offset do not, which is why no pattern uses them.
 */

import type { Delivered } from '../../application.ts'

export type EffectPer = 'record' | 'key'

/**
 * The value of a record that an application derived from another: it carries the id of its cause.
 */
export interface Derived {
  readonly messageId: string
}

/** The id of the effect that a record causes: one for each event, or one for each key. */
export function messageIdOf(record: Delivered, effectPer: EffectPer): string {
  return foreignIdOf(record, effectPer) ?? `${record.stream}/${record.index}`
}

/** The same, but null where it is the record's own id, whose text is seldom needed. */
export function foreignIdOf(record: Delivered, effectPer: EffectPer): string | null {
  if (effectPer === 'key' && record.key !== null) return record.key
  const { value } = record
  return isDerived(value) ? value.messageId : null
}

function isDerived(value: unknown): value is Derived {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { readonly messageId?: unknown }).messageId === 'string'
  )
}
