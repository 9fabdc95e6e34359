/**
 * The answer of `dmqsim explore`: how often each check held, what broke it, what was covered.
 */

import type { ExploreAnswer, KeptFailure } from '../answer.ts'
import { table } from '../table/table.ts'
import {
  biasTallies,
  type CheckTally,
  checkTallies,
  costShares,
  coverageOf,
  electionsUnderLoad,
  magnitudeNames,
  failureBound,
  missingProbes,
  neverReached,
  probeRuns,
  refusedFaults,
  spreadOf,
  stuckReasons,
  vacuousReasons,
  virtualUs,
} from '../tally.ts'
import { fullStop } from '../sentence.ts'
import { baselineLines } from './baseline.ts'
import { beliefLines } from './believe.ts'
import { blocks, hung, type Page, text, title, wrap } from './layout.ts'
import { counted, grouped, moment, percent, virtualTime } from './numbers.ts'
import { countsRecords, explorationSentence } from './phrases.ts'
import { nameOf } from './verdicts.ts'

export function exploreText(answer: ExploreAnswer, page: Page): string {
  return text(
    blocks(
      headLines(answer, page),
      verdictTable(answer, page),
      failureLines(answer, page),
      baselineLines(answer.baseline, page),
      biasLines(answer, page),
      coverageLines(answer, page),
      belief(answer, page),
      endLines(answer, page),
    ),
  )
}

function headLines(answer: ExploreAnswer, page: Page): string[] {
  const { exploration, head, exploredMs } = answer
  const runs = exploration.runs.length
  const perSecond = runs / Math.max(0.001, exploredMs / 1_000)
  const facts = [
    exploration.scenario.name,
    `seed ${exploration.seed}`,
    counted(runs, 'run'),
    virtualTime(virtualUs(exploration)),
    `${moment(Math.round(head.wallMs / 100) * 100_000)}, ${perSecond.toFixed(1)} runs/s`,
    counted(exploration.jobs, 'thread'),
    ...stoppedText(answer),
    ...shardText(answer),
  ]
  return [
    ...wrap(explorationSentence(exploration), page.width).map((line) => page.paint.bold(line)),
    ...wrap(facts.join(' · '), page.width).map((line) => page.paint.dim(line)),
  ]
}

function stoppedText({ stopped, runsAsked }: ExploreAnswer): string[] {
  const of = runsAsked === null ? '' : ` before ${grouped(runsAsked)} runs`
  if (stopped === 'time') return [`stopped by the time limit${of}`]
  if (stopped === 'bail') return ['stopped by --bail']
  if (stopped === 'interrupt') return ['interrupted']
  return []
}

function shardText({ shards }: ExploreAnswer): string[] {
  if (shards === null) return []
  const missing = shards.missing.length === 0 ? '' : `, missing ${shards.missing.join(', ')}`
  return [`${counted(shards.there.length, 'shard')}${missing}`]
}

function verdictTable({ exploration }: ExploreAnswer, page: Page): string[] {
  const tallies = checkTallies(exploration)
  if (tallies.length === 0) return []
  const columns = [
    { title: '' },
    { title: 'check', wraps: true },
    { title: 'kept', right: true },
    { title: 'broken', right: true },
    { title: 'unknown', right: true },
    { title: 'vacuous', right: true },
    { title: 'expected' },
    { title: '95 % bound' },
  ]
  const rows = tallies.map((one) => [
    markOf(one),
    one.check,
    grouped(one.kept),
    grouped(one.broken),
    grouped(one.unknown),
    grouped(one.vacuous),
    one.expected ?? '–',
    one.upperBound === null ? '–' : `≤ ${percent(one.upperBound)}`,
  ])
  const lines = table(columns, rows, page.width - 2).map((line) => `  ${line}`)
  return [
    title('Verdicts', page),
    ...lines.map((line, at) => coloured(line, tallies[at - 1], page)),
  ]
}

function markOf({ kept, broken, asExpected }: CheckTally): string {
  if (!asExpected) return '✗'
  if (kept + broken === 0) return '?'
  return '✓'
}

function coloured(line: string, tally: CheckTally | undefined, { paint }: Page): string {
  if (tally === undefined) return paint.dim(line)
  if (!tally.asExpected) return paint.red(line)
  return tally.broken > 0 ? paint.yellow(line) : line
}

function failureLines({ exploration, failures }: ExploreAnswer, page: Page): string[] {
  if (failures.length === 0) return []
  const demanded = checkTallies(exploration)
    .filter(({ expected }) => expected === 'breaks')
    .map(({ check }) => check)
  // What was promised first, then what had to break, then what may: each in the order of runs.
  const rank = ({ failure: { check, expected } }: KeptFailure): number => {
    if (!expected) return 0
    return demanded.some((name) => name === check || name.startsWith(`${check}:`)) ? 1 : 2
  }
  const told = failures.toSorted((one, other) => rank(one) - rank(other))
  return [title('Failures', page), ...told.flatMap((one) => failure(one, page))]
}

function failure(
  { failure: one, runs, most, file, token, bias }: KeptFailure,
  page: Page,
): string[] {
  const { paint, width } = page
  const head = `  ✗ ${nameOf(one)}${one.expected ? ' (as expected)' : ''}`
  const worst =
    countsRecords(one.check) && runs > 0 ? `, at most ${counted(most, 'record')} in one` : ''
  const first = `first run ${grouped(one.index)}${bias === null ? '' : ` (${bias})`}`
  const again = `npx dmqsim replay ${file ?? token}`
  return [
    one.expected ? paint.yellow(head) : paint.red(head),
    ...hung('    ', `${counted(runs, 'run')}${worst} · ${first}`, width),
    ...hung('    ', `${shrunkText(one, runs)}: ${fullStop(one.sentence)}`, width),
    ...hung('    ', `mechanism: ${one.signature}`, width).map((line) => paint.dim(line)),
    `    ${paint.bold(again)}`,
    ...(one.shrinkStopped === undefined || file === null
      ? []
      : [`    ${paint.bold(`${again} --shrink`)} goes on shrinking`]),
  ]
}

