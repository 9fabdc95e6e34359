/**
 * The answer of `dmqsim plan` for a terminal: the cluster, its drills, what stood beside it in the
 * search, what gives way first, what it costs, and how far to believe it.
 */

import type {
  Candidate,
  DrillAnswer,
  Estimate,
  PlanAnswer,
  PlanMeasure,
  Setting,
} from '../../scenarios/plan/plan-answer.ts'
import type { PlanReportAnswer } from '../answer.ts'
import { doubtLines } from './plan-doubts.ts'
import {
  amountText,
  clockText,
  endedEarlyText,
  formulaNames,
  NOT_JUDGED,
  reasonText,
  settingColumns,
  stateText,
  varyingColumns,
  waitingGroups,
} from '../plan/words.ts'
import { type Column, table } from '../table/table.ts'
import { beside, blocks, type Page, text, title, wrap } from './layout.ts'
import { planBeliefLines } from './plan-belief.ts'
import { counted, duration, grouped, moment, percent } from './numbers.ts'

export function planText(answer: PlanReportAnswer, page: Page): string {
  const { plan, report, again } = answer
  return text(
    blocks(
      headLines(answer, page),
      drillLines(plan, page),
      thresholdLines(plan, page),
      candidateLines(plan, page),
      wallLines(plan, page),
      costLines(plan, page),
      whatIfLines(plan, page),
      doubtLines(plan, page),
      sensitivityLines(plan, page),
      formulaLines(plan, page),
      planBeliefLines(answer, page),
      [...(report === null ? [] : [`Report  ${report}`]), `Again   ${page.paint.bold(again)}`],
    ),
  )
}

export function planSentence({ sentence }: PlanAnswer): string {
  return sentence
}

function headLines({ plan, head }: PlanReportAnswer, page: Page): string[] {
  const { window, search } = plan
  const seconds = moment(Math.round(head.wallMs / 100) * 100_000)
  const facts = [
    plan.scenario,
    `seed ${plan.seed}`,
    `${counted(plan.runs, 'run')} in ${seconds}`,
    ...(plan.kind === 'peak'
      ? []
      : [`${counted(search.of, 'candidate')}, ${search.simulated} simulated`]),
    `${counted(plan.seeds, 'seed')} a drill`,
    `${clockText(window.fromMs)} to ${clockText(window.untilMs)}, peak at ${clockText(window.peakAtMs)}`,
  ]
  return [
    ...wrap(plan.sentence, page.width).map((line) => page.paint.bold(line)),
    ...wrap(facts.join(' · '), page.width).map((line) => page.paint.dim(line)),
  ]
}

function drillLines(plan: PlanAnswer, page: Page): string[] {
  const { drills, answer } = plan
  const wide = page.width >= 120
  const columns: Column[] = [
    { title: 'drill' },
    { title: '' },
    { title: wide ? 'end to end p99' : 'p99', right: true },
    ...(wide ? [{ title: 'produce p99', right: true }] : []),
    { title: 'backlog', right: true },
    { title: 'lateness', right: true },
    { title: wide ? 'first to its limit' : 'busiest', wraps: true },
    ...(wide ? [{ title: 'headroom', right: true }] : []),
  ]
  const rows = drills.map((drill) => [
    labelOf(drill),
    drill.met ? '✓' : '✗',
    measureText(drill.measures['endToEnd p(99)'], wide),
    ...(wide ? [measureText(drill.measures['produce p(99)'], false)] : []),
    worst(
      drill,
      ({ backlogPeak }) => backlogPeak,
      (value) => grouped(Math.round(value)),
      wide,
    ),
    worst(drill, ({ latenessPeakMs }) => latenessPeakMs, msText, wide),
    drill.bottleneck === null
      ? '–'
      : `${drill.bottleneck.resource} of ${drill.bottleneck.host} ${percent(drill.bottleneck.utilisation)}`,
    ...(wide ? [drill.headroom === null ? '–' : percent(drill.headroom)] : []),
  ])
  const head = answer === null ? 'Drills of the nearest candidate' : 'Drills'
  const spread = wide ? ', means with 95 % intervals' : ', means'
  return [
    title(`${head}${spread}`, page),
    ...indented(table(columns, rows, page.width - 2)),
    ...latencyLines(plan).flatMap((line) => dimmed(line, page)),
  ]
}

/** The p99 is of all groups together: which of them it is, and whether that is its own wish. */
function latencyLines(plan: PlanAnswer): readonly string[] {
  const [normal] = plan.drills
  const known = (normal?.groups ?? []).filter(({ latencyP99Ms }) => latencyP99Ms !== null)
  const groups = known.map(({ group, topic, latencyP99Ms }) => {
    const topics = known.filter((one) => one.group === group).length
    const name = topics === 1 ? group : `${group} of ${topic}`
    return `${name} ${msText(latencyP99Ms?.value ?? 0)}`
  })
  const early = plan.drills.flatMap((drill) => {
    const said = endedEarlyText(drill)
    const others = drill.endedEarly < drill.seeds ? ', the figures are of the others' : ''
    return said === null ? [] : [`${labelOf(drill)}: ${said}${others}.`]
  })
  return [
    ...(known.length < 2 ? [] : [`End to end p99 in normal running: ${groups.join(' · ')}.`]),
    ...waitingGroups(plan).map((line) => `${line}.`),
    ...early,
  ]
}

