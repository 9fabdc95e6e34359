/**
 * All verdicts as a list, what disappoints first: mark, check and scope, the sentence, and how it
 * stands to what was promised and expected.
 */

import type { Judged, Verdict, VerdictWord } from '../../scenarios/result.ts'
import { disappoints } from '../conclusion.ts'
import { grouped } from '../text/numbers.ts'
import { fullStop, marks } from '../text/verdicts.ts'
import { markup, type Markup, nothing } from './markup.ts'
import { empty, type Section } from './section.ts'

export function verdictSection({ verdicts }: Judged): Section {
  const rows = [...verdicts].sort((left, right) => weight(left) - weight(right))
  const body =
    rows.length === 0
      ? empty('The scenario asks for no check.')
      : markup`<ul class="verdicts">
${rows.map(row)}</ul>`
  return { id: 'verdicts', title: 'Verdicts', lead: tallyText(verdicts), body }
}

/** The order of the list. */
function weight(verdict: Verdict): number {
  if (disappoints(verdict)) return 0
  return { broken: 1, unknown: 2, kept: 3, vacuous: 4 }[verdict.verdict]
}

function tallyText(verdicts: readonly Verdict[]): string | null {
  const words: readonly VerdictWord[] = ['broken', 'unknown', 'kept', 'vacuous']
  const parts = words
    .map((word) => ({ word, count: verdicts.filter((one) => one.verdict === word).length }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${word}`)
  return parts.length === 0 ? null : parts.join(' · ')
}

function row(verdict: Verdict): Markup {
  const { check, scope, sentence, count } = verdict
  const word = verdict.verdict
  const seen = word === 'broken' && verdict.evidence.length > 0
  const more = seen ? markup` <a href="#${evidenceId(verdict)}">Evidence</a>` : nothing
  const amount =
    count === 0
      ? nothing
      : markup`<span class="count" title="records or events concerned">${grouped(count)}</span>`
  return markup`<li class="${word} ${disappoints(verdict) ? 'unwelcome' : ''}">
<span class="mark" aria-label="${word}">${marks[word]}</span>
<span class="check">${check}${scopeText(scope)}</span>
<span class="said">${fullStop(sentence)}${more}</span>
<span class="stand">${amount}<span>${standText(verdict)}</span></span>
</li>
`
}

function scopeText(scope: string): Markup {
  return scope === 'all' || scope === '' ? nothing : markup` <span class="scope">${scope}</span>`
}

function standText({ expected, promised }: Verdict): string {
  const promise = promised ? 'promised' : 'not promised'
  if (expected === null) return promise
  const words = { kept: 'expected: kept', breaks: 'expected: breaks', 'may-break': 'may break' }
  return `${promise}, ${words[expected]}`
}

/** The anchor of a verdict's evidence. */
export function evidenceId({ check, scope }: Verdict): string {
  return `evidence-${check}-${scope}`.replace(/[^\w-]/g, '-')
}
