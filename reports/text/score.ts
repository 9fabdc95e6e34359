/**
 * The answer of `dmqsim score`: which guards are noticed when they are missing, and why others
 * are not.
 */

import type { GuardScore, ScoreAnswer } from '../answer.ts'
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
  const { head, runs } = answer
  const spent = moment(Math.round(head.wallMs / 100) * 100_000)
  const facts = `${counted(runs, 'run')} in ${spent}, seed ${head.seed}`
  const lines = wrap(scoreSentence(answer), page.width)
  return [...lines.map((line) => page.paint.bold(line)), page.paint.dim(facts)]
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
