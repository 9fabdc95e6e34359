/**
 * V3: where a cluster saturates, against the formula by which AWS sizes clusters (FIG V3).
 *
 * With n brokers, replication r and g groups a cluster takes at most n × NIC ÷ (g + r − 1) (KB R6).
 * The load is raised in steps; the highest at which producers and every group keep up is the
 * saturation point: not above the formula, and at 80 % of it or more. Left out: the table of MSK
 * Express, whose storage is another, and the term of the volume.
 */

import { mixSeed } from '../../../sim/mix.ts'
import { parseScenario } from '../../schema/load.ts'
import type { ScenarioFile } from '../../schema/surface.ts'
import type { Asking, Chapter } from '../chapter.ts'
import type { Window } from '../cluster-figures.ts'
import type { Known, ValidationRow } from '../row.ts'

interface Cell {
  readonly brokers: number
  readonly replication: number
  readonly groups: number
}

const cells: readonly Cell[] = [
  ...[2, 3].flatMap((replication) =>
    [1, 2, 4].map((groups): Cell => ({ brokers: 3, replication, groups })),
  ),
  ...[1, 4].map((groups): Cell => ({ brokers: 6, replication: 3, groups })),
]

/** Shares of the formula that are tried, ascending; the last ones are too much. */
const shares: readonly number[] = [0.75, 0.8, 0.85, 0.9, 0.95, 1, 1.05]
const PLANNED = 0.8
/** Who gets less of what is sent than this falls behind. */
const KEPT_UP = 0.985

/** Partitions and producers for each broker. */
const EACH = 8
const CLIENTS = 5

const NIC_BYTES = 12_500_000
const RECORD_BYTES = 50_000
const SECONDS = 30
const WINDOW: Window = { fromUs: 10_000_000, untilUs: SECONDS * 1_000_000 }

export const saturation: Chapter = {
  ids: cells.map(idOf),
  run: async (asking) => {
    for (const cell of cells) {
      if (asking.stopped()) return
      if (asking.wants(idOf(cell))) asking.told(await rowOf(cell, asking))
    }
  },
}

function idOf({ brokers, replication, groups }: Cell): string {
  return `V3.${brokers}-${replication}-${groups}`
}

/** MB/s by the formula. */
function formulaOf({ brokers, replication, groups }: Cell): number {
  return (brokers * NIC_BYTES) / (groups + replication - 1) / 1_000_000
}

async function rowOf(cell: Cell, asking: Asking): Promise<ValidationRow> {
  const formula = formulaOf(cell)
  const kept = await Promise.all(shares.map((share) => keepsUp(cell, share, asking)))
  const first = kept.indexOf(false)
  const most = shares[(first === -1 ? shares.length : first) - 1] ?? 0
  const simulated = most * formula
  return {
    ...knownOf(cell, formula),
    simulated,
    ci: null,
    calibrated: false,
    inside: most >= PLANNED && most <= 1,
    note: null,
  }
}

function knownOf(cell: Cell, formula: number): Known {
  const { brokers, replication, groups } = cell
  return {
    id: idOf(cell),
    kind: 'formula',
    title: `saturation of ${brokers} brokers, RF ${replication}, ${groups === 1 ? '1 group' : `${groups} groups`}`,
    measure: 'MB/s',
    expected: null,
    low: PLANNED * formula,
    high: formula,
    source: 'FIG V3',
  }
}

async function keepsUp(cell: Cell, share: number, { seed, simulate }: Asking): Promise<boolean> {
  const perSecond = (share * formulaOf(cell) * 1_000_000) / RECORD_BYTES
  const { scenario } = await parseScenario(scenarioOf(cell, perSecond))
  const subject = { kind: 'cluster', scenario, window: WINDOW } as const
  const figures = await simulate({ subject, seed: mixSeed(seed, 0) })
  if (figures.kind !== 'cluster') return false
  const least = KEPT_UP * perSecond
  return figures.acknowledgedPerSecond >= least && figures.deliveredPerSecond >= least * cell.groups
}

function scenarioOf({ brokers, replication, groups }: Cell, perSecond: number): ScenarioFile {
  return {
    name: 'saturation',
    system: 'kafka',
    duration: `${SECONDS}s`,
    hardware: { broker: { nic: `${NIC_BYTES / 1_000_000}MB/s` } },
    network: { withinRack: '200us', toClients: '200us' },
    cluster: { brokers, zookeeper: 1, hardware: 'broker' },
    topics: [{ name: 'orders', partitions: brokers * EACH, replicationFactor: replication }],
    producers: [
      {
        name: 'shop',
        count: brokers * CLIENTS,
        topic: 'orders',
        recordBytes: `${RECORD_BYTES}B`,
        load: { rate: `${perSecond}/s`, arrival: 'steady' },
        config: { acks: 'all', 'enable.idempotence': false, 'linger.ms': 0 },
      },
    ],
    consumers: Array.from({ length: groups }, (_, group) => ({
      group: `group-${group + 1}`,
      members: brokers,
      topics: ['orders'],
      work: '0ms',
      config: { 'fetch.min.bytes': 1 },
    })),
  }
}
