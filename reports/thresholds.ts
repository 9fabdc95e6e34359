/**
 * Which measures of a threshold are times: their values are microseconds, the others are records.
 */

const timeMeasures: readonly string[] = ['latency', 'lateness', 'drain', 'write-silence']

/** `measure` with or without tags: `latency{phase:end-to-end}`. */
export function measuresTime(measure: string): boolean {
  return timeMeasures.includes(measure.split('{')[0] ?? '')
}