/** Of which case the sentence behind it speaks. */
function shrunkText(
  { faults, index, shrunkFrom, shrinkRuns, shrinkStopped }: KeptFailure['failure'],
  runs: number,
): string {
  const entries = (count: number): string => counted(count, 'timeline entry', 'timeline entries')
  if (shrinkRuns === 0) {
    return runs > 0 ? `run ${grouped(index)}, with ${entries(faults)}` : `run ${grouped(index)}`
  }
  if (shrinkRuns === 1 && shrinkStopped === 'time')
    return `run ${grouped(index)}, with ${entries(faults)}, not shrunk because the time was over`
  const early = shrinkStopped === undefined ? '' : ` (cut short by the limit of ${shrinkStopped})`
  return `shrunk from ${entries(shrunkFrom.faults)} to ${faults} in ${counted(shrinkRuns, 'run')}${early}`
}

/** What each way of searching did and found. */
function biasLines({ exploration }: ExploreAnswer, page: Page): string[] {
  const tallies = biasTallies(exploration)
  if (tallies.length < 2) return []
  const columns = [
    { title: 'bias' },
    { title: 'runs', right: true },
    { title: 'descended', right: true },
    { title: 'broke', right: true },
    { title: 'found first', right: true },
  ]
  const rows = tallies.map(({ bias, runs, descended, broke, found }) => [
    bias,
    ...[runs, descended, broke, found].map(grouped),
  ])
  const lines = table(columns, rows, page.width - 2).map((line) => `  ${line}`)
  return [
    title('How it searched', page),
    ...lines.map((line, at) => (at === 0 ? page.paint.dim(line) : line)),
  ]
}

function coverageLines({ exploration, probesKnown }: ExploreAnswer, page: Page): string[] {
  const { runs, determinism } = exploration
  const rows: string[] = []
  const bound = failureBound(exploration)
  if (bound !== null)
    rows.push(`broken promises: with 95 % confidence in at most ${percent(bound)} of runs`)
  const { families, phases, pairs } = coverageOf(exploration)
  const never = neverReached(exploration, probesKnown)
  rows.push(
    `reached: ${counted(pairs, 'pair')} of fault and moment (${counted(families, 'kind')} of fault, ` +
      `${counted(phases, 'moment')}); ${grouped(never.length)} of ${counted(probesKnown.length, 'probe')} never`,
  )
  const magnitudes = magnitudeNames
    .map((name) => ({ name, ...spreadOf(exploration, name) }))
    .filter(({ max }) => max > 0)
    .map(({ name, p50, max }) => `${name} ${grouped(p50)} (median), ${grouped(max)} (most)`)
  if (magnitudes.length > 0) rows.push(`records a run: ${magnitudes.join(' · ')}`)
  rows.push(
    `elections caused by a fault while sends were open: ${grouped(electionsUnderLoad(exploration))}` +
      ` of ${counted(runs.length, 'run')}`,
  )
  const missing = missingProbes(exploration)
  if (missing.length > 0) rows.push(`required probes never reached: ${missing.join(', ')}`)
  const refused = refusedFaults(exploration)
  if (refused > 0) rows.push(`${counted(refused, 'fault')} refused by the budget`)
  for (const [reason, count] of Object.entries(stuckReasons(exploration))) {
    rows.push(`${counted(count, 'run')} could not settle: ${reason}`)
  }
  for (const { index, reason } of runs
    .filter(({ ended }) => ended === 'internal-error')
    .slice(0, 5)) {
    rows.push(`dmqsim itself failed in run ${index}: ${reason ?? 'no reason was given'}`)
  }
  for (const [reason, count] of Object.entries(vacuousReasons(exploration))) {
    rows.push(`${counted(count, 'run')} proved nothing: ${reason}`)
  }
  if (determinism.checked > 0) rows.push(determinismText(exploration.determinism))
  const { checks, drain } = costShares(exploration)
  const cost = [
    ...(checks === null ? [] : [`checks ${percent(checks)} of the time`]),
    ...(drain === null ? [] : [`what follows the heal ${percent(drain)} of the events`]),
  ]
  if (cost.length > 0) rows.push(`cost: ${cost.join(' · ')}`)
  const lines = rows.flatMap((row) => hung('  ', row, page.width))
  return [title('Coverage', page), ...lines]
}

function determinismText({
  checked,
  different,
}: ExploreAnswer['exploration']['determinism']): string {
  const runs = `${counted(checked, 'run')} done twice`
  if (different.length === 0) return `${runs}: the same hashes`
  return `${runs}: NOT the same hash in run ${different.slice(0, 10).join(', ')}`
}

function belief({ exploration, head, configuration }: ExploreAnswer, page: Page): string[] {
  const { scenario, runs } = exploration
  return beliefLines(
    {
      head,
      scenario,
      configuration,
      sampling:
        `${counted(runs.length, 'run')} drawn from seed ${exploration.seed}, ` +
        `${virtualTime(virtualUs(exploration))}; it samples schedules and proves nothing`,
      probes: probeRuns(exploration),
      guardsOff: scenario.guardsOff,
      protocols: scenario.protocols,
    },
    page,
  )
}

function endLines({ again, folder }: ExploreAnswer, page: Page): string[] {
  return [...(folder === null ? [] : [`Results  ${folder}`]), `Again    ${page.paint.bold(again)}`]
}
