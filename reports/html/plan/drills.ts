/**
 * The drills as a matrix: what is left in each, what is busiest, and what each threshold found;
 * then what the groups went through, and how busy each kind of resource was.
 */

import type {
  DrillAnswer,
  PlanAnswer,
  ThresholdResult,
} from '../../../scenarios/plan/plan-answer.ts'
import {
  bottleneckText,
  endedEarlyText,
  figureText,
  intervalText,
  NOT_JUDGED,
  runsText,
  thresholdName,
  thresholdNames,
  waitingGroups,
} from '../../plan/words.ts'
import { busiestByResource } from '../../plan/resources.ts'
import { hostName } from '../../resource-names.ts'
import { counted, grouped, percent } from '../../text/numbers.ts'
import { folded } from '../folded.ts'
import { markup, type Markup, nothing, type Piece } from '../markup.ts'
import { empty, type Section } from '../section.ts'
import { cardTable, type Row } from '../table.ts'

export function drillSection(plan: PlanAnswer): Section {
  const { drills, seeds } = plan
  return {
    id: 'drills',
    title: 'Drills',
    lead:
      seeds === 1
        ? 'Each threshold in the drills that it asks about, of one run, which says nothing of chance.'
        : `Each threshold in the drills that it asks about: the mean of ${counted(seeds, 'run')} with its 95 % interval.`,
    body:
      drills.length === 0
        ? empty('No drill was run.')
        : markup`${matrix(drills)}
${catchingUp(drills)}
${brokenChecks(drills)}
${groupTable(plan)}
${resourceTable(drills)}
${measureTable(drills)}`,
  }
}

function matrix(drills: readonly DrillAnswer[]): Markup {
  const names = thresholdNames(drills)
  const columns = [
    { title: 'Drill', prose: true },
    { title: 'Headroom', number: true, whole: true },
    { title: 'Bottleneck', prose: true },
    ...names.map((title) => ({ title, whole: true })),
  ]
  const rows = drills.map((drill): Row => {
    const cells = names.map((name) => {
      const found = drill.thresholds.find((one) => thresholdName(one) === name)
      return found === undefined ? '–' : thresholdCell(found, drill.seeds)
    })
    const early = endedEarlyText(drill)
    const note = early === null ? nothing : markup` <small class="warn-text">${early}</small>`
    const head = markup`${markOf(drill.met)} ${drill.title}${note}`
    return { cells: [head, headroomOf(drill), bottleneckText(drill.bottleneck), ...cells] }
  })
  return cardTable('Drills', columns, rows)
}

function markOf(met: boolean): Markup {
  return met
    ? markup`<span class="good" role="img" aria-label="holds">✓</span>`
    : markup`<span class="bad" role="img" aria-label="misses">✗</span>`
}

function thresholdCell(found: ThresholdResult, seeds: number): Piece {
  const { value, met } = found
  if (met === null) return NOT_JUDGED
  if (value === null) return markup`${markOf(met)} not measured`
  const interval = intervalText(value, value.unit)
  const small = [interval, runsText(found, seeds)].filter((part) => part !== null)
  const note = small.length === 0 ? nothing : markup`<small>${small.join(' · ')}</small>`
  return markup`<span class="found">${markOf(met)} <b>${figureText(value.value, value.unit)}</b>${note}</span>`
}

function headroomOf({ headroom }: DrillAnswer): Piece {
  if (headroom === null) return '–'
  return markup`<b class="${headroom <= 0.05 ? 'bad' : ''}">${percent(Math.max(0, headroom))}</b>`
}

/** Share of headroom that looks like an alarm. */
const ALARMING = 0.05

function catchingUp([, ...faulty]: readonly DrillAnswer[]): Markup {
  if (!faulty.some(({ headroom }) => headroom !== null && headroom <= ALARMING)) return nothing
  return markup`<p class="note-line">After a fault all that waited is sent and read at once: a resource near 100 % there says how fast the backlog shrinks. Whether that is fast enough the thresholds say.</p>`
}

function brokenChecks(drills: readonly DrillAnswer[]): Markup {
  const lines = drills.flatMap(({ title, broken }) =>
    broken.map(
      ({ check, scope, runs }) =>
        markup`<li><b class="bad">✗ ${check}</b> ${scope} broke in ${counted(runs, 'run')} of “${title}”</li>`,
    ),
  )
  return lines.length === 0 ? nothing : markup`<ul class="plain">${lines}</ul>`
}

