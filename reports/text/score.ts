/**
 * The answer of `dmqsim score`: which guards are noticed when they are missing and which old
 * protocol levels when they are there, and why others are not.
 */

import type { GuardScore, LevelScore, ScoreAnswer } from '../answer.ts'
import { scoreTally, scoreTarget } from '../score-tally.ts'
import { table } from '../table/table.ts'
import { blocks, type Page, text, title, wrap } from './layout.ts'
import { counted, grouped, moment, percent } from './numbers.ts'

export function scoreText(answer: ScoreAnswer, page: Page): string {
  const noticed = answer.guards.filter((guard) => guard.noticed)
  const silent = answer.guards.filter((guard) => !guard.noticed)
  return text(
    blocks(
      headLines(answer, page),
      part('Noticed', noticed, noticedTable, page),
      part('Not noticed', silent, silentTable, page),
      part('Old protocol levels', answer.levels, levelTable, page),
    ),
  )
}

export function scoreSentence(answer: ScoreAnswer): string {
  const { guards, levels } = answer
  if (wasCutBefore(answer)) {
    return 'Nothing was turned off: it ended while scenarios were run with every guard on.'
  }
  const ofGuards =
    `Of ${counted(guards.length, 'guard')} turned off one at a time, ` +
    `${noticedOf(guards)} noticed by a verdict.`
  const ofLevels =
    `Of ${counted(levels.length, 'old protocol level')} with a published defect, ` +
    `${noticedOf(levels)} noticed.`
  return [...(guards.length > 0 ? [ofGuards] : []), ...(levels.length > 0 ? [ofLevels] : [])].join(
    ' ',
  )
}

/** Whether it ended before the first pair: then it tells nothing of any guard. */
function wasCutBefore({ guards, levels, stopped }: ScoreAnswer): boolean {
  if (stopped === null) return false
  return guards.every(({ pairs }) => pairs === 0) && levels.every(({ runs }) => runs === 0)
}

function noticedOf(rows: readonly { readonly noticed: boolean }[]): string {
  const noticed = rows.filter((row) => row.noticed).length
  const share = percent(noticed / rows.length)
  return `${grouped(noticed)} (${share}) ${noticed === 1 ? 'was' : 'were'}`
}

function headLines(answer: ScoreAnswer, page: Page): string[] {
  const { head, runs, errors, stopped } = answer
  const spent = moment(Math.round(head.wallMs / 100) * 100_000)
  const facts = `${counted(runs, 'run')} in ${spent}, seed ${head.seed}`
  const remarks = [
    ...(answer.guards.length === 0 || wasCutBefore(answer) ? [] : [targetSentence(answer)]),
    ...(errors === 0 ? [] : [`dmqsim failed in ${counted(errors, 'run')} with nothing missing`]),
    ...(stopped === 'time' ? ['stopped by the time limit'] : []),
    ...(stopped === 'interrupt' ? ['interrupted'] : []),
  ]
  return [
    ...wrap(scoreSentence(answer), page.width).map((line) => page.paint.bold(line)),
    ...remarks.flatMap((remark) => wrap(remark, page.width)),
    page.paint.dim(facts),
  ]
}

function targetSentence(answer: ScoreAnswer): string {
  const { decisive, noticedShare, neverDecisiveShare, met } = scoreTally(answer)
  const are = decisive === 1 ? 'was' : 'were'
  const both =
    `${counted(decisive, 'guard')} ${are} decisive in some run: ${percent(noticedShare)} of them ` +
    `noticed. ${percent(neverDecisiveShare)} of all were never decisive.`
  if (met === null) return both
  const least = percent(scoreTarget.noticed)
  const most = percent(scoreTarget.neverDecisive)
  return `${both} The target, ${least} and ${most}, is ${met ? 'met' : 'missed'}.`
}

function part<Row>(
  name: string,
  rows: readonly Row[],
  lines: (rows: readonly Row[], width: number) => string[],
  page: Page,
): string[] {
  if (rows.length === 0) return []
  return [title(name, page), ...lines(rows, page.width - 2).map((line) => `  ${line}`)]
}

function noticedTable(guards: readonly GuardScore[], width: number): string[] {
  const columns = [
    { title: 'guard' },
    { title: 'decisive', right: true },
    { title: 'pair', right: true },
    { title: 'by', wraps: true },
    { title: 'errors', right: true },
  ]
  const rows = guards.map((guard) => [
    guard.name,
    grouped(guard.decisive),
    guard.firstPair === null ? '–' : `${guard.firstPair + 1}`,
    by(guard),
    errors(guard),
  ])
  return table(columns, rows, width)
}

function silentTable(guards: readonly GuardScore[], width: number): string[] {
  const columns = [
    { title: 'guard' },
    { title: 'decisive', right: true },
    { title: 'pairs', right: true },
    { title: 'why', wraps: true },
    { title: 'errors', right: true },
  ]
  const rows = guards.map((guard) => [
    guard.name,
    grouped(guard.decisive),
    grouped(guard.pairs),
    why(guard),
    errors(guard),
  ])
  return table(columns, rows, width)
}

function levelTable(levels: readonly LevelScore[], width: number): string[] {
  const columns = [
    { title: 'level' },
    { title: 'runs', right: true },
    { title: 'noticed by', wraps: true },
    { title: 'errors', right: true },
  ]
  const rows = levels.map((one) => [
    `${one.feature}=${one.level}`,
    grouped(one.runs),
    one.noticed ? by(one) : why(one),
    errors(one),
  ])
  return table(columns, rows, width)
}

type Scored = GuardScore | LevelScore

function by(one: Scored): string {
  return `${one.by ?? ''} (${one.oracle ?? ''})`
}

function why({ reason, exercise }: Scored): string {
  return `${reason ?? ''} (${exercise})`
}

function errors({ internalErrors }: Scored): string {
  return internalErrors === 0 ? '–' : grouped(internalErrors)
}
