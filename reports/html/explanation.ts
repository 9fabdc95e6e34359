/**
 * Why it broke: the account with its diagram, what it turned on, and what mends it.
 */

import type { Explanation } from '../../scenarios/explain/explain.ts'
import type { Mend, SideEffect } from '../../scenarios/explain/mend.ts'
import type { Account, Step } from '../../scenarios/explain/story.ts'
import { fullStop } from '../sentence.ts'
import { flipsText } from '../text/explanation.ts'
import { nameOf } from '../text/verdicts.ts'
import { markup, type Markup, nothing } from './markup.ts'
import type { Section } from './section.ts'
import { spaceTime } from './space-time.ts'
import { table } from './table.ts'

export function explanationSection(
  { accounts, pivot, mend, cone }: Explanation,
  mendCommand: string | null,
): Section {
  const told = accounts.map((account, at) => accountMarkup(account, at === 0 ? cone : null))
  return {
    id: 'explanation',
    title: 'How it broke',
    lead: 'Told from the run itself; what a flip or a setting does is shown by a run that has it.',
    body: markup`${told}
${pivot === null ? nothing : pivotMarkup(pivot)}
${mend === null ? nothing : mendMarkup(mend, mendCommand)}`,
  }
}

function accountMarkup(account: Account, cone: Explanation['cone']): Markup {
  const diagram =
    cone === null || cone.nodes.length === 0
      ? nothing
      : markup`<figure>${spaceTime(cone)}
<figcaption>Time goes down; a row is an event, numbers are those of the list. ${foldedText(cone.folded)}</figcaption></figure>`
  return markup`<article class="account"><h3>${nameOf(account)}</h3>
<p class="about">${fullStop(account.about)}</p>
<div class="told">${diagram}
<div><ol class="steps">${account.steps.map(stepMarkup)}</ol>
<p class="moral">${account.moral}</p></div></div></article>
`
}

function foldedText(folded: number): string {
  return folded === 0 ? '' : `${folded} events between them are folded.`
}

function stepMarkup({ atUs, text }: Step): Markup {
  const time = atUs === null ? '…' : `${(atUs / 1_000_000).toFixed(3)} s`
  return markup`<li><time>${time}</time> ${fullStop(text)}</li>
`
}

function pivotMarkup(pivot: NonNullable<Explanation['pivot']>): Markup {
  const { sentence, saved, told } = pivot
  const others = saved
    .filter((one) => one !== told)
    .map(
      ({ what, traceHash }) =>
        markup`<li>Also where ${what} (trace <code>${traceHash}</code>).</li>`,
    )
  return markup`<article class="account"><h3>What it turned on</h3>
<p>${sentence}</p>
<ul>${others}</ul>
<p class="about">${flipsText(pivot)}</p></article>
`
}

function mendMarkup({ tried, cases, searched }: Mend, command: string | null): Markup {
  const columns = [
    { title: 'Settings', prose: true },
    { title: 'Kept', number: true },
    { title: 'Why, and what else changes', prose: true },
  ]
  const rows = tried.map(({ sets, why, kept, of, others, refused }) => ({
    cells: [
      markup`${sets.map((set) => markup`<code>${set}</code> `)}`,
      refused === null ? markup`<span class="tally">${kept} of ${of}</span>` : 'cannot be',
      refused ?? `${why}${others.length === 0 ? '' : `; ${others.map(sideText).join('; ')}`}`,
    ],
    faint: refused !== null || kept < of,
  }))
  const paste =
    command === null
      ? nothing
      : markup`<div class="command"><code id="mend">${command}</code><button type="button" data-copy="mend">Copy</button></div>`
  return markup`<article class="account"><h3>What mends it</h3>
<p>${cases} of ${searched} seeds of this case broke it; the same ${cases} were run again with each setting.</p>
${rows.length === 0 ? markup`<p class="empty">No setting is known for it.</p>` : markup`<div class="mends">${table('What mends it', columns, rows)}</div>`}
${paste}</article>
`
}

function sideText({ check, scope, before, after }: SideEffect): string {
  return `${nameOf({ check, scope })} broke in ${before} and now in ${after}`
}
