/**
 * The frame of a picture of utilisation: what its colours stand for, and its data.
 */

import { heatCsv } from '../csv/charts.ts'
import type { Heat } from './chart-model.ts'
import { duration } from '../text/numbers.ts'
import { IDLE } from './heat.ts'
import { figure } from './figure.ts'
import { markup, type Markup } from './markup.ts'
import { HEAT_STEPS } from './sheets/colours.ts'

export function heatFigure(heat: Heat): Markup {
  const rows = heat.groups.flatMap(({ rows: own }) => own).length
  return figure({
    id: heat.id,
    title: 'Utilisation',
    note: noteOf(heat),
    legend: markup`${legend()}<p class="reading" data-reading="${heat.id}"></p>`,
    said: `Utilisation of ${rows} resources of hosts over time; a table below has the figures`,
    csv: heatCsv(heat),
  })
}

function noteOf({ edges, groups, idle }: Heat): string {
  const rest = idle.length === 0 ? '' : `below ${IDLE} % everywhere: ${idle.join(', ')}`
  if (groups.length === 0) return rest
  // Figures elsewhere are means of a second: of a shorter step they would be higher.
  const step = duration(Math.round(((edges[2] ?? 0) - (edges[1] ?? 0)) * 1e6))
  const rows = `a row is a host, each block its mean of ${step}`
  return rest === '' ? rows : `${rows}; ${rest}`
}

function legend(): Markup {
  const bounds = [0, ...HEAT_STEPS, 100]
  const swatches = bounds.slice(1).map((until, at) => {
    const from = bounds[at] ?? 0
    const text = at === 0 ? `below ${until} %` : `${from} to ${until} %`
    return markup`<li><i class="block" style="--swatch:var(--heat-${at + 1})"></i>${text}</li>`
  })
  return markup`<ul class="legend heat-legend">${swatches}<li><i class="block absent"></i>not there</li></ul>`
}
