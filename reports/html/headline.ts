/**
 * The top of the page: the sentence that answers, how it stands to what was expected, and the
 * question it answers.
 */

import type { Judged } from '../../scenarios/result.ts'
import { type Finding, runFindings } from '../conclusion.ts'
import { counted, grouped, virtualTime } from '../text/numbers.ts'
import { fullStop } from '../sentence.ts'
import { markup, type Markup, nothing } from './markup.ts'

export type Tone = 'good' | 'bad' | 'warn'

export interface Standing {
  readonly tone: Tone
  readonly mark: string
  readonly words: string
}

/** Characters from which on a sentence is set smaller. */
const LONG = 90

export function headline(judged: Judged): Markup {
  const { result, scenario } = judged
  const { tone, mark, words } = standingOf(judged)
  return markup`<header class="answer is-${tone}">
<p class="kicker"><span class="name">${scenario.name}</span> <span>seed ${result.case.seed}</span></p>
<h1 class="${judged.sentence.length > LONG ? 'long' : ''}">${fullStop(judged.sentence)}</h1>
<p class="standing is-${tone}"><span aria-hidden="true">${mark}</span> ${words}</p>
<p class="question">${scenario.question}</p>
${endedNote(judged)}
<dl class="facts">
${fact('Virtual time', virtualTime(result.virtualUs).replace(' virtual', ''))}
${fact('Events', grouped(result.events))}
${fact('Records sent', grouped(judged.measures.operations.invoked))}
${fact('Acknowledged', grouped(judged.measures.operations.ok))}
${fact('Ended', result.ended)}
${fact('Trace', markup`<code>${result.traceHash}</code>`)}
</dl>
</header>
`
}

function fact(name: string, value: string | Markup): Markup {
  return markup`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

/** Why a run did not come to its end. */
function endedNote({ result: { ended, reason } }: Judged): Markup {
  if (ended === 'drained') return nothing
  if (ended === 'aborted') {
    return markup`<p class="note warn">A threshold ended the run early: ${reason ?? ''}.</p>`
  }
  const why = reason === null ? ended : `${ended}: ${reason}`
  return markup`<p class="note warn">The run did not drain (${why}).</p>`
}

export function standingOf(judged: Judged): Standing {
  if (judged.verdicts.length === 0) return { tone: 'warn', mark: '–', words: 'No check asked for' }
  const findings = runFindings(judged)
  const [first] = findings
  if (first === undefined) return { tone: 'good', mark: '✓', words: expectedWords(judged) }
  const words = findings.map((finding) => wordsOf(finding, judged)).join(' · ')
  const bad = first !== 'nothing-proved' && first !== 'threshold-missed' && first !== 'time-limit'
  return bad ? { tone: 'bad', mark: '✗', words } : { tone: 'warn', mark: '?', words }
}

/** What broke and was reckoned with is not passed over. */
function expectedWords({ verdicts }: Judged): string {
  const broken = verdicts.filter((one) => one.verdict === 'broken')
  if (broken.length === 0) return 'As expected'
  const surely = broken.every((one) => one.expected === 'breaks')
  const checks = new Set(broken.map(({ check }) => check)).size
  const may = checks === 1 ? 'as it may' : 'as they may'
  return `As expected · ${counted(checks, 'check')} broke, ${surely ? 'as the scenario says' : may}`
}

function wordsOf(finding: Finding, { verdicts }: Judged): string {
  if (finding !== 'not-as-expected') return findingWords[finding]
  const broke = verdicts.some((one) => one.verdict === 'broken' && !one.asExpected)
  return broke ? 'A promise broke' : 'Not as expected'
}

const findingWords: Readonly<Record<Exclude<Finding, 'not-as-expected'>, string>> = {
  nondeterminism: 'Not deterministic',
  'internal-error': 'Internal error of dmqsim',
  'nothing-proved': 'Nothing proved',
  'threshold-missed': 'Threshold missed',
  'time-limit': 'Time limit reached',
}