function labelOf({ name, group }: DrillAnswer): string {
  return group === null ? name : `${name} ${group}`
}

function worst(
  drill: DrillAnswer,
  of: (group: DrillAnswer['groups'][number]) => Estimate,
  shown: (value: number) => string,
  wide: boolean,
): string {
  const most = drill.groups
    .map(of)
    .reduce<Estimate | null>(
      (best, one) => (best === null || one.value > best.value ? one : best),
      null,
    )
  return most === null ? '–' : estimateText(most, shown, wide)
}

function estimateText(
  { value, ci }: Estimate,
  shown: (value: number) => string,
  wide: boolean,
): string {
  if (ci === null || !wide) return shown(value)
  const [low, high] = [shown(ci[0]), shown(ci[1])]
  return low === high ? shown(value) : `${shown(value)} (${low} … ${high})`
}

function measureText(measure: PlanMeasure | undefined, wide: boolean): string {
  return measure === undefined ? '–' : estimateText(measure, shownIn(measure.unit), wide)
}

function shownIn(unit: PlanMeasure['unit']): (value: number) => string {
  if (unit === 'ms') return msText
  if (unit === 'share') return percent
  return (value) => `${grouped(Math.round(value))}${unit === 'records/s' ? '/s' : ''}`
}

function msText(ms: number): string {
  return duration(Math.round(ms * 1_000))
}

/** Each threshold in each drill: the value, and whether all runs met it. */
function thresholdLines({ drills }: PlanAnswer, page: Page): string[] {
  const rows = drills.flatMap((drill) =>
    drill.thresholds.map(({ measure, rule, value, met, runsMet, runsJudged }) => [
      met === null ? '–' : met ? '✓' : '✗',
      labelOf(drill),
      `${measure} ${rule}`,
      valueText(value, met, page),
      runsJudged === 0 ? '–' : `${runsMet} of ${runsJudged}`,
    ]),
  )
  const broken = drills.flatMap((drill) =>
    drill.broken.map(({ check, scope, runs }) => [
      '✗',
      labelOf(drill),
      `${check}:${scope}`,
      'broken',
      `${drill.seeds - runs} of ${drill.seeds}`,
    ]),
  )
  if (rows.length + broken.length === 0) return []
  const columns: Column[] = [
    { title: '' },
    { title: 'drill' },
    { title: 'threshold', wraps: true },
    { title: 'value', right: true },
    { title: 'runs met', right: true },
  ]
  return [
    title('Thresholds', page),
    ...indented(table(columns, [...rows, ...broken], page.width - 2)),
  ]
}

function valueText(value: PlanMeasure | null, met: boolean | null, page: Page): string {
  if (met === null) return NOT_JUDGED
  return value === null ? 'nothing measured' : measureText(value, page.width >= 120)
}

/** Around the answer; the JSON answer and the report have all. */
const CANDIDATES_SHOWN = 7

function candidateLines(plan: PlanAnswer, page: Page): string[] {
  const { candidates, kind } = plan
  if (kind === 'peak' || candidates.length < 2) return []
  const shown = around(candidates)
  const varying = varyingColumns(candidates)
  const columns: Column[] = [
    ...varying.map(({ title: name, number }) => ({ title: name.toLowerCase(), right: number })),
    ...(plan.cost === null && candidates.every(({ costPerHour }) => costPerHour === null)
      ? []
      : [{ title: 'cost/h', right: true }]),
    { title: '' },
    { title: 'why', wraps: true },
  ]
  const rows = shown.map((one) => [
    ...varying.map(({ of }) => of(one)),
    ...(columns.some(({ title: name }) => name === 'cost/h') ? [amountText(one.costPerHour)] : []),
    stateText(one),
    whyText(one),
  ])
  const hidden = candidates.length - shown.length
  return [
    title('Candidates, cheapest first', page),
    ...indented(table(columns, rows, page.width - 2)),
    ...(hidden === 0 ? [] : [`  and ${counted(hidden, 'more', 'more')}, all in --json`]),
    ...plan.search.how.flatMap((line) => dimmed(line, page)),
  ]
}

/** The first that it misses are enough here. */
function whyText(candidate: Candidate): string {
  const { failed, bottleneck } = candidate
  const reason = reasonText({ ...candidate, failed: failed.slice(0, 2) })
  if (reason !== '' || bottleneck === null) return reason
  return `${bottleneck.resource} of ${bottleneck.host} ${percent(bottleneck.utilisation)}`
}

