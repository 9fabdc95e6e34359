/**
 * What stands folded under one line: the line says what is in it, so that nothing has to be opened
 * to know whether it matters.
 */

import { markup, type Markup, nothing, type Piece } from './markup.ts'

export interface Fold {
  readonly title: string
  /** What it comes to, in a few words; null where the title says it. */
  readonly brief: string | null
  readonly body: Piece
}

export function folded({ title, brief, body }: Fold): Markup {
  const said = brief === null ? nothing : markup` <span class="brief">${brief}</span>`
  return markup`<details class="more"><summary><b>${title}</b>${said}</summary>
${body}</details>
`
}
