/**
 * All verdicts as a list, what disappoints first: mark, check and scope, the sentence, and how it
 * stands to what was promised and expected. Scopes of one check that were kept or had nothing to
 * judge are one line that unfolds.
 */

import type { Judged, Verdict, VerdictWord } from '../../scenarios/result.ts'
import { disappoints } from '../conclusion.ts'
import { gathered, type Gathering, type Line } from '../gathered.ts'
import { fullStop } from '../sentence.ts'
import { counted, grouped } from '../text/numbers.ts'
import { marks } from '../text/verdicts.ts'
import { joined, markup, type Markup, nothing } from './markup.ts'
import { empty, type Section } from './section.ts'

export function verdictSection({ verdicts }: Judged): Section {
  const lines = [...gathered(verdicts)].sort((left, right) => weight(left) - weight(right))
  const body = lines.length === 0 ? empty('The scenario asks for no check.') : list(lines)
  return { id: 'verdicts', title: 'Verdicts', lead: tallyText(verdicts), body }
}

/** The order of the list. */
function weight(line: Line): number {
  if ('alone' in line && disappoints(line.alone)) return 0
  const { verdict } = 'alone' in line ? line.alone : line.together
  return { broken: 1, unknown: 2, kept: 3, vacuous: 4 }[verdict]
}

function tallyText(verdicts: readonly Verdict[]): string | null {
  const words: readonly VerdictWord[] = ['broken', 'unknown', 'kept', 'vacuous']
  const parts = words
    .map((word) => ({ word, count: verdicts.filter((one) => one.verdict === word).length }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${word}`)
  return parts.length === 0 ? null : parts.join(' · ')
}

function list(lines: readonly Line[]): Markup {
  const rows = lines.map((line) => ('alone' in line ? row(line.alone) : folded(line.together)))
  return markup`<ul class="verdicts">
${rows}</ul>`
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
  return markup`<li class="line ${word} ${disappoints(verdict) ? 'unwelcome' : ''}">
${markOf(word)}
<span class="check">${check}${scopeText(scope)}</span>
<span class="said">${fullStop(sentence)}${more}</span>
<span class="stand">${amount}<span>${standText(verdict)}</span></span>
</li>
`
}

/** Several scopes: their names, and on demand their sentences. */
function folded({ check, verdict, kept, vacuous }: Gathering): Markup {
  const all = [...kept, ...vacuous]
  const stands = [...new Set(all.map(standText))]
  const stand = stands.length === 1 ? stands[0] : 'differs by scope'
  const parts = [scopesText('kept in', kept), scopesText('nothing to judge in', vacuous)]
  const said = parts.filter((part) => part !== null)
  return markup`<li class="${verdict}"><details>
<summary class="line">
${markOf(verdict)}
<span class="check">${check}</span>
<span class="said">${joined(said, ' · ')}</span>
<span class="stand">${stand ?? ''}</span>
</summary>
<ul class="verdicts">
${all.map(row)}</ul>
</details></li>
`
}

function scopesText(words: string, verdicts: readonly Verdict[]): Markup | null {
  if (verdicts.length === 0) return null
  const scopes = verdicts.map(({ scope }) => scope).join(', ')
  const count = counted(verdicts.length, 'scope')
  return markup`${words} ${count}: <span class="scope">${scopes}</span>`
}

function markOf(word: VerdictWord): Markup {
  return markup`<span class="mark" role="img" aria-label="${word}">${marks[word]}</span>`
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
