/**
 * A plan's answer as Markdown, for a wiki or a review: the same as the report, without its curves.
 */

import type { Candidate, DrillAnswer, PlanAnswer } from '../../scenarios/plan/plan-answer.ts'
import {
  bottleneckText,
  changeText,
  clockText,
  clusterText,
  costText,
  currencyOf,
  drillText,
  endedEarlyText,
  factorText,
  figureText,
  firstWall,
  fixedText,
  formulaNames,
  intervalText,
  NOT_JUDGED,
  pointsText,
  reasonText,
  runsText,
  sourceNames,
  stateText,
  thresholdName,
  thresholdNames,
  varyingColumns,
  waitingGroups,
} from '../plan/words.ts'
import {
  assumedNote,
  baseText,
  doubtName,
  effectText,
  endText,
  movingDoubts,
  sourceText,
  stillText,
  thenText,
} from '../plan/doubts.ts'
import { fullStop } from '../sentence.ts'
import { counted, grouped, percent } from '../text/numbers.ts'
import {
  againLines,
  listLines,
  type MarkdownColumn,
  partLines,
  plain,
  tableLines,
} from './markdown.ts'

/** Candidates of which nothing was simulated are counted alone. */
export function planMarkdown(plan: PlanAnswer, command: string): string {
  return [
    `# ${plain(plan.scenario)}: capacity plan`,
    '',
    `**${plain(fullStop(plan.sentence))}**`,
    '',
    plain(plan.question),
    '',
    ...factLines(plan),
    ...cautionLines(plan),
    ...partLines('Why this cluster', candidateLines(plan)),
    ...partLines('The walls in order', wallLines(plan)),
    ...partLines('Drills', drillLines(plan)),
    ...partLines('What if', whatIfLines(plan)),
    ...partLines('Inputs that move the nearest threshold most', doubtLines(plan)),
    ...partLines('What the answer hangs on', sensitivityLines(plan)),
    ...partLines('Public formulas on the same figures', formulaLines(plan)),
    ...partLines('How far to believe', beliefLines(plan)),
    ...partLines('Inputs', inputLines(plan)),
    ...againLines(command),
  ].join('\n')
}

function factLines(plan: PlanAnswer): string[] {
  const { answer, window, walls } = plan
  const [drill] = plan.drills
  const wall = firstWall(walls)
  return listLines([
    ...(answer === null
      ? []
      : [
          `Cluster: ${clusterText(answer)}, ${counted(answer.partitions, 'partition')}, ${counted(answer.consumers, 'consumer')}, replicas ${answer.replicationFactor}, batch.size ${grouped(answer['batch.size'])}, linger.ms ${answer['linger.ms']}`,
        ]),
    ...(plan.cost === null ? [] : [`Cost: ${costText(plan.cost.perHour, plan.cost.currency)}`]),
    `Peak: ${figureText(window.peakPerSecond, 'records/s')}, ${figureText(window.peakBytesPerSecond, 'bytes/s')}, at ${clockText(window.peakAtMs)} of the curve`,
    ...(drill === undefined || drill.headroom === null
      ? []
      : [
          `Headroom: ${percent(Math.max(0, drill.headroom))} (${drill.title}, ${bottleneckText(drill.bottleneck)})`,
        ]),
    ...(wall === undefined ? [] : [`First wall: ${wall.sentence}`]),
  ])
}

function cautionLines({ belief }: PlanAnswer): string[] {
  const lines = [
    ...(belief.backtest === null ? ['Not held against a measured cluster.'] : []),
    ...belief.extrapolates.map((one) => `Outside of what was validated: ${fullStop(one)}`),
  ]
  return lines.length === 0 ? [] : [...lines.map((line) => `> ${plain(line)}  `), '']
}

