/**
 * The end of the page: the command that replays, and the case itself.
 */

import type { Judged } from '../../scenarios/result.ts'
import { jsonScript, markup } from './markup.ts'
import type { Section } from './section.ts'

/** Where a replay finds the case in a report. */
export const CASE_ID = 'dmqsim-case'

export function replaySection({ result }: Judged, command: string): Section {
  return {
    id: 'replay',
    title: 'Replay',
    lead: 'The same run again, event for event. The case is inside this file.',
    body: markup`<div class="command"><code id="command">${command}</code><button type="button" data-copy="command">Copy</button></div>
${jsonScript(CASE_ID, result.case)}
`,
  }
}
