/**
 * The chapter of counted records: the same fleet counted and record by record, on the same seeds.
 *
 * Records: no verdict differs, and what was sent, acknowledged, stored and processed is the same
 * set of ranges of each stream in each partition. Under faults that holds as long as every send
 * ends with an answer: where one is given up, which of them that is hangs on the moment at which
 * it was made, and only what was sent is the same for certain. Latencies: the mean of the counted
 * ones over the seeds lies in the interval of the explicit ones, 95 % for all rows of the chapter
 * together.
 */

import { mixSeed } from '../../../sim/mix.ts'
import type { Scenario } from '../../schema/scenario.ts'
import type { Asking, Chapter } from '../chapter.ts'
import { jointLevel, meanInterval } from '../interval.ts'
import type { Known, ValidationRow } from '../row.ts'
import { fleetScenario, happenings } from './fleet-scenarios.ts'
import type { LatencyFigures, PairFigures } from './pair.ts'
import { stages } from './range-sets.ts'

const SEEDS = 30
const LEVEL = 0.95

const measures: readonly (readonly [keyof LatencyFigures, string])[] = [
  ['produceP50Us', 'p50 of produce latency, µs'],
  ['produceP99Us', 'p99 of produce latency, µs'],
  ['endToEndP50Us', 'p50 of end-to-end latency, µs'],
  ['endToEndP99Us', 'p99 of end-to-end latency, µs'],
]

const SOURCE = 'records: explicit'

/** One happening: its rows have the ids `C<n>.1` … in the order of `rowsOf`. */
interface Happening {
  readonly title: string
  readonly id: string
}

const all: readonly Happening[] = Object.keys(happenings).map((title, at) => {
  return { title, id: `C${at + 1}` }
})

export const counted: Chapter = {
  ids: all.flatMap(({ id }) =>
    [1, ...measures.map((_, at) => at + 2)].map((row) => `${id}.${row}`),
  ),
  run: tellRows,
}

async function tellRows(asking: Asking): Promise<void> {
  for (const happening of all) {
    if (asking.stopped()) return
    if (!counted.ids.some((id) => id.startsWith(`${happening.id}.`) && asking.wants(id))) continue
    const pairs = await pairsOf(await fleetScenario(happening.title), asking)
    for (const row of rowsOf(happening, pairs)) if (asking.wants(row.id)) asking.told(row)
  }
}

async function pairsOf(
  scenario: Scenario,
  { runs, seed, simulate }: Asking,
): Promise<readonly PairFigures[]> {
  const seeds = Array.from({ length: runs ?? SEEDS }, (_, index) => mixSeed(seed, index))
  const subject = { kind: 'pair', scenario } as const
  const figures = await Promise.all(seeds.map((own) => simulate({ subject, seed: own })))
  return figures.flatMap((one) => (one.kind === 'pair' ? [one] : []))
}

/** What a happening says of its pairs of runs. */
export function rowsOf(happening: Happening, pairs: readonly PairFigures[]): ValidationRow[] {
  const level = jointLevel(LEVEL, all.length * measures.length)
  return [
    sameRow(happening, pairs),
    ...measures.map(([measure, name], at) =>
      latencyRow({ ...happening, id: `${happening.id}.${at + 2}` }, name, {
        explicit: pairs.map((pair) => pair.explicit[measure]),
        counted: pairs.map((pair) => pair.counted[measure]),
        level,
      }),
    ),
  ]
}

function sameRow({ id, title }: Happening, pairs: readonly PairFigures[]): ValidationRow {
  const unlike = pairs.filter(({ verdicts, sets }) => {
    return verdicts.length > 0 || stages.some((stage) => sets[stage] > 0)
  })
  const verdicts = [...new Set(unlike.flatMap((pair) => pair.verdicts))]
  const differing = stages.filter((stage) => unlike.some(({ sets }) => sets[stage] > 0))
  const unknown = pairs.reduce((sum, pair) => sum + pair.unknown[0] + pair.unknown[1], 0)
  return {
    ...known(`${id}.1`, title, 'runs with other verdicts or other range sets'),
    expected: 0,
    low: 0,
    high: 0,
    simulated: unlike.length,
    ci: null,
    calibrated: false,
    inside: unlike.length === 0 && pairs.length > 0,
    note:
      unlike.length === 0
        ? null
        : `verdicts: ${verdicts.join(', ') || 'none'}; sets: ${differing.join(', ') || 'none'}; ` +
          `${unknown} sends unknown`,
  }
}

interface Samples {
  readonly explicit: readonly number[]
  readonly counted: readonly number[]
  readonly level: number
}

function latencyRow(
  { id, title }: Happening,
  measure: string,
  { explicit, counted: found, level }: Samples,
): ValidationRow {
  const of = meanInterval(explicit, level)
  const simulated = found.reduce((sum, one) => sum + one, 0) / found.length
  return {
    ...known(id, title, measure),
    expected: of.mean,
    low: of.low,
    high: of.high,
    simulated,
    ci: null,
    calibrated: false,
    inside: of.low <= simulated && simulated <= of.high,
    note: null,
  }
}

function known(
  id: string,
  title: string,
  measure: string,
): Pick<Known, 'id' | 'kind' | 'title' | 'measure' | 'source'> {
  return { id, kind: 'formula', title, measure, source: SOURCE }
}
