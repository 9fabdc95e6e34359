/**
 * The end of the capacity report: the command that plans again, the plan itself, and its tables
 * and curves as files.
 */

import type { PlanAnswer } from '../../../scenarios/plan/plan-answer.ts'
import { planCsv } from '../../csv/plan.ts'
import { csvLink } from '../figure.ts'
import { jsonScript, markup } from '../markup.ts'
import type { Section } from '../section.ts'

/** Where `dmqsim plan` finds the plan in a report. */
export const PLAN_ID = 'dmqsim-plan'

export function againSection(plan: PlanAnswer, command: string): Section {
  const links = planCsv(plan)
    .filter(({ curve }) => !curve)
    .map(({ name, title, text }) => markup`<li>${title} ${csvLink(name, text, title)}</li>`)
  return {
    id: 'again',
    title: 'Again',
    lead: 'The same plan once more, or with other bounds. It is inside this file.',
    body: markup`<div class="command"><code id="command">${command}</code><button type="button" data-copy="command">Copy</button></div>
<ul class="files">${links}</ul>
${jsonScript(PLAN_ID, plan.embedded)}
`,
  }
}
