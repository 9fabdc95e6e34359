/**
 * The answer of `dmqsim score`: which guards are noticed when they are missing, and why others
 * are not.
 */

import type { GuardScore, ScoreAnswer } from '../answer.ts'
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
    ),
  )
}

export function scoreSentence({ guards }: ScoreAnswer): string {
  const noticed = guards.filter((guard) => guard.noticed).length
  const share = guards.length === 0 ? 0 : noticed / guards.length
  return (
    `Of ${counted(guards.length, 'guard')} turned off one at a time, ` +
    `${grouped(noticed)} (${percent(share)}) were noticed by a verdict.`
  )
}

function headLines(answer: ScoreAnswer, page: Page): string[] {
  const { head, runs, errors, stopped } = answer
  const spent = moment(Math.round(head.wallMs / 100) * 100_000)
  const facts = `${counted(runs, 'run')} in ${spent}, seed ${head.seed}`
  const remarks = [
    targetSentence(answer),
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

function part(
  name: string,
  guards: readonly GuardScore[],
  lines: (guards: readonly GuardScore[], width: number) => string[],
  page: Page,
): string[] {
  if (guards.length === 0) return []
  return [title(name, page), ...lines(guards, page.width - 2).map((line) => `  ${line}`)]
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
    `${guard.by ?? ''} (${guard.oracle ?? ''})`,
    guard.internalErrors === 0 ? '–' : grouped(guard.internalErrors),
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
    `${guard.reason ?? ''} (${guard.exercise})`,
    guard.internalErrors === 0 ? '–' : grouped(guard.internalErrors),
  ])
  return table(columns, rows, width)
}