function candidateLines(plan: PlanAnswer): string[] {
  const settings = varyingColumns(plan.candidates)
  const shown = plan.candidates.filter(({ runs, state }) => runs > 0 || state === 'answer')
  const columns: MarkdownColumn[] = [
    { title: 'Result' },
    ...settings.map(({ title, number }) => ({ title, number })),
    { title: 'Cost', number: true },
    { title: 'What it misses' },
    { title: 'Busiest in normal running' },
  ]
  const row = (one: Candidate): string[] => [
    stateText(one),
    ...settings.map(({ of }) => of(one)),
    costText(one.costPerHour, currencyOf(plan)),
    reasonText(one) || '–',
    bottleneckText(one.bottleneck),
  ]
  const { of, simulated, ruledOut, notRun, how } = plan.search
  const fixed = fixedText(plan.candidates)
  return [
    plain(
      `${counted(of, 'candidate')}: ${simulated} simulated, ${ruledOut} ruled out, ${notRun} not run.${fixed === '' ? '' : ` All have ${fixed}.`}`,
    ),
    '',
    ...tableLines(columns, shown.map(row)),
    ...listLines(how),
  ]
}

function wallLines({ walls, peak }: PlanAnswer): string[] {
  const columns = [
    { title: '#', number: true },
    { title: 'At the peak times', number: true },
    { title: 'That is', number: true },
    { title: 'What gives way' },
    { title: 'Drill' },
    { title: 'Known by' },
  ]
  const rows = walls.map((wall) => [
    String(wall.order),
    wall.factor === null ? 'above all tried' : factorText(wall.factor),
    wall.recordsPerSecond === null ? '–' : figureText(wall.recordsPerSecond, 'records/s'),
    wall.sentence,
    drillText(wall.drill),
    wall.how,
  ])
  const factor = peak?.factor ?? null
  const line =
    factor === null ? [] : [`All thresholds hold up to ${factorText(factor)} the peak.`, '']
  return [...line, ...tableLines(columns, rows)]
}

function drillLines(plan: PlanAnswer): string[] {
  const { drills } = plan
  const names = thresholdNames(drills)
  const columns: MarkdownColumn[] = [
    { title: 'Drill' },
    ...names.map((title) => ({ title })),
    { title: 'Bottleneck' },
    { title: 'Headroom', number: true },
  ]
  const rows = drills.map((drill) => [
    [`${drill.met ? '✓' : '✗'} ${drill.title}`, endedEarlyText(drill)]
      .filter((part) => part !== null)
      .join(', '),
    ...names.map((name) => thresholdCell(drill, name)),
    bottleneckText(drill.bottleneck),
    drill.headroom === null ? '–' : percent(Math.max(0, drill.headroom)),
  ])
  const groupColumns: MarkdownColumn[] = [
    { title: 'Group' },
    { title: 'Drill' },
    { title: 'Members', number: true },
    { title: 'Backlog at most', number: true },
    { title: 'Latest', number: true },
    { title: 'End-to-end p99', number: true },
    { title: 'Drained in', number: true },
  ]
  const groups = drills.flatMap((drill) =>
    drill.groups.map((one) => [
      `${one.group} (${one.topic})`,
      drill.title,
      grouped(one.members),
      figureText(one.backlogPeak.value, 'records'),
      figureText(one.latenessPeakMs.value, 'ms'),
      one.latencyP99Ms === null ? '–' : figureText(one.latencyP99Ms.value, 'ms'),
      one.drainMs === null ? '–' : figureText(one.drainMs.value, 'ms'),
    ]),
  )
  const waits = waitingGroups(plan).map((text) => `${text}.`)
  return [
    ...tableLines(columns, rows),
    ...tableLines(groupColumns, groups),
    ...waits.map((line) => plain(line)),
    '',
  ]
}

function thresholdCell({ thresholds, seeds }: DrillAnswer, name: string): string {
  const found = thresholds.find((one) => thresholdName(one) === name)
  if (found === undefined) return 'not asked'
  const { value, met } = found
  if (met === null) return NOT_JUDGED
  const mark = met ? '✓' : '✗'
  if (value === null) return `${mark} not measured`
  const interval = intervalText(value, value.unit)
  const range = interval === null ? '' : ` (${interval})`
  const runs = runsText(found, seeds)
  return `${mark} ${figureText(value.value, value.unit)}${range}${runs === null ? '' : `, ${runs}`}`
}

