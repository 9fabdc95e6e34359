/**
 * The colours of utilisation and what they stand for.
 */

import { markup, type Markup } from './markup.ts'
import { HEAT_STEPS } from './sheets/colours.ts'

export function heatLegend(): Markup {
  const bounds = [0, ...HEAT_STEPS, 100]
  const swatches = bounds.slice(1).map((until, at) => {
    const from = bounds[at] ?? 0
    const text = at === 0 ? `below ${until} %` : `${from} to ${until} %`
    return markup`<li><i class="block" style="--swatch:var(--heat-${at + 1})"></i>${text}</li>`
  })
  return markup`<ul class="legend heat-legend">${swatches}<li><i class="block absent"></i>not there</li></ul>`
}
