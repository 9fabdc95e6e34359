/**
 * What bounds the sends of each producer of a scenario, read from its configuration (KC 5, KB 7).
 *
 * Times are µs. A producer whose host stood still, or whose clock was turned, is left out.
 */

import type { Producer, Scenario } from '../schema/scenario.ts'
import { numberOf } from './configuration.ts'
import type { Judgement } from './judgement.ts'

export interface SendLimits {
  /** Of each, or of the smallest. */
  readonly recordBytes: number
  /** Where sizes are drawn, the largest. */
  readonly recordBytesMax: number
  readonly maxBlockUs: number
  readonly deliveryTimeoutUs: number
  readonly requestTimeoutUs: number
  readonly bufferMemory: number
  /** A batch that is larger is refused for good; only one of more than a record is ever split. */
  readonly segmentBytes: number
  /** Its records are larger than a request, a segment or their topic may take, one by one. */
  readonly tooLarge: boolean
  /** Some of them may be: their sizes are drawn. */
  readonly mayBeTooLarge: boolean
  /** It has a number of retries: a send may fail early. */
  readonly givesUp: boolean
  /** From the end of a fault until nothing is left of it. */
  readonly recoveryUs: number
}

const US_PER_MS = 1_000
/** Defaults of Kafka 3.9. */
const DEFAULTS = {
  'max.block.ms': 60_000,
  'delivery.timeout.ms': 120_000,
  'request.timeout.ms': 30_000,
  'buffer.memory': 33_554_432,
  'max.request.size': 1_048_576,
  'batch.size': 16_384,
  'max.message.bytes': 1_048_588,
  'segment.bytes': 1_073_741_824,
  'zookeeper.session.timeout.ms': 18_000,
  'replica.lag.time.max.ms': 30_000,
} as const
/** For processes to start again, and for elections. */
const RESTART_US = 3_000_000

/** By the number of the process's name in the history. */
export function limitsOf(judgement: Judgement): ReadonlyMap<number, SendLimits> {
  const { scenario, result } = judgement
  const struck = new Set(
    judgement.tookEffect().flatMap(({ kind, resolved }) => delayed(kind, resolved)),
  )
  const found = new Map<number, SendLimits>()
  for (const producer of scenario.producers) {
    const limits = limitsOfProducer(producer, scenario)
    for (let instance = 1; instance <= producer.count; instance += 1) {
      const name = `${producer.name}-${instance}`
      const id = result.history.names.indexOf(name)
      if (id !== -1 && !struck.has(name)) found.set(id, limits)
    }
  }
  return found
}

/** What slows a host down or turns its clock: nothing there takes the time that it should. */
const delaying: ReadonlySet<string> = new Set(['pause', 'slow-cpu', 'clock-step', 'clock-drift'])

function delayed(kind: string, resolved: readonly string[] | null): readonly string[] {
  return resolved !== null && delaying.has(kind) ? resolved : []
}

/** What a record surely has, and what it has at most: a drawn size knows no bound. */
function bytesOf({ recordBytes, sizes }: Producer): { least: number; most: number } {
  if (sizes === undefined) return { least: recordBytes, most: recordBytes }
  if (sizes.kind !== 'list') return { least: 1, most: Infinity }
  return { least: Math.min(...sizes.bytes), most: Math.max(...sizes.bytes) }
}

function limitsOfProducer(producer: Producer, { cluster, topics }: Scenario): SendLimits {
  const { config } = producer
  const { least, most } = bytesOf(producer)
  const read = (name: keyof typeof DEFAULTS): number => numberOf(config, name, DEFAULTS[name])
  const ofBrokers = (name: keyof typeof DEFAULTS): number =>
    numberOf(cluster.config, name, DEFAULTS[name])
  const topic = topics.find(({ name }) => name === producer.topic)
  const maxMessageBytes = numberOf(
    topic?.config ?? {},
    'max.message.bytes',
    numberOf(cluster.config, 'message.max.bytes', DEFAULTS['max.message.bytes']),
  )
  const segmentBytes = numberOf(
    topic?.config ?? {},
    'segment.bytes',
    numberOf(cluster.config, 'log.segment.bytes', DEFAULTS['segment.bytes']),
  )
  const deliveryTimeoutUs = read('delivery.timeout.ms') * US_PER_MS
  const lostMs = ofBrokers('zookeeper.session.timeout.ms') + ofBrokers('replica.lag.time.max.ms')
  const isTooLarge = (bytes: number): boolean =>
    bytes > read('max.request.size') ||
    bytes > segmentBytes ||
    // Of several in a batch none is known to be too large: they are split as long as there is time.
    (bytes > maxMessageBytes && 2 * bytes > read('batch.size'))
  return {
    recordBytes: least,
    maxBlockUs: read('max.block.ms') * US_PER_MS,
    deliveryTimeoutUs,
    requestTimeoutUs: read('request.timeout.ms') * US_PER_MS,
    // Each client of a fleet has its own.
    bufferMemory: read('buffer.memory') * (producer.fleet?.clients ?? 1),
    recordBytesMax: most,
    segmentBytes,
    tooLarge: isTooLarge(least),
    mayBeTooLarge: isTooLarge(most),
    givesUp: config['retries'] !== undefined,
    recoveryUs: lostMs * US_PER_MS + deliveryTimeoutUs + RESTART_US,
  }
}