/** Those just below the answer, the answer, and a few above. */
function around(candidates: readonly Candidate[]): readonly Candidate[] {
  const at = candidates.findIndex(({ state }) => state === 'answer')
  const told = candidates.filter(
    ({ state }, index) => state !== 'not-run' && index <= (at === -1 ? Infinity : at),
  )
  const below = told.slice(-CANDIDATES_SHOWN)
  const above = at === -1 ? [] : candidates.slice(at + 1, at + 3)
  return [...below, ...above]
}

const WALLS_SHOWN = 8

function wallLines({ walls }: PlanAnswer, page: Page): string[] {
  if (walls.length === 0) return []
  const rows = walls
    .slice(0, WALLS_SHOWN)
    .map(({ order, factor, recordsPerSecond, sentence, how }) => [
      String(order),
      factor === null ? '–' : `${Number(factor.toFixed(2))}×`,
      recordsPerSecond === null ? '–' : `${grouped(Math.round(recordsPerSecond))}/s`,
      how,
      sentence,
    ])
  const columns: Column[] = [
    { title: '', right: true },
    { title: 'peak', right: true },
    { title: 'records', right: true },
    { title: 'how' },
    { title: 'what gives way', wraps: true },
  ]
  const more = walls.length - WALLS_SHOWN
  return [
    title('Walls, in their order', page),
    ...indented(table(columns, rows, page.width - 2)),
    ...(more > 0 ? [`  and ${more} more, all in --json`] : []),
  ]
}

function costLines({ cost }: PlanAnswer, page: Page): string[] {
  if (cost === null) return []
  const items = cost.items.map(
    ({ what, price, unit, perHour }) => `${what} at ${price} ${unit} = ${amountText(perHour)}`,
  )
  const lines = wrap(items.join(' · '), page.width - 2).map((line) => `  ${line}`)
  return [title(`Cost: ${amountText(cost.perHour)} ${cost.currency} an hour`, page), ...lines]
}

function whatIfLines({ whatIf }: PlanAnswer, page: Page): string[] {
  if (whatIf.length === 0) return []
  const columns: Column[] = [
    { title: 'change' },
    { title: '' },
    { title: page.width >= 120 ? 'end to end p99' : 'p99', right: true },
    { title: 'headroom', right: true },
    { title: 'then', wraps: true },
  ]
  const rows = whatIf.map((one) => [
    one.change,
    one.met ? '✓' : '✗',
    one.endToEndP99 === null ? '–' : msText(one.endToEndP99.value),
    one.headroom === null ? '–' : percent(one.headroom),
    one.met ? holdsText(one) : one.failed.slice(0, 2).join('; '),
  ])
  return [
    title('What if, one run of each drill', page),
    ...indented(table(columns, rows, page.width - 2)),
  ]
}

function holdsText({ bottleneck }: PlanAnswer['whatIf'][number]): string {
  return bottleneck === null
    ? 'holds'
    : `holds; ${bottleneck.resource} of ${bottleneck.host} ${percent(bottleneck.utilisation)}`
}

function sensitivityLines({ sensitivity, answer }: PlanAnswer, page: Page): string[] {
  if (sensitivity.length === 0) return []
  const columns: Column[] = [
    { title: 'if instead' },
    { title: 'source' },
    { title: 'use', right: true },
    { title: 'the answer', wraps: true },
  ]
  const rows = sensitivity.map((one) => [
    one.assumption,
    one.source,
    one.utilisationChange === null ? '–' : signed(one.utilisationChange),
    one.answer === null
      ? 'none of the search space'
      : one.moves
        ? differenceText(one.answer, answer)
        : 'stays',
  ])
  return [
    title('What the answer would be if a figure were worse', page),
    ...indented(table(columns, rows, page.width - 2)),
  ]
}

function differenceText(setting: Setting, from: Setting | null): string {
  const changed = settingColumns.filter(({ of }) => from === null || of(setting) !== of(from))
  return changed.map(({ title: name, of }) => `${of(setting)} ${name.toLowerCase()}`).join(', ')
}

/** In points of share. */
function signed(share: number): string {
  const points = Math.round(share * 100)
  return `${points < 0 ? '−' : '+'}${Math.abs(points)} pt`
}

function formulaLines({ formulas, answer }: PlanAnswer, page: Page): string[] {
  if (formulas.length === 0) return []
  const lines = formulas.flatMap(({ name, value, unit, brokers, formula }) => {
    const also = unit === 'vCPUs' && brokers !== null ? ` (${counted(brokers, 'broker')})` : ''
    return beside(
      `  ${formulaNames[name]}`,
      12,
      `${grouped(value)} ${unit}${also}: ${formula}`,
      page.width,
    )
  })
  const own =
    answer === null ? '' : `, beside the ${counted(answer.brokers, 'broker')} of this plan`
  return [title(`Formulas of the clouds on the same figures${own}`, page), ...lines]
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}

function dimmed(line: string, page: Page): string[] {
  return wrap(line, page.width - 2).map((one) => page.paint.dim(`  ${one}`))
}
