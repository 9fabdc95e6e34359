/**
 * What another cluster or other traffic would do, and which assumption the answer hangs on.
 */

import type { PlanAnswer, Sensitivity, WhatIf } from '../../../scenarios/plan/plan-answer.ts'
import {
  amountText,
  bottleneckText,
  changeText,
  costTitle,
  currencyOf,
  figureText,
  intervalText,
  pointsText,
  sourceNames,
} from '../../plan/words.ts'
import {
  assumedNote,
  baseText,
  doubtName,
  effectText,
  endText,
  movingDoubts,
  sourceText,
  stillText,
  thenText,
} from '../../plan/doubts.ts'
import { grouped, percent } from '../../text/numbers.ts'
import { folded } from '../folded.ts'
import { markup, type Markup, nothing, type Piece } from '../markup.ts'
import { empty, type Section } from '../section.ts'
import { cardTable, type Row } from '../table.ts'

export function sensitivitySection(plan: PlanAnswer): Section {
  const { whatIf, sensitivity, doubts } = plan
  const nothingAsked = whatIf.length === 0 && sensitivity.length === 0 && doubts === null
  return {
    id: 'sensitivity',
    title: 'What if',
    lead: nothingAsked ? null : 'The answer with one thing changed, simulated anew.',
    body: nothingAsked
      ? empty('Nothing was varied.')
      : markup`${whatIfTable(plan)}
${doubtTable(plan)}
${sensitivityTable(plan)}`,
  }
}

function whatIfTable(plan: PlanAnswer): Markup {
  const { whatIf } = plan
  if (whatIf.length === 0) return nothing
  const columns = [
    { title: 'Change' },
    { title: 'Holds', prose: true },
    { title: 'Busiest in normal running', prose: true },
    { title: 'Headroom', number: true },
    { title: 'End-to-end p99', number: true, short: 'p99' },
    { title: 'Backlog at most', number: true, short: 'Backlog' },
    { title: costTitle(currencyOf(plan)), number: true },
  ]
  return cardTable('What if', columns, whatIf.map(whatIfRow))
}

function whatIfRow(one: WhatIf): Row {
  const { change, met, failed, bottleneck, headroom, endToEndP99, backlogPeak } = one
  const holds = met
    ? markup`<span class="good">✓ holds</span>`
    : markup`<span class="bad">✗ misses</span> ${failed.join('; ')}`
  const cells: Piece[] = [
    change,
    holds,
    bottleneckText(bottleneck),
    headroom === null ? '–' : percent(Math.max(0, headroom)),
    estimated(endToEndP99, 'ms'),
    estimated(backlogPeak, 'records'),
    amountText(one.costPerHour),
  ]
  return { cells }
}

function estimated(estimate: WhatIf['endToEndP99'], unit: 'ms' | 'records'): Piece {
  if (estimate === null) return '–'
  const interval = intervalText(estimate, unit)
  const note = interval === null ? nothing : markup`<small>${interval}</small>`
  return markup`<span class="found">${figureText(estimate.value, unit)}${note}</span>`
}

function doubtTable({ doubts }: PlanAnswer): Markup {
  if (doubts === null || doubts.inputs.length === 0) return nothing
  const columns = [
    { title: 'Input', prose: true },
    { title: 'It is', whole: true },
    { title: 'Low', whole: true },
    { title: 'High', whole: true },
    { title: 'Moves', number: true },
    { title: 'Then', prose: true },
  ]
  const moving = movingDoubts(doubts)
  const rows = moving.map((one): Row => {
    const assumed = one.source === 'default'
    const cells: Piece[] = [
      assumed ? markup`<b class="warn-text">${doubtName(one)}</b>` : doubtName(one),
      sourceText(one),
      endText(one.low),
      endText(one.high),
      effectText(one),
      thenText(one, doubts),
    ]
    return { cells }
  })
  const still = stillText(doubts)
  return markup`<h3>Inputs that move the nearest threshold most</h3>
<p class="note-line">Nearest: ${baseText(doubts)}. Low and high are what is left of it with the input at that bound. ${assumedNote}</p>
${rows.length === 0 ? nothing : cardTable('Doubted inputs', columns, rows)}
${still === null ? nothing : markup`<p class="note-line">${still}</p>`}`
}

function sensitivityTable(plan: PlanAnswer): Markup {
  if (plan.sensitivity.length === 0) return nothing
  const columns = [
    { title: 'If this were otherwise', prose: true },
    { title: 'It is', whole: true },
    { title: 'The answer would be', prose: true },
    { title: costTitle(currencyOf(plan)), number: true },
    { title: 'Busiest resource', number: true, short: 'Busiest' },
  ]
  const shown = plan.sensitivity.filter(({ moves }, at) => moves || at < SHOWN_MIN)
  const others = plan.sensitivity.filter((one) => !shown.includes(one))
  const tableOf = (label: string, ones: readonly Sensitivity[]): Markup =>
    cardTable(
      label,
      columns,
      ones.map((one) => sensitivityRow(one, plan)),
    )
  return markup`<h3>What the answer hangs on</h3>
<p class="note-line">What would be answered if one figure were another; the last column is how the busiest resource of the present answer changes, in points of its utilisation.</p>
${tableOf('Sensitivity', shown)}
${
  others.length === 0
    ? nothing
    : folded({
        title: `${grouped(others.length)} more`,
        brief: 'the answer stays',
        body: tableOf('More of the sensitivity', others),
      })
}`
}

/** Those with the greatest effect come first; so many are shown though the answer stays. */
const SHOWN_MIN = 3

function sensitivityRow(one: Sensitivity, plan: PlanAnswer): Row {
  const { assumption, source, answer, costPerHour, moves, utilisationChange } = one
  const changed = changeText(answer, plan.answer)
  const cells: Piece[] = [
    assumption,
    sourceNames[source],
    moves ? markup`<b class="warn-text">${changed}</b>` : changed,
    amountText(costPerHour),
    pointsText(utilisationChange),
  ]
  return { cells, faint: !moves }
}
