/**
 * Exit codes and their order (design §8).
 */

import type { Finding } from '../reports/conclusion.ts'

export const ExitCode = {
  asExpected: 0,
  notAsExpected: 1,
  wrongUsage: 2,
  nondeterminism: 3,
  nothingProved: 4,
  internalError: 70,
  thresholdMissed: 99,
  timeLimit: 124,
  interrupted: 130,
} as const

/** Where several apply, the first of these. An interrupt goes before all of them. */
const order: readonly number[] = [
  ExitCode.interrupted,
  ExitCode.nondeterminism,
  ExitCode.internalError,
  ExitCode.notAsExpected,
  ExitCode.nothingProved,
  ExitCode.thresholdMissed,
  ExitCode.timeLimit,
]

export function gravest(codes: Iterable<number>): number {
  const found = new Set(codes)
  return order.find((code) => found.has(code)) ?? ExitCode.asExpected
}

const ofFinding: Readonly<Record<Finding, number>> = {
  nondeterminism: ExitCode.nondeterminism,
  'internal-error': ExitCode.internalError,
  'not-as-expected': ExitCode.notAsExpected,
  'nothing-proved': ExitCode.nothingProved,
  'threshold-missed': ExitCode.thresholdMissed,
  'time-limit': ExitCode.timeLimit,
}

export function exitCodesOf(findings: readonly Finding[]): number[] {
  return findings.map((finding) => ofFinding[finding])
}
