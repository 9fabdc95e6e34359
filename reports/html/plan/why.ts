/**
 * Why this cluster: the candidates by price, and what each cheaper one misses; what it costs.
 */

import type { Candidate, Cost, PlanAnswer } from '../../../scenarios/plan/plan-answer.ts'
import {
  amountText,
  bottleneckText,
  clusterText,
  costText,
  costTitle,
  currencyOf,
  fixedText,
  reasonText,
  stateText,
  varyingColumns,
} from '../../plan/words.ts'
import { counted, grouped } from '../../text/numbers.ts'
import { folded } from '../folded.ts'
import { markup, type Markup, nothing, type Piece } from '../markup.ts'
import { empty, type Section } from '../section.ts'
import { cardTable, type Row } from '../table.ts'

/** So many of those that were simulated stand on either side of the answer; others are folded. */
const CHEAPER_SHOWN = 4
const DEARER_SHOWN = 2

export function whySection(plan: PlanAnswer): Section {
  const { candidates } = plan
  const body =
    candidates.length === 0
      ? empty('There is one setting and nothing to choose from.')
      : markup`${nextCheaper(plan)}
${candidateTables(plan)}
${how(plan)}`
  return {
    id: 'why',
    title: 'Why this cluster',
    lead: leadOf(plan),
    body: markup`${body}
${costs(plan.cost)}`,
  }
}

function leadOf({ candidates, search }: PlanAnswer): string {
  const counts = [
    `${counted(search.of, 'candidate')}`,
    `${grouped(search.simulated)} simulated`,
    `${grouped(search.ruledOut)} ruled out`,
    `${grouped(search.notRun)} not run`,
  ].join(' · ')
  const fixed = fixedText(candidates)
  return fixed === '' ? `${counts}.` : `${counts}. All have ${fixed}.`
}

function nextCheaper(plan: PlanAnswer): Markup {
  const { nextCheaper: next } = plan
  if (next === null) {
    const none = plan.feasible ? 'No cheaper candidate is in the search space.' : null
    return none === null ? nothing : markup`<p>${none}</p>`
  }
  const price =
    next.costPerHour === null ? '' : ` at ${costText(next.costPerHour, currencyOf(plan))}`
  const verb = next.state === 'ruled-out' ? 'is ruled out:' : 'misses'
  return markup`<p>The next cheaper one, ${clusterText(next)}${price}, ${verb} <b>${reasonText(next)}</b>.</p>`
}

function candidateTables(plan: PlanAnswer): Markup {
  const { candidates } = plan
  const shown = aroundAnswer(candidates)
  const others = candidates.filter((one) => !shown.includes(one))
  const main = shown.length === 0 ? nothing : tableOf(plan, 'Candidates', shown)
  if (others.length === 0) return main
  return markup`${main}
${folded({
  title: counted(others.length, 'more candidate'),
  brief: countsText(others),
  body: tableOf(plan, 'More candidates', others),
})}`
}

/** The dearest that missed where nothing holds: they came closest. */
function aroundAnswer(candidates: readonly Candidate[]): readonly Candidate[] {
  const telling = candidates.filter(isTelling)
  const found = telling.findIndex(({ state }) => state === 'answer')
  const at = found === -1 ? telling.length : found
  return telling.slice(Math.max(0, at - CHEAPER_SHOWN), at + 1 + DEARER_SHOWN)
}

/** `5 miss · 18 ruled out · 31 not run` */
function countsText(candidates: readonly Candidate[]): string {
  const states = [
    ['met', 'hold'],
    ['missed', 'miss'],
    ['ruled-out', 'ruled out'],
    ['not-run', 'not run'],
  ] as const
  const counts = states.flatMap(([state, words]) => {
    const count = candidates.filter((one) => one.state === state).length
    return count === 0 ? [] : [`${grouped(count)} ${words}`]
  })
  return counts.join(' · ')
}

function isTelling({ state }: Candidate): boolean {
  return state === 'answer' || state === 'met' || state === 'missed'
}

function tableOf(plan: PlanAnswer, label: string, candidates: readonly Candidate[]): Markup {
  const settings = varyingColumns(plan.candidates)
  const priced = plan.candidates.some(({ costPerHour }) => costPerHour !== null)
  const columns = [
    { title: 'Result' },
    ...settings.map(({ title, number }) => ({ title, number })),
    ...(priced ? [{ title: costTitle(currencyOf(plan)), number: true }] : []),
    { title: 'Runs', number: true },
    { title: 'What it misses', prose: true },
    { title: 'Busiest in normal running', prose: true },
  ]
  const rows = candidates.map((one): Row => {
    const cells: Piece[] = [
      result(one),
      ...settings.map(({ of }) => of(one)),
      ...(priced ? [amountText(one.costPerHour)] : []),
      grouped(one.runs),
      reasonText(one) || '–',
      bottleneckText(one.bottleneck),
    ]
    return { cells, chosen: one.state === 'answer', faint: !isTelling(one) }
  })
  return cardTable(label, columns, rows)
}

function result(candidate: Candidate): Markup {
  const tone = { answer: 'good', met: 'good', missed: 'bad' }[candidate.state as 'answer'] ?? ''
  const mark = { answer: '✓ ', met: '✓ ', missed: '✗ ' }[candidate.state as 'answer'] ?? ''
  return markup`<span class="${tone}">${mark}${stateText(candidate)}</span>`
}

function how({ search }: PlanAnswer): Markup {
  if (search.how.length === 0) return nothing
  const lines = search.how.map((sentence) => markup`<li>${sentence}</li>`)
  const body = markup`<ul class="plain">${lines}</ul>`
  return folded({ title: 'How the search went', brief: null, body })
}

function costs(cost: Cost | null): Markup {
  if (cost === null) {
    return markup`<p class="note-line">No prices were given: candidates are in the order of their size.</p>`
  }
  const { currency } = cost
  const columns = [
    { title: 'What' },
    { title: 'Price', number: true },
    { title: costTitle(currency), number: true },
  ]
  const items = cost.items.map(({ what, price, unit, perHour }) => ({
    cells: [what, `${grouped(price)} ${currency} ${unit}`, amountText(perHour)],
  }))
  const sum = { cells: ['together', '', amountText(cost.perHour)], chosen: true }
  const shares = cost.items.map(({ what, perHour }) => `${what} ${amountText(perHour)}`)
  return folded({
    title: `What it costs: ${costText(cost.perHour, currency)}`,
    brief: shares.join(' · '),
    body: cardTable('Costs', columns, [...items, sum]),
  })
}
