/**
 * What this process has taken of the machine: processor time of all its threads, peak memory.
 */

import type { Cost } from '../reports/answer.ts'

const BYTES_PER_KIB = 1024

export function costSoFar(): Cost {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const cpuMs = Math.round((userCPUTime + systemCPUTime) / 1000)
  return { cpuMs, peakBytes: maxRSS * BYTES_PER_KIB }
}
