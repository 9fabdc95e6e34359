/**
 * What gives way first as the traffic grows, and the three public formulas on the same figures.
 */

import type { FormulaAnswer, PlanAnswer, Wall } from '../../../scenarios/plan/plan-answer.ts'
import { drillText, factorText, figureText, formulaNames } from '../../plan/words.ts'
import { fullStop } from '../../sentence.ts'
import { counted, grouped, percent } from '../../text/numbers.ts'
import { folded } from '../folded.ts'
import { joined, markup, type Markup, nothing, type Piece } from '../markup.ts'
import { empty, type Section } from '../section.ts'
import { cardTable, type Row } from '../table.ts'

export function wallSection(plan: PlanAnswer): Section {
  return {
    id: 'walls',
    title: 'The walls in order',
    lead: 'What breaks first, second and so on, as the traffic grows.',
    body: markup`${peakLine(plan)}
${wallTable(plan.walls)}
${formulaPart(plan)}`,
  }
}

function peakLine({ peak }: PlanAnswer): Markup {
  if (peak === null) return nothing
  const { factor, recordsPerSecond, triedFrom, triedTo, resolution } = peak
  const tried = `Tried from ${factorText(triedFrom)} to ${factorText(triedTo)}, exact to ${resolution}.`
  if (factor === null) return markup`<p>Not even the least of the tried peaks holds. ${tried}</p>`
  const rate = recordsPerSecond === null ? '' : `, ${figureText(recordsPerSecond, 'records/s')}`
  return markup`<p>All thresholds hold up to <b>${factorText(factor)}</b> the peak${rate}. ${tried}</p>`
}

/** Bars end here: what is further away is no wall to plan for. */
const FACTOR_MAX = 4

/** Further ones are folded away. */
const SHOWN_MAX = 4

function wallTable(walls: readonly Wall[]): Markup {
  if (walls.length === 0) return empty('No wall was met in what was tried.')
  const most = Math.min(FACTOR_MAX, Math.max(1, ...walls.map(({ factor }) => factor ?? 0)))
  const columns = [
    { title: 'At the peak times' },
    { title: 'That is', whole: true },
    { title: 'What gives way', prose: true },
    { title: 'Drill', whole: true },
    { title: 'Known by', prose: true },
  ]
  const rows = walls.map((wall): Row => {
    const { order, recordsPerSecond, drill, sentence } = wall
    const rate = recordsPerSecond === null ? '–' : figureText(recordsPerSecond, 'records/s')
    return {
      cells: [bar(wall, most), rate, fullStop(sentence), drillText(drill), known(wall)],
      chosen: order === 1,
    }
  })
  const rest = rows.slice(SHOWN_MAX)
  const main = cardTable('Walls', columns, rows.slice(0, SHOWN_MAX))
  if (rest.length === 0) return main
  const further = walls.slice(SHOWN_MAX).map(({ factor, resource, what }) => {
    const at = factor === null ? '' : ` ${factorText(factor)}`
    return `${resource ?? what}${at}`
  })
  return markup`${main}
${folded({
  title: counted(rest.length, 'more wall'),
  brief: further.join(' · '),
  body: cardTable('More walls', columns, rest),
})}`
}

/** Its length says how far away the wall is; a line stands at the peak itself. */
function bar({ order, factor }: Wall, most: number): Piece {
  if (factor === null) return markup`${order}. above all tried`
  const share = Math.round(Math.min(1, factor / most) * 100)
  const peak = Math.round((1 / most) * 100)
  return markup`<span class="wall"><small>${order}</small><b>${factorText(factor)}</b><i style="--share:${share}%;--peak:${peak}%"></i></span>`
}

function known({ how, between }: Wall): string {
  if (how === 'extrapolated') return 'extrapolated from utilisation'
  if (between === null) return 'simulated'
  const [holds, breaks] = between
  return `simulated: holds at ${factorText(holds)}, breaks at ${factorText(breaks)}`
}

function formulaPart({ formulas, answer }: PlanAnswer): Markup {
  if (formulas.length === 0) return nothing
  const columns = [
    { title: 'Formula' },
    { title: 'Brokers', number: true },
    { title: 'Against this plan', number: true },
    { title: 'How', prose: true },
    { title: 'Source' },
  ]
  const rows = formulas.map((formula) => ({
    cells: [
      formulaNames[formula.name],
      brokersOf(formula),
      against(formula, answer?.brokers ?? null),
      markup`<code>${formula.formula}</code><br><span class="note-line">${inputsOf(formula)}</span>`,
      formula.source,
    ],
  }))
  const found = formulas.map((one) => `${formulaNames[one.name]} ${brokersOf(one)}`)
  return folded({
    title: 'Public formulas on the same figures',
    brief: `brokers by ${found.join(' · ')}`,
    body: markup`<p class="note-line">Rules of thumb of three clouds: they know neither thresholds nor drills.</p>
${cardTable('Formulas', columns, rows)}`,
  })
}

function brokersOf({ unit, value, brokers }: FormulaAnswer): string {
  if (unit === 'brokers') return grouped(value)
  return brokers === null
    ? `${grouped(value)} ${unit}`
    : `${grouped(brokers)} (${grouped(value)} ${unit})`
}

function against({ brokers }: FormulaAnswer, ours: number | null): string {
  if (brokers === null || ours === null) return '–'
  if (brokers === ours) return 'the same'
  const difference = Math.abs(brokers - ours)
  return `${grouped(difference)} ${brokers > ours ? 'more' : 'fewer'}`
}

function inputsOf({ inputs }: FormulaAnswer): Piece {
  const parts = inputs.map(({ name, value, unit }) =>
    unit === 'share' ? `${name} ${percent(value)}` : `${name} ${grouped(value)} ${unit}`.trim(),
  )
  return joined(parts, ' · ')
}
