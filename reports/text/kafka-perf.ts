/**
 * A run in one line, as the producer performance tool of Kafka prints its result.
 *
 * Existing parsers read it byte for byte: MB are MiB, latencies of ranks are whole milliseconds.
 * Latency counts from when a record was due, which the tool cannot know; and a rate without
 * acknowledgements is 0.
 */

import type { Judged } from '../../scenarios/result.ts'

const US_PER_MS = 1_000
const US_PER_SECOND = 1_000_000
const MEBIBYTE = 1_048_576
/** `Outcome.ok` of the history. */
const OK = 1

export function kafkaPerfLine({ measures, result, scenario }: Judged): string {
  const { produce } = measures.latency
  const count = produce?.count ?? 0
  const seconds = elapsedSeconds(result, scenario.measureFromUs ?? 0)
  const perSecond = seconds > 0 ? count / seconds : 0
  const mebibytes = (perSecond * bytesPerRecord(measures.throughput)) / MEBIBYTE
  const ms = (us: number | undefined): number => (us ?? 0) / US_PER_MS
  const rank = (us: number | undefined): string => String(Math.round(ms(us)))
  return (
    `${count} records sent, ${perSecond.toFixed(1)} records/sec (${mebibytes.toFixed(2)} MB/sec), ` +
    `${ms(produce?.mean).toFixed(2)} ms avg latency, ${ms(produce?.max).toFixed(2)} ms max latency, ` +
    `${rank(produce?.p50)} ms 50th, ${rank(produce?.p95)} ms 95th, ${rank(produce?.p99)} ms 99th, ` +
    `${rank(produce?.p999)} ms 99.9th.`
  )
}

/** From the begin of what is measured to the last acknowledgement. */
function elapsedSeconds({ history, phases }: Judged['result'], fromUs: number): number {
  const { data, length } = history.sends
  let lastUs = 0
  for (let row = 0; row < length; row += 1) {
    if (data.outcome[row] === OK) lastUs = Math.max(lastUs, data.endedUs[row] as number)
  }
  return Math.max(0, lastUs - phases.originUs - fromUs) / US_PER_SECOND
}

function bytesPerRecord(throughput: Judged['measures']['throughput']): number {
  let records = 0
  let bytes = 0
  for (const { recordsPerSecond, bytesPerSecond } of throughput) {
    records += recordsPerSecond
    bytes += bytesPerSecond
  }
  return records === 0 ? 0 : bytes / records
}
