/**
 * HTML as a value: text is escaped unless it is markup already.
 *
 * The only way from a string of a user to the page is through `markup`, which escapes it, so that
 * no section has to remember to. Left out: attributes without quotes, and script or style content,
 * which have rules of their own (`jsonScript`, `page.ts`).
 */

export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What may stand in a hole of a template; null leaves nothing. */
export type Piece = Markup | string | number | null | readonly Piece[]

/** A template whose holes are escaped; attribute values must stand in double quotes. */
export function markup(parts: TemplateStringsArray, ...holes: readonly Piece[]): Markup {
  let text = parts[0] ?? ''
  holes.forEach((hole, at) => {
    text += written(hole) + (parts[at + 1] ?? '')
  })
  return new Markup(text)
}

export const nothing: Markup = new Markup('')

function written(piece: Piece): string {
  if (piece === null) return ''
  if (piece instanceof Markup) return piece.text
  if (typeof piece === 'string') return escaped(piece)
  if (typeof piece === 'number') return String(piece)
  return piece.map(written).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Safe as element content and inside a quoted attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

/**
 * JSON inside a script element. The parser of HTML looks for `</script` and `<!--` in it before
 * anybody reads JSON, so no `<` may stand there; inside a JSON string its escape means the same.
 */
export function jsonScript(id: string, value: unknown): Markup {
  const json = JSON.stringify(value).replaceAll('<', '\\u003c')
  return markup`<script type="application/json" id="${id}">${new Markup(json)}</script>`
}

/** Pieces with another between them. */
export function joined(pieces: readonly Piece[], between: string): readonly Piece[] {
  return pieces.flatMap((piece, at) => (at === 0 ? [piece] : [between, piece]))
}
