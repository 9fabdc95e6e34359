/**
 * The sizing formulas that three clouds publish, on the figures of the plan (FIG V3, ecosystem.md
 * §3).
 *
 * They know neither drills nor latencies; they stand beside the answer so that both can be held
 * against each other. A formula whose figures the hardware does not have is left out.
 */

import type { Plan } from '../schema/plan.ts'
import type { Scenario } from '../schema/scenario.ts'
import { hardwareOf } from './bounds.ts'
import type { FormulaAnswer, Setting } from './plan-answer.ts'
import { bytesAt, type Flow, spanOf, trafficOf } from './traffic.ts'

const UTILISATION_DEFAULT = 0.8
const SOURCE = 'FIG V3'
const MB = 1e6

/** In MB/s, as the formulas count. */
export interface FormulaFigures {
  readonly produce: number
  readonly consume: number
  readonly replicas: number
  readonly utilisation: number
  /** Of one broker; 0: without limit. */
  readonly disk: number
  readonly network: number
  /** 0: as many as are asked for. */
  readonly cores: number
}

export function figuresOf(scenario: Scenario, plan: Plan, setting: Setting): FormulaFigures {
  const traffic = trafficOf(scenario)
  const { peakAtUs } = spanOf(traffic, plan.window)
  const hardware = hardwareOf(setting, scenario)
  const disks = scenario.cluster.brokers[0]?.disks ?? 1
  const readers = ({ topic }: Flow): number =>
    scenario.consumers.filter(({ topics }) => topics.includes(topic)).length
  const consume = traffic.flows.reduce(
    (sum, flow) => sum + bytesAt({ ...traffic, flows: [flow] }, peakAtUs) * readers(flow),
    0,
  )
  return {
    produce: bytesAt(traffic, peakAtUs) / MB,
    consume: consume / MB,
    replicas: setting.replicationFactor,
    utilisation: plan.utilisation ?? UTILISATION_DEFAULT,
    disk: (disks * (hardware?.diskBytesPerSecond ?? 0)) / MB,
    network: (hardware?.nicBytesPerSecond ?? 0) / MB,
    cores: hardware?.cores ?? 0,
  }
}

export function formulasOf(figures: FormulaFigures): readonly FormulaAnswer[] {
  if (figures.produce === 0) return []
  return [...aws(figures), google(figures), alibaba(figures)]
}

function groupsOf({ produce, consume }: FormulaFigures): number {
  return produce === 0 ? 0 : consume / produce
}

function aws(figures: FormulaFigures): readonly FormulaAnswer[] {
  const { produce, replicas, utilisation, disk, network } = figures
  const groups = groupsOf(figures)
  const byDisk = disk === 0 ? 0 : (produce * replicas) / (disk * utilisation)
  const byNetwork =
    network === 0 ? 0 : (produce * (groups + replicas - 1)) / (network * utilisation)
  if (disk === 0 && network === 0) return []
  const value = Math.max(replicas, Math.ceil(Math.max(byDisk, byNetwork)))
  return [
    {
      name: 'aws',
      unit: 'brokers',
      value,
      brokers: value,
      formula: 'peak ≤ utilisation × min(disk × n ÷ r, network × n ÷ (g + r − 1))',
      inputs: [
        { name: 'peak', value: produce, unit: 'MB/s' },
        { name: 'r', value: replicas, unit: 'replicas' },
        { name: 'g', value: groups, unit: 'groups' },
        ...(disk === 0 ? [] : [{ name: 'disk', value: disk, unit: 'MB/s' }]),
        ...(network === 0 ? [] : [{ name: 'network', value: network, unit: 'MB/s' }]),
        { name: 'utilisation', value: utilisation, unit: 'share' },
      ],
      source: SOURCE,
    },
  ]
}

function google(figures: FormulaFigures): FormulaAnswer {
  const { produce, consume, replicas, utilisation, cores } = figures
  const write = produce * replicas
  const read = consume + produce * (replicas - 1)
  const value = Math.ceil((write + read / 4) / 20 / utilisation)
  return {
    name: 'google',
    unit: 'vCPUs',
    value,
    brokers: cores === 0 ? null : Math.max(replicas, Math.ceil(value / cores)),
    formula: 'vCPUs = ⌈(W + R ÷ 4) ÷ 20 ÷ utilisation⌉, W = peak × r, R = read + peak × (r − 1)',
    inputs: [
      { name: 'W', value: write, unit: 'MB/s' },
      { name: 'R', value: read, unit: 'MB/s' },
      { name: 'utilisation', value: utilisation, unit: 'share' },
      ...(cores === 0 ? [] : [{ name: 'cores of a broker', value: cores, unit: 'vCPUs' }]),
    ],
    source: SOURCE,
  }
}

function alibaba(figures: FormulaFigures): FormulaAnswer {
  const { produce, replicas } = figures
  const fan = groupsOf(figures)
  const value = Math.max(4, Math.ceil((produce * (fan + 2 * replicas - 1) * 2) / 400))
  return {
    name: 'alibaba',
    unit: 'brokers',
    value,
    brokers: value,
    formula: 'brokers = max(4, peak × (F + 2 × RF − 1) × 2 ÷ 400)',
    inputs: [
      { name: 'peak', value: produce, unit: 'MB/s' },
      { name: 'F', value: fan, unit: 'groups' },
      { name: 'RF', value: replicas, unit: 'replicas' },
    ],
    source: SOURCE,
  }
}
