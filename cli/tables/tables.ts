/**
 * The tables that `dmqsim table` knows, by name; each is loaded when it is asked for.
 */

import type { Table } from './table.ts'

export type Tables = Readonly<Record<string, () => Promise<Table>>>

export const tables: Tables = {
  remedies: async () => (await import('./remedies.ts')).remedies,
  validation: async () => (await import('./validation.ts')).validation,
  hazards: async () => (await import('./hazards.ts')).hazards,
}
