/**
 * The inputs that a planner doubts, each with where its figure is from and how far it is moved.
 *
 * An input is left out where the file has no figure to move. The ratio of compression stands in no
 * file: it is a table of the model, and is doubted wherever a producer compresses.
 */

import type { Hardware, Scenario } from '../schema/scenario.ts'
import { hardwareOf } from './bounds.ts'
import type { Doubt } from './doubts-answer.ts'
import type { PlanInput, Setting } from './plan-answer.ts'
import type { Figure } from './simulate.ts'
import { isCompressed } from './trial-case.ts'

export interface DoubtedInput extends Pick<Doubt, 'input' | 'source'> {
  readonly figure: Figure
  readonly bounds: Bounds
}

interface Bounds {
  readonly low: number
  readonly high: number
}

/** Somebody has counted or published it, and it may be a fifth off. */
const NEAR: Bounds = { low: 0.8, high: 1.2 }
/** Nobody has, or it is chosen freely: half of it, twice of it. */
const WIDE: Bounds = { low: 0.5, high: 2 }

type Source = PlanInput['source']
type Cost = keyof Omit<Hardware, 'origin'>

interface Work {
  readonly input: string
  readonly figure: Figure
  readonly fields: readonly Cost[]
}

const hardwareInputs: readonly Work[] = [
  { input: 'processor costs per request', figure: 'request-cost', fields: ['requestCpuNs'] },
  {
    input: 'processor costs per batch and record',
    figure: 'record-cost',
    fields: ['batchCpuNs', 'recordCpuNs', 'partitionCpuNs'],
  },
  {
    input: 'processor costs per byte',
    figure: 'byte-cost',
    fields: ['kibibyteCpuNs', 'checksumCpuNs', 'sendCpuNs', 'tlsCpuNs'],
  },
  { input: 'disk bandwidth', figure: 'disk-bandwidth', fields: ['diskBytesPerSecond'] },
  { input: 'network card bandwidth', figure: 'network-bandwidth', fields: ['nicBytesPerSecond'] },
  { input: 'page cache', figure: 'page-cache', fields: ['pageCacheBytes'] },
]

export function doubtedInputs(scenario: Scenario, setting: Setting): readonly DoubtedInput[] {
  const { producers, consumers } = scenario
  const found: DoubtedInput[] = [doubted('record size', sizeSource(scenario), 'record-bytes')]
  if (producers.some(isCompressed)) {
    found.push(doubted('compression ratio', 'default', 'compression-ratio'))
  }
  if (consumers.some(({ work }) => work.p50Us > 0)) {
    found.push(doubted('consumer work', 'given', 'consumer-work'))
  }
  if (setting['linger.ms'] > 0) found.push(chosen('linger.ms', 'linger', scenario))
  found.push(chosen('batch.size', 'batch-bytes', scenario))
  if (producers.some(({ keys }) => keys.kind === 'fixed' && (keys.exponent ?? 0) > 0)) {
    found.push(doubted('key skew', 'given', 'key-skew'))
  }
  found.push(doubted('network latency', latencySource(scenario), 'network-latency'))
  return [...found, ...ofHardware(hardwareOf(setting, scenario))]
}

function doubted(input: string, source: Source, figure: Figure): DoubtedInput {
  return { input, source, figure, bounds: source === 'default' ? WIDE : NEAR }
}

/** A property is no measurement: whoever tunes it doubles or halves it. */
function chosen(
  property: 'linger.ms' | 'batch.size',
  figure: Figure,
  { producers, plan }: Scenario,
): DoubtedInput {
  const tried = property === 'linger.ms' ? plan?.search.lingerMs : plan?.search.batchBytes
  const isGiven =
    (tried?.length ?? 0) > 1 || producers.some(({ config }) => config[property] !== undefined)
  return { input: property, source: isGiven ? 'given' : 'default', figure, bounds: WIDE }
}

const RECORD_BYTES = 100
const LATENCY_US = 500

export function sizeSource({ producers }: Scenario): Source {
  const plain = producers.every(
    (one) => one.sizes === undefined && one.recordBytes === RECORD_BYTES,
  )
  return plain ? 'default' : 'given'
}

export function latencySource({ network }: Scenario): Source {
  const plain = [network.betweenRacks, network.toClients].every(
    ({ baseUs }) => baseUs === LATENCY_US,
  )
  return plain ? 'default' : 'given'
}

function ofHardware(hardware: Hardware | undefined): readonly DoubtedInput[] {
  if (hardware === undefined) return []
  return hardwareInputs.flatMap(({ input, figure, fields }) => {
    const used = fields.filter((field) => hardware[field] > 0)
    return used.length === 0 ? [] : [doubted(input, sourceOf(used, hardware), figure)]
  })
}

/** Of several figures the source of the one that is least sure. */
function sourceOf(fields: readonly Cost[], { origin }: Hardware): Source {
  const sources = fields.map((field) => origin?.sources[field] ?? 'given')
  if (sources.includes('assumed')) return 'default'
  if (sources.includes('fitted')) return 'fitted'
  return sources.every((source) => source === 'given') ? 'given' : 'profile'
}
