/**
 * The sections of the page: their names in the navigation and their frame.
 */

import { markup, type Markup, nothing, type Piece } from './markup.ts'

export interface Section {
  /** Anchor. */
  readonly id: string
  readonly title: string
  /** One line under the title; null where the title says it. */
  readonly lead: string | null
  readonly body: Piece
}

export function sectionMarkup({ id, title, lead, body }: Section): Markup {
  const line = lead === null ? nothing : markup`<p class="lead">${lead}</p>`
  return markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${line}
${body}
</section>
`
}

export function navigation(sections: readonly Section[]): Markup {
  const items = sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)
  return markup`<nav aria-label="Sections"><ul>${items}</ul></nav>`
}

/** What stands where there is nothing to show. */
export function empty(sentence: string): Markup {
  return markup`<p class="empty">${sentence}</p>`
}
