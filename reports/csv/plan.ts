/**
 * A plan's answer as CSV files: its tables, and the curves of each drill as the report draws them.
 */

import type { PlanAnswer } from '../../scenarios/plan/plan-answer.ts'
import { drillCharts } from '../plan/charts.ts'
import { drillKey, NOT_JUDGED, reasonText, stateText, thresholdName } from '../plan/words.ts'
import { heatCsv, plotCsv } from './charts.ts'
import { type Cell, csvText } from './csv.ts'

export interface CsvFile {
  /** Of the file, with its ending; no folder. */
  readonly name: string
  readonly title: string
  readonly text: string
  /** Over time: the report has it beside its chart. */
  readonly curve: boolean
}

export function planCsv(plan: PlanAnswer): CsvFile[] {
  const tables: readonly (readonly [string, string, readonly (readonly Cell[])[]])[] = [
    ['candidates', 'Candidates', candidateRows(plan)],
    ['drills', 'Drills and thresholds', drillRows(plan)],
    ['groups', 'Groups in the drills', groupRows(plan)],
    ['utilisation', 'Utilisation in the drills', utilisationRows(plan)],
    ['walls', 'Walls', wallRows(plan)],
    ['what-if', 'What if', whatIfRows(plan)],
    ['sensitivity', 'Sensitivity', sensitivityRows(plan)],
    ['doubts', 'Doubted inputs', doubtRows(plan)],
    ['inputs', 'Inputs', inputRows(plan)],
  ]
  return [
    ...tables
      .filter(([, , rows]) => rows.length > 1)
      .map(([name, title, rows]) => fileOf(name, title, csvText(rows), false)),
    ...curveFiles(plan),
  ]
}

function fileOf(name: string, title: string, text: string, curve: boolean): CsvFile {
  return { name: `${name}.csv`, title, text, curve }
}

function curveFiles(plan: PlanAnswer): CsvFile[] {
  return drillCharts(plan).flatMap(({ drill, model, words }) => [
    ...model.plots.map((plot) => {
      const title = `${words.get(plot.id)?.title ?? plot.id}, ${drill.title}`
      return fileOf(plot.id, title, plotCsv(plot), true)
    }),
    ...model.heats.map((heat) =>
      fileOf(heat.id, `Utilisation over time, ${drill.title}`, heatCsv(heat), true),
    ),
  ])
}

function candidateRows({ candidates }: PlanAnswer): Cell[][] {
  const head = [
    'brokers',
    'hardware',
    'replication factor',
    'partitions',
    'consumers',
    'batch.size',
    'linger.ms',
    'cost per hour',
    'result',
    'misses',
    'runs',
  ]
  const rows = candidates.map((one): Cell[] => [
    one.brokers,
    one.hardware,
    one.replicationFactor,
    one.partitions,
    one.consumers,
    one['batch.size'],
    one['linger.ms'],
    one.costPerHour,
    stateText(one),
    reasonText(one),
    one.runs,
  ])
  return [head, ...rows]
}

function drillRows({ drills }: PlanAnswer): Cell[][] {
  const head = [
    'drill',
    'threshold',
    'value',
    'unit',
    'low',
    'high',
    'runs met',
    'runs judged',
    'runs',
    'met',
  ]
  const rows = drills.flatMap((drill) =>
    drill.thresholds.map((one): Cell[] => [
      drillKey(drill),
      thresholdName(one),
      one.value?.value ?? null,
      one.value?.unit ?? null,
      ...bounds(one.value?.ci),
      one.runsMet,
      one.runsJudged,
      drill.seeds,
      one.met === null ? NOT_JUDGED : one.met ? 'yes' : 'no',
    ]),
  )
  return [head, ...rows]
}

function groupRows({ drills }: PlanAnswer): Cell[][] {
  const head = [
    'drill',
    'group',
    'topic',
    'members',
    'backlog peak',
    'lateness ms',
    'end-to-end p50 ms',
    'end-to-end p99 ms',
    'drain ms',
  ]
  const rows = drills.flatMap((drill) =>
    drill.groups.map((one): Cell[] => [
      drillKey(drill),
      one.group,
      one.topic,
      one.members,
      one.backlogPeak.value,
      one.latenessPeakMs.value,
      one.latencyP50Ms?.value ?? null,
      one.latencyP99Ms?.value ?? null,
      one.drainMs?.value ?? null,
    ]),
  )
  return [head, ...rows]
}

function utilisationRows({ drills }: PlanAnswer): Cell[][] {
  const head = ['drill', 'host', 'resource', 'mean', 'peak', 'peak low', 'peak high']
  const rows = drills.flatMap((drill) =>
    drill.resources.map(({ host, resource, mean, peak }): Cell[] => [
      drillKey(drill),
      host,
      resource,
      mean.value,
      peak.value,
      ...bounds(peak.ci),
    ]),
  )
  return [head, ...rows]
}

function wallRows({ walls }: PlanAnswer): Cell[][] {
  const head = ['order', 'factor', 'records/s', 'drill', 'what', 'resource', 'host', 'how']
  const rows = walls.map((one): Cell[] => [
    one.order,
    one.factor,
    one.recordsPerSecond,
    one.drill,
    one.what,
    one.resource,
    one.host,
    one.how,
  ])
  return [head, ...rows]
}

function whatIfRows({ whatIf }: PlanAnswer): Cell[][] {
  const head = ['change', 'met', 'misses', 'headroom', 'end-to-end p99 ms', 'cost per hour']
  const rows = whatIf.map((one): Cell[] => [
    one.change,
    one.met ? 'yes' : 'no',
    one.failed.join('; '),
    one.headroom,
    one.endToEndP99?.value ?? null,
    one.costPerHour,
  ])
  return [head, ...rows]
}

function sensitivityRows({ sensitivity }: PlanAnswer): Cell[][] {
  const head = ['assumption', 'source', 'brokers', 'partitions', 'consumers', 'utilisation change']
  const rows = sensitivity.map(({ assumption, source, answer, utilisationChange }): Cell[] => [
    assumption,
    source,
    answer?.brokers ?? null,
    answer?.partitions ?? null,
    answer?.consumers ?? null,
    utilisationChange,
  ])
  return [head, ...rows]
}

function doubtRows({ doubts }: PlanAnswer): Cell[][] {
  const end = ['factor', 'headroom', 'missed']
  const head = ['low', 'high'].flatMap((name) => end.map((what) => `${name} ${what}`))
  const rows = (doubts?.inputs ?? []).map(({ input, source, low, high, effect }): Cell[] => [
    input,
    source,
    ...[low, high].flatMap(({ factor, headroom, failed }): Cell[] => [
      factor,
      headroom,
      failed.join('; '),
    ]),
    effect,
  ])
  return [['input', 'source', ...head, 'effect'], ...rows]
}

function inputRows({ inputs }: PlanAnswer): Cell[][] {
  const head = ['input', 'value', 'source', 'from']
  return [
    head,
    ...inputs.map(({ name, value, source, from }): Cell[] => [name, value, source, from]),
  ]
}

function bounds(ci: readonly [number, number] | null | undefined): readonly [Cell, Cell] {
  return [ci?.[0] ?? null, ci?.[1] ?? null]
}