function groupTable(plan: PlanAnswer): Markup {
  const { drills } = plan
  const columns = [
    { title: 'Group' },
    { title: 'Drill', prose: true },
    { title: 'Members', number: true },
    { title: 'Backlog at most', number: true, short: 'Backlog' },
    { title: 'Latest', number: true },
    { title: 'End-to-end p99', number: true, short: 'p99' },
    { title: 'Drained in', number: true },
  ]
  const groups = [...new Set(drills.flatMap((one) => one.groups.map(({ group }) => group)))]
  const rows = groups.flatMap((name) =>
    drills.flatMap((drill) =>
      drill.groups
        .filter(({ group }) => group === name)
        .map((one): Row => {
          const { group, topic, members, backlogPeak, latenessPeakMs, drainMs } = one
          const drained =
            drainMs === null
              ? drill.name === 'normal'
                ? '–'
                : markup`<span class="bad">not within the run</span>`
              : withInterval(drainMs, 'ms')
          return {
            cells: [
              markup`${group} <span class="scope">${topic}</span>`,
              drill.title,
              grouped(members),
              withInterval(backlogPeak, 'records'),
              withInterval(latenessPeakMs, 'ms'),
              one.latencyP99Ms === null ? '–' : withInterval(one.latencyP99Ms, 'ms'),
              drained,
            ],
          }
        }),
    ),
  )
  if (rows.length === 0) return nothing
  const waits = waitingGroups(plan).map((text) => `${text}.`)
  const note = waits.length === 0 ? nothing : markup`<p class="note-line">${waits.join(' ')}</p>`
  return markup`<h3>How late each group runs</h3>
${note}
${cardTable('Groups in the drills', columns, rows)}`
}

function withInterval(
  estimate: Parameters<typeof intervalText>[0],
  unit: 'ms' | 'records',
): Markup {
  const interval = intervalText(estimate, unit)
  const note = interval === null ? nothing : markup`<small>${interval}</small>`
  return markup`<span class="found">${figureText(estimate.value, unit)}${note}</span>`
}

/** Share: what nobody used more is in the tables behind the curves alone. */
const IDLE = 0.05

function resourceTable(drills: readonly DrillAnswer[]): Markup {
  const resources = busiestByResource(drills).filter(({ byDrill }) =>
    byDrill.some((use) => use !== null && use.peak.value >= IDLE),
  )
  if (resources.length === 0) return nothing
  const columns = [
    { title: 'Resource' },
    ...drills.map(({ title }) => ({ title, number: true, prose: true })),
  ]
  const rows = resources.map(({ resource, byDrill }): Row => {
    const cells = byDrill.map((use) =>
      use === null
        ? '–'
        : markup`<span class="found use ${use.peak.value >= 0.8 ? 'much' : ''}" style="--share:${Math.round(Math.min(1, use.peak.value) * 100)}%">${percent(use.peak.value)}<small>${hostName(use.host)}</small></span>`,
    )
    return { cells: [resource, ...cells] }
  })
  return folded({
    title: 'The busiest host of each resource',
    brief: busiestText(resources),
    body: markup`<p class="note-line">In its busiest second of the window, mean over the runs; the pictures over time show shorter steps, some of them fuller.</p>
${cardTable('Busiest hosts', columns, rows)}`,
  })
}

/** `disk 94 % · cpu 63 % · nic-in 63 %`: the most that any drill made of each. */
function busiestText(resources: ReturnType<typeof busiestByResource>): string {
  const most = resources.map(({ resource, byDrill }) => ({
    resource,
    peak: Math.max(0, ...byDrill.map((use) => use?.peak.value ?? 0)),
  }))
  most.sort((left, right) => right.peak - left.peak)
  const named = most.slice(0, 3).map(({ resource, peak }) => `${resource} ${percent(peak)}`)
  return `at most ${named.join(' · ')}`
}

function measureTable(drills: readonly DrillAnswer[]): Markup {
  const names = [...new Set(drills.flatMap(({ measures }) => Object.keys(measures)))]
  if (names.length === 0) return nothing
  const columns = [
    { title: 'Measure' },
    ...drills.map(({ title }) => ({ title, number: true, prose: true })),
  ]
  const rows = names.map((name) => {
    const cells = drills.map(({ measures }) => {
      const found = measures[name]
      if (found === undefined) return '–'
      const interval = intervalText(found, found.unit)
      const note = interval === null ? nothing : markup`<small>${interval}</small>`
      return markup`<span class="found">${figureText(found.value, found.unit)}${note}</span>`
    })
    return { cells: [name, ...cells] }
  })
  return folded({
    title: 'All measures',
    brief: `${grouped(names.length)} in each drill`,
    body: cardTable('Measures', columns, rows),
  })
}
