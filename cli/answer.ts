/**
 * Gives an answer: the JSON alone, the first sentence alone, or the whole text.
 */

import type { Page } from '../reports/text/layout.ts'
import { page } from '../reports/text/layout.ts'
import { type AnswerFlags, wantsJson } from './flags.ts'
import type { Terminal } from './terminal.ts'

export interface Spoken {
  readonly json: () => unknown
  readonly text: (page: Page) => string
  /** For `--quiet`; absent: the whole text. */
  readonly sentence?: () => string
}

export function speak(terminal: Terminal, flags: AnswerFlags, spoken: Spoken): void {
  if (wantsJson(flags)) {
    terminal.out(`${JSON.stringify(spoken.json(), null, 2)}\n`)
  } else if (flags.quiet === true && spoken.sentence !== undefined) {
    terminal.out(`${spoken.sentence()}\n`)
  } else {
    terminal.out(spoken.text(page(terminal.columns, terminal.colour)))
  }
}
