/**
 * One line a verdict: its mark, check and scope, and beside them the sentence and the evidence.
 */

import type { Verdict, VerdictWord } from '../../scenarios/result.ts'
import { disappoints } from '../conclusion.ts'
import { gathered, type Gathering } from '../gathered.ts'
import { fullStop } from '../sentence.ts'
import { type Page, title, wrap } from './layout.ts'

export const marks: Readonly<Record<VerdictWord, string>> = {
  kept: '✓',
  broken: '✗',
  unknown: '?',
  vacuous: '–',
}

const EVIDENCE_SHOWN = 3
/** Pieces that a verdict carries at most. */
const EVIDENCE_CARRIED = 5
/** Share of the width that names of checks may take; longer ones get a line of their own. */
const NAMES_SHARE = 0.35

export function verdictLines(verdicts: readonly Verdict[], page: Page): string[] {
  if (verdicts.length === 0) return []
  const shown = gathered(verdicts).map((line) =>
    'alone' in line ? line.alone : asOne(line.together),
  )
  const widest = Math.max(...shown.map((one) => nameOf(one).length))
  const indent = Math.min(Math.floor(page.width * NAMES_SHARE), widest + 6)
  return [title('Verdicts', page), ...shown.flatMap((one) => lines(one, indent, page))]
}

/** Several scopes of one check as a verdict of the whole check. */
function asOne({ kept, vacuous, sentence }: Gathering): Verdict {
  const [first] = kept.length > 0 ? kept : vacuous
  return { ...(first as Verdict), scope: 'all', sentence }
}

function lines(verdict: Verdict, indent: number, page: Page): string[] {
  const { paint, width } = page
  const name = nameOf(verdict)
  const room = width - indent
  const said = wrap(`${fullStop(verdict.sentence)}${expectation(verdict)}`, room)
  const evidence = shownEvidence(verdict, room)
  const beside = [...said, ...evidence.map((line) => paint.dim(line))]
  const head = `  ${marks[verdict.verdict]} ${name}`
  const colour = colourOf(verdict, page)
  if (head.length + 2 > indent) {
    return [colour(head), ...beside.map((line) => `${' '.repeat(indent)}${line}`)]
  }
  return beside.map((line, at) =>
    at === 0 ? `${colour(head.padEnd(indent))}${line}` : `${' '.repeat(indent)}${line}`,
  )
}

interface Named {
  readonly check: string
  readonly scope: string
}

export function nameOf({ check, scope }: Named): string {
  return scope === 'all' || scope === '' ? check : `${check} ${scope}`
}

function shownEvidence({ verdict, evidence, count }: Verdict, room: number): string[] {
  if (verdict === 'kept') return []
  const shown = evidence.slice(0, EVIDENCE_SHOWN)
  const pieces = shown.flatMap(({ sentence }) =>
    wrap(fullStop(sentence), room - 2).map((line, at) => `${at === 0 ? '· ' : '  '}${line}`),
  )
  // A verdict that carries fewer pieces than it may has nothing that it left out.
  const all =
    evidence.length < EVIDENCE_CARRIED ? evidence.length : Math.max(count, evidence.length)
  const more = all - shown.length
  return shown.length > 0 && more > 0 ? [...pieces, `· and ${more} more`] : pieces
}

/** What the scenario says about it, where that is worth a word. */
function expectation(verdict: Verdict): string {
  const { expected, promised } = verdict
  if (disappoints(verdict)) {
    return expected === null ? ' (promised)' : ` (expected: ${expected})`
  }
  if (verdict.verdict === 'kept' || verdict.verdict === 'vacuous') {
    return expected === 'breaks' ? ' (expected: breaks, in some runs)' : ''
  }
  if (expected === 'breaks') return ' (as expected)'
  if (expected === 'may-break') return ' (may break)'
  return promised ? '' : ' (not promised)'
}

function colourOf(verdict: Verdict, { paint }: Page): (text: string) => string {
  if (disappoints(verdict)) return (text) => paint.bold(paint.red(text))
  const byWord = {
    kept: paint.green,
    broken: paint.yellow,
    unknown: paint.yellow,
    vacuous: paint.dim,
  }
  return byWord[verdict.verdict]
}
