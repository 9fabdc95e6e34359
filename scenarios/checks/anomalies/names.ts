/**
 * The anomalies of client histories that have names, as Jepsen's workload for Kafka calls them
 * (checks.md 1), in the order in which answers list them.
 */

export const anomalyNames = [
  'G1a',
  'inconsistent-offsets',
  'duplicate',
  'lost-write',
  'unseen',
  'poll-skip',
  'nonmonotonic-poll',
  'nonmonotonic-send',
  'int-poll-skip',
  'int-nonmonotonic-poll',
  'int-send-skip',
  'int-nonmonotonic-send',
  'precommitted-read',
  'G0',
  'G0-process',
  'G0-realtime',
  'G1c',
  'G1c-process',
  'G1c-realtime',
  'PL-1-cycle-exists',
  'PL-2-cycle-exists',
  'strong-session-PL-1-cycle-exists',
  'strong-session-PL-2-cycle-exists',
  'strong-PL-1-cycle-exists',
  'strong-PL-2-cycle-exists',
] as const

/** Those of circles of transactions. */
export type CycleName = Extract<AnomalyName, `${'G0' | 'G1c'}${string}` | `${string}-cycle-exists`>

export type AnomalyName = (typeof anomalyNames)[number]
