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
  'G1c',
] as const

export type AnomalyName = (typeof anomalyNames)[number]
