/**
 * The space-time diagram of a causal cone: a column a process, time downwards, messages as lines.
 *
 * An SVG without script. Rows are events, not seconds, so that a burst can be read beside a long
 * wait; the time stands at each numbered step. The steps' sentences stand in the list beside it.
 * What a message is called stands to the right of the row in which it comes, where the page is
 * wide; it is told of each line as well.
 */

import type { Cone, ConeNode } from '../../scenarios/explain/cone.ts'
import { markup, type Markup, nothing } from './markup.ts'

const GUTTER = 62
const ROW = 22
const FOOT = 14
/** What a page of 360 pixels has room for: columns draw together so that most diagrams fit it. */
const ROOM = 310
const COLUMN_MAX = 40
const COLUMN_MIN = 28
/** A letter of a name that stands aslant, to the right and upwards. */
const LETTER_RIGHT = 3.8
const LETTER_UP = 5.2
const HEAD_MIN = 60

interface Layout {
  readonly width: number
  readonly height: number
  /** Where the names end and the rows begin. */
  readonly head: number
  readonly x: (process: string) => number
}

/** Names of any length stand whole: they decide the head and the room to the right. */
function layoutOf({ processes, nodes }: Cone): Layout {
  const longest = Math.max(...processes.map((process) => process.length))
  const head = Math.max(HEAD_MIN, Math.ceil(longest * LETTER_UP) + 16)
  const overhang = Math.ceil((processes.at(-1)?.length ?? 0) * LETTER_RIGHT)
  const fitting = Math.floor((ROOM - GUTTER - overhang) / Math.max(1, processes.length - 0.5))
  const column = Math.min(COLUMN_MAX, Math.max(COLUMN_MIN, fitting))
  const x = (process: string): number => GUTTER + (processes.indexOf(process) + 0.5) * column
  const right = Math.max(...processes.map((one) => x(one) + one.length * LETTER_RIGHT + 2))
  const width = Math.ceil(Math.max(right, x(processes.at(-1) ?? '') + 12))
  return { width, height: head + nodes.length * ROW + FOOT, head, x }
}

export function spaceTime(cone: Cone): Markup {
  if (cone.nodes.length === 0) return nothing
  const { processes, nodes, edges } = cone
  const layout = layoutOf(cone)
  const { width, height, head, x } = layout
  const y = (id: number): number => head + (id + 0.5) * ROW
  const spot = (id: number): { x: number; y: number } => ({
    x: x(nodes[id]?.process ?? ''),
    y: y(id),
  })
  const lines = edges.map(({ from, to, message }) => {
    const start = spot(from)
    const end = spot(to)
    const d = `M${start.x} ${start.y}L${end.x} ${end.y}`
    return markup`<path class="message" d="${d}" marker-end="url(#arrow)"><title>${message}</title></path>`
  })
  return markup`<div class="scroll space-time" role="region" tabindex="0" aria-label="Space-time diagram">
<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Events of ${processes.length} processes in the order of time, and the messages between them">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="12" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
${processes.map((process) => columnMarkup(process, layout))}
${lines}
${nodes.map((node) => nodeMarkup(node, spot(node.id)))}
${edges.map((edge) => nameMarkup(edge.message, { x: x(processes.at(-1) ?? '') + 16, y: y(edge.to) }))}
</svg></div>`
}

/** Over the edge of the picture, which a narrow page ends with its columns. */
function nameMarkup(message: string, { x, y }: { x: number; y: number }): Markup {
  return markup`<text class="name" x="${x}" y="${y + 4}" aria-hidden="true">${message}</text>
`
}

function columnMarkup(process: string, { x, head, height }: Layout): Markup {
  const at = x(process)
  return markup`<g class="process"><line x1="${at}" x2="${at}" y1="${head}" y2="${height - FOOT}"/>
<text x="${at}" y="${head - 8}" transform="rotate(-52 ${at} ${head - 8})">${process}</text></g>
`
}

function nodeMarkup(
  { step, label, atUs, process }: ConeNode,
  { x, y }: { x: number; y: number },
): Markup {
  const time = `${(atUs / 1_000_000).toFixed(3)} s`
  const title = markup`<title>${time} ${process}: ${label}</title>`
  if (step === null)
    return markup`<circle class="event" cx="${x}" cy="${y}" r="3.5">${title}</circle>`
  return markup`<g class="step">${title}<text class="time" x="${GUTTER - 8}" y="${y + 4}">${time}</text><circle cx="${x}" cy="${y}" r="9"/><text class="number" x="${x}" y="${y + 4}">${step}</text></g>
`
}