function whatIfLines(plan: PlanAnswer): string[] {
  const columns: MarkdownColumn[] = [
    { title: 'Change' },
    { title: 'Holds' },
    { title: 'Busiest in normal running' },
    { title: 'Headroom', number: true },
    { title: 'Cost', number: true },
  ]
  const rows = plan.whatIf.map((one) => [
    one.change,
    one.met ? '✓ holds' : `✗ misses ${one.failed.join('; ')}`,
    bottleneckText(one.bottleneck),
    one.headroom === null ? '–' : percent(Math.max(0, one.headroom)),
    costText(one.costPerHour, currencyOf(plan)),
  ])
  return tableLines(columns, rows)
}

function sensitivityLines(plan: PlanAnswer): string[] {
  const columns: MarkdownColumn[] = [
    { title: 'If this were otherwise' },
    { title: 'It is' },
    { title: 'The answer would be' },
    { title: 'Busiest resource', number: true },
  ]
  const rows = plan.sensitivity.map((one) => [
    one.assumption,
    sourceNames[one.source],
    changeText(one.answer, plan.answer),
    pointsText(one.utilisationChange),
  ])
  return tableLines(columns, rows)
}

function doubtLines({ doubts }: PlanAnswer): string[] {
  if (doubts === null || doubts.inputs.length === 0) return []
  const columns: MarkdownColumn[] = [
    { title: 'Input' },
    { title: 'It is' },
    { title: 'Low' },
    { title: 'High' },
    { title: 'Moves', number: true },
    { title: 'Then' },
  ]
  const rows = movingDoubts(doubts).map((one) => [
    doubtName(one),
    sourceText(one),
    endText(one.low),
    endText(one.high),
    effectText(one),
    thenText(one, doubts),
  ])
  const still = stillText(doubts)
  const lines = [`Nearest: ${baseText(doubts)}.`, ...(still === null ? [] : [still]), assumedNote]
  return [...tableLines(columns, rows), ...lines.flatMap((line) => ['', line])]
}

function formulaLines({ formulas }: PlanAnswer): string[] {
  const columns: MarkdownColumn[] = [
    { title: 'Formula' },
    { title: 'Brokers', number: true },
    { title: 'How' },
    { title: 'Source' },
  ]
  const rows = formulas.map((one) => [
    formulaNames[one.name],
    one.brokers === null ? `${grouped(one.value)} ${one.unit}` : grouped(one.brokers),
    one.formula,
    one.source,
  ])
  return tableLines(columns, rows)
}

function beliefLines({ belief, seeds, runs, window }: PlanAnswer): string[] {
  const { backtest, calibrationSet, constants, notModelled } = belief
  const errors = (backtest?.rows ?? []).map(({ series, judged }) => {
    return `${series}: ${judged === null ? 'not judged' : `${percent(judged)} off`}`
  })
  return listLines([
    backtest === null
      ? 'No backtest: nothing measured of a cluster like this one was held against the model.'
      : `Backtest against ${backtest.source}: ${errors.join(', ')}`,
    `${counted(runs, 'run')} of the window from ${clockText(window.fromMs)} to ${clockText(window.untilMs)}, ${counted(seeds, 'seed')} for each drill of the answer; intervals are of chance alone.`,
    calibrationSet === null
      ? 'Nothing was fitted: what work costs is assumed.'
      : `Fitted to ${calibrationSet}.`,
    ...constants.map(({ name, value, unit, rows }) => {
      return `${name}: ${grouped(value)} ${unit}, from ${rows.join(', ')}`
    }),
    ...notModelled.map((one) => `Not modelled: ${one}`),
    `dmqsim ${belief.engine}`,
  ])
}

function inputLines({ inputs }: PlanAnswer): string[] {
  const columns = [{ title: 'Input' }, { title: 'Value' }, { title: 'Is' }, { title: 'From' }]
  const rows = inputs.map(({ name, value, source, from }) => [
    name,
    value,
    sourceNames[source],
    from ?? '–',
  ])
  return tableLines(columns, rows)
}
