/**
 * The top of the capacity report: the sentence that answers, whether it holds, the cluster, its
 * price, what is left of it, and what it gives way to first.
 */

import type { PlanAnswer } from '../../../scenarios/plan/plan-answer.ts'
import {
  clusterText,
  costText,
  currencyOf,
  drillText,
  factorText,
  figureText,
  firstWall,
  tightest,
} from '../../plan/words.ts'
import { fullStop, withoutStop } from '../../sentence.ts'
import { counted, grouped, percent } from '../../text/numbers.ts'
import type { Standing } from '../headline.ts'
import { markup, type Markup, nothing, type Piece } from '../markup.ts'

export function planHeadline(plan: PlanAnswer): Markup {
  const { tone, mark, words } = standing(plan)
  return markup`<header class="answer is-${tone}">
<p class="kicker"><span class="name">${plan.scenario}</span> <span>capacity plan</span> <span>seed ${plan.seed}</span></p>
<h1 class="long">${fullStop(plan.sentence)}</h1>
<p class="standing is-${tone}"><span aria-hidden="true">${mark}</span> ${words}</p>
<p class="question">${plan.question}</p>
${caution(plan)}
<dl class="facts">
${facts(plan).map(([name, value, note]) => fact(name, value, note))}
</dl>
</header>
`
}

function standing({ kind, feasible, drills, peak }: PlanAnswer): Standing {
  if (kind === 'peak') {
    const factor = peak?.factor ?? null
    if (factor === null) return { tone: 'bad', mark: '✗', words: 'Does not hold' }
    const words = `Holds up to ${factorText(factor)} the peak`
    return feasible ? { tone: 'good', mark: '✓', words } : { tone: 'bad', mark: '✗', words }
  }
  if (!feasible) return { tone: 'bad', mark: '✗', words: 'Nothing in the search space holds' }
  return { tone: 'good', mark: '✓', words: `Holds in ${counted(drills.length, 'drill')}` }
}

/** What keeps the answer from being more than a model's. */
function caution({ belief }: PlanAnswer): Markup {
  const { backtest, extrapolates } = belief
  const parts = [
    ...(backtest === null ? ['Not held against a measured cluster.'] : []),
    ...(extrapolates.length === 0
      ? []
      : [`Outside of what was validated: ${extrapolates.map(withoutStop).join('; ')}.`]),
  ]
  if (parts.length === 0) return nothing
  return markup`<p class="note warn">${parts.join(' ')} <a href="#believe">How far to believe</a></p>`
}

type Fact = readonly [name: string, value: string, note: string | null]

function facts(plan: PlanAnswer): readonly Fact[] {
  const { answer, window } = plan
  return [
    ...(answer === null ? [] : clusterFacts(plan, answer)),
    ...headroomFact(plan),
    ...wallFact(plan),
    [
      'Peak planned for',
      figureText(window.peakPerSecond, 'records/s'),
      figureText(window.peakBytesPerSecond, 'bytes/s'),
    ],
    [
      'Simulated',
      counted(plan.runs, 'run'),
      `${grouped(plan.search.simulated)} of ${counted(plan.search.of, 'candidate')}, ${counted(plan.seeds, 'seed')}`,
    ],
  ]
}

function clusterFacts(plan: PlanAnswer, answer: NonNullable<PlanAnswer['answer']>): Fact[] {
  const { cost } = plan
  const priced: Fact[] =
    cost === null
      ? [['Cost', 'no prices given', null]]
      : [['Cost', costText(cost.perHour, currencyOf(plan)), monthText(cost)]]
  return [
    ['Cluster', clusterText(answer), `${counted(answer.replicationFactor, 'replica')} each`],
    ['Partitions', grouped(answer.partitions), null],
    ['Consumers', grouped(answer.consumers), null],
    ['Producers', `batch ${grouped(answer['batch.size'])} B`, `linger ${answer['linger.ms']} ms`],
    ...priced,
  ]
}

/** 730 hours: the twelfth of a year. */
function monthText({ perHour, currency }: NonNullable<PlanAnswer['cost']>): string {
  return `${grouped(Math.round(perHour * 730))} ${currency} a month`
}

function headroomFact({ drills }: PlanAnswer): Fact[] {
  const [normal] = drills
  if (normal === undefined || normal.headroom === null) return []
  const least = tightest(drills)
  const note =
    least === undefined || least === normal || least.headroom === null
      ? normal.title
      : `${normal.title}; ${percent(Math.max(0, least.headroom))} with ${least.title}`
  return [['Headroom', percent(Math.max(0, normal.headroom)), note]]
}

function wallFact({ walls }: PlanAnswer): Fact[] {
  const first = firstWall(walls)
  if (first === undefined) return []
  const at = first.factor === null ? 'above all tried' : `${factorText(first.factor)} the peak`
  // The busiest resource then is in the sentence, where it is the cause.
  return [['First wall', at, `${first.what}, ${drillText(first.drill)}`]]
}

function fact(name: string, value: Piece, note: string | null): Markup {
  const small = note === null ? nothing : markup`<small>${note}</small>`
  return markup`<div><dt>${name}</dt><dd>${value}${small}</dd></div>
`
}
