/**
 * All verdicts as a list, what disappoints first: mark, check and scope, the sentence, and how it
 * stands to what was promised and expected. Scopes of one check that were all kept are one line
 * that unfolds.
 */

import type { Judged, Verdict, VerdictWord } from '../../scenarios/result.ts'
import { disappoints } from '../conclusion.ts'
import { grouped } from '../text/numbers.ts'
import { fullStop, marks } from '../text/verdicts.ts'
import { markup, type Markup, nothing } from './markup.ts'
import { empty, type Section } from './section.ts'

/** Kept scopes of one check from which on they are folded. */
const FOLDED_FROM = 2

export function verdictSection({ verdicts }: Judged): Section {
  const ordered = [...verdicts].sort((left, right) => weight(left) - weight(right))
  const body = ordered.length === 0 ? empty('The scenario asks for no check.') : list(ordered)
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

function list(verdicts: readonly Verdict[]): Markup {
  const groups = new Map<string, Verdict[]>()
  for (const verdict of verdicts) {
    const name = `${verdict.check} ${verdict.verdict}`
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [verdict])
    else group.push(verdict)
  }
  const rows = [...groups.values()].flatMap((group) => {
    const foldable = group.length >= FOLDED_FROM && group[0]?.verdict === 'kept'
    return foldable ? [folded(group)] : group.map(row)
  })
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

/** Kept in every scope: their names, and on demand their sentences. */
function folded(verdicts: readonly Verdict[]): Markup {
  const scopes = verdicts.map(({ scope }) => scope).join(', ')
  const stands = [...new Set(verdicts.map(standText))]
  const stand = stands.length === 1 ? stands[0] : 'differs by scope'
  return markup`<li class="kept"><details>
<summary class="line">
${markOf('kept')}
<span class="check">${verdicts[0]?.check ?? ''}</span>
<span class="said">kept in ${verdicts.length} scopes: <span class="scope">${scopes}</span></span>
<span class="stand">${stand ?? ''}</span>
</summary>
<ul class="verdicts">
${verdicts.map(row)}</ul>
</details></li>
`
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
