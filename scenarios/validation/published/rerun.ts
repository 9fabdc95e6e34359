/**
 * V2: a re-run of 2022 whose hardware nobody states (FIG V2), as ratios between its rows, within
 * × 1.5 either way.
 *
 * Its brokers ran in containers, and its latencies say what bound it: without replicas a record
 * waits 3 ms (the producer is the slowest), with them 84 ms (its buffer is full: the brokers are).
 * So brokers have one core each and no wire between them, and one constant says how strong the
 * core is: fitted to V2.1, all other rows follow. Clients cost what those of V1 cost.
 */

import { mixSeed } from '../../../sim/mix.ts'
import { fitOne } from '../../calibration/fit.ts'
import { parseScenario } from '../../schema/load.ts'
import type { Asking, Chapter } from '../chapter.ts'
import type { ValidationRow } from '../row.ts'
import { START as CLIENTS } from './linkedin.ts'
import { type Trial, trialFile, trials, windowOf } from './linkedin-trials.ts'

const FACTOR = 1.5

interface Ratio {
  readonly id: string
  readonly title: string
  readonly expected: number
  /** Rows of V1 on other brokers: the first ÷ the second. */
  readonly of: readonly [string, string]
}

const ratios: readonly Ratio[] = [
  {
    id: 'V2.1',
    title: '1 producer: 3 replicas, acks=1 ÷ 1 replica',
    expected: 615_558.9 / 1_000_000,
    of: ['V1.2', 'V1.1'],
  },
  {
    id: 'V2.2',
    title: '1 producer: 3 replicas, acks=all ÷ 1 replica',
    expected: 335_629 / 1_000_000,
    of: ['V1.3', 'V1.1'],
  },
  {
    id: 'V2.3',
    title: '1 producer, 3 replicas: acks=all ÷ acks=1',
    expected: 335_629 / 615_558.9,
    of: ['V1.3', 'V1.2'],
  },
  {
    id: 'V2.4',
    title: '3 consumers ÷ 1 consumer',
    expected: 6_403_110 / 2_527_424,
    of: ['V1.6', 'V1.5'],
  },
  {
    id: 'V2.5',
    title: '1 producer, 3 replicas: with a consumer ÷ without',
    expected: 738_836 / 615_558.9,
    of: ['V1.7', 'V1.2'],
  },
]

const [fittedTo] = ratios as [Ratio]
/** Where the search begins: of copying 1024 bytes, on one core for all that a broker does. */
const KIBIBYTE_CPU_NS = 5_150

export const rerun: Chapter = {
  ids: ratios.map(({ id }) => id),
  run: async (asking) => {
    const wanted = ratios.filter(({ id }) => asking.wants(id))
    if (wanted.length === 0) return
    const rates = new Map<string, Promise<number>>()
    const simulated = async ({ of }: Ratio, ns: number): Promise<number> => {
      const [above, below] = await Promise.all(
        of.map((id) => {
          const rate = rates.get(`${id} ${ns}`) ?? rateOf(id, ns, asking)
          rates.set(`${id} ${ns}`, rate)
          return rate
        }),
      )
      return (above as number) / (below as number)
    }
    const cpuNs = await fitOne(KIBIBYTE_CPU_NS, fittedTo.expected, (ns) => simulated(fittedTo, ns))
    asking.fitted({ name: 'broker.kibibyteCpuNs', value: cpuNs, rows: [fittedTo.id] })
    const values = await Promise.all(wanted.map((ratio) => simulated(ratio, cpuNs)))
    wanted.forEach((ratio, at) => asking.told(rowOf(ratio, values[at] as number)))
  },
}

/** Records a second of a row of V1 on brokers of this strength. */
async function rateOf(id: string, cpuNs: number, { seed, simulate }: Asking): Promise<number> {
  const trial = trials.find((one) => one.id === id) as Trial
  const brokers = {
    like: 'linkedin-2014',
    cores: 1,
    nic: '10Gbit/s',
    kibibyteCpuNs: Math.round(cpuNs),
  }
  const { scenario } = await parseScenario(trialFile(trial, CLIENTS, brokers))
  const subject = { kind: 'cluster', scenario, window: windowOf(trial, true) } as const
  const figures = await simulate({ subject, seed: mixSeed(seed, 0) })
  if (figures.kind !== 'cluster') throw new Error('a cluster answers with other figures')
  return trial.measure === 'consumed' ? figures.deliveredPerSecond : figures.acknowledgedPerSecond
}

function rowOf(ratio: Ratio, simulated: number): ValidationRow {
  const [low, high] = [ratio.expected / FACTOR, ratio.expected * FACTOR]
  return {
    id: ratio.id,
    kind: 'published',
    title: ratio.title,
    measure: 'ratio',
    expected: ratio.expected,
    low,
    high,
    source: 'FIG V2',
    simulated,
    ci: null,
    calibrated: ratio === fittedTo,
    inside: low <= simulated && simulated <= high,
    note: null,
  }
}
