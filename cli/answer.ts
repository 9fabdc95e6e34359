/**
 * Gives an answer: the JSON alone, the first sentence alone, or the whole text.
 */

import type { Page } from '../reports/text/layout.ts'
import { page } from '../reports/text/layout.ts'
import { type AnswerFlags, wantsJson } from './flags.ts'
import type { Terminal } from './terminal.ts'

/** An answer in each of its forms. */
export interface Spoken {
  readonly json: () => unknown
  readonly text: (page: Page) => string
  /** For `--quiet`. */
  readonly sentence: () => string
  /** What `--quiet` adds to the sentence of an answer that is not as expected. */
  readonly again: string | null
}

/** An answer that is a list, and has no sentence. */
export type SpokenList = Pick<Spoken, 'json' | 'text'>

export function speak(terminal: Terminal, flags: AnswerFlags, spoken: Spoken | SpokenList): void {
  if (wantsJson(flags)) {
    terminal.out(`${JSON.stringify(spoken.json(), null, 2)}\n`)
  } else if (flags.quiet === true && 'sentence' in spoken) {
    const lines = [spoken.sentence(), ...(spoken.again === null ? [] : [spoken.again])]
    terminal.out(lines.map((line) => `${line}\n`).join(''))
  } else {
    terminal.out(spoken.text(page(terminal.columns, terminal.colour)))
  }
}
