/**
 * The space-time diagram of a causal cone: a column a process, time downwards, messages as lines.
 *
 * An SVG without script. Rows are events, not seconds, so that a burst can be read beside a long
 * wait; the time stands at each numbered step. The steps' sentences stand in the list beside it.
 */

import type { Cone, ConeNode } from '../../scenarios/explain/cone.ts'
import { markup, type Markup, nothing } from './markup.ts'

const GUTTER = 62
const COLUMN = 40
const ROW = 22
const HEAD = 92
const FOOT = 14
const WIDTH_MIN = 300

export function spaceTime(cone: Cone): Markup {
  if (cone.nodes.length === 0) return nothing
  const { processes, nodes, edges } = cone
  const width = Math.max(WIDTH_MIN, GUTTER + processes.length * COLUMN + 40)
  const height = HEAD + nodes.length * ROW + FOOT
  const x = (process: string): number => GUTTER + (processes.indexOf(process) + 0.5) * COLUMN
  const y = (id: number): number => HEAD + (id + 0.5) * ROW
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
${processes.map((process) => columnMarkup(process, x(process), height))}
${lines}
${nodes.map((node) => nodeMarkup(node, spot(node.id)))}
</svg></div>`
}

function columnMarkup(process: string, x: number, height: number): Markup {
  return markup`<g class="process"><line x1="${x}" x2="${x}" y1="${HEAD}" y2="${height - FOOT}"/>
<text x="${x}" y="${HEAD - 8}" transform="rotate(-52 ${x} ${HEAD - 8})">${process}</text></g>
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
