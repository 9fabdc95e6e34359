/**
 * The timeline behind the charts: translucent bands for what lasts, lines for what does not, dashed
 * lines where phases end, and their names above the plotting area.
 */

import type UPlot from 'uplot'
import type { Band } from '../chart-model.ts'
import type { Pen } from './dom.ts'
import type { Stage } from './stage.ts'

declare const fontOf: typeof import('./stage.ts').fontOf
declare const inside: typeof import('./stage.ts').inside
declare const penOf: typeof import('./stage.ts').penOf
declare const ratio: typeof import('./stage.ts').ratio

/** Behind everything else. */
export function drawBands(plot: UPlot, stage: Stage): void {
  const { top, height } = plot.bbox
  inside(plot, (pen) => {
    for (const band of stage.model.bands) {
      const from = plot.valToPos(band.from, 'x', true)
      if (band.until === null) {
        drawMoment(pen, { band, stage, x: from, top, height })
        continue
      }
      const { faultBand, operationBand } = stage.theme
      pen.fillStyle = band.nature === 'fault' ? faultBand : operationBand
      const width = plot.valToPos(band.until, 'x', true) - from
      pen.fillRect(from, top, Math.max(width, ratio()), height)
    }
  })
}

interface Moment {
  readonly band: Band
  readonly stage: Stage
  readonly x: number
  readonly top: number
  readonly height: number
}

export function drawMoment(pen: Pen, { band, stage, x, top, height }: Moment): void {
  pen.strokeStyle = bandInk(stage, band)
  pen.lineWidth = 1 * ratio()
  pen.setLineDash(band.nature === 'phase' ? [4 * ratio(), 4 * ratio()] : [])
  pen.beginPath()
  pen.moveTo(x, top)
  pen.lineTo(x, top + height)
  pen.stroke()
}

/** Over rows that hide the bands: where they begin and end. */
export function drawBandEdges(plot: UPlot, stage: Stage): void {
  const { top, height } = plot.bbox
  inside(plot, (pen) => {
    pen.globalAlpha = 0.55
    for (const band of stage.model.bands) {
      for (const at of [band.from, band.until]) {
        if (at === null) continue
        drawMoment(pen, { band, stage, x: plot.valToPos(at, 'x', true), top, height })
      }
    }
  })
}

/** Numbers and kinds above the plot, each where its band begins; what does not fit is left out. */
export function drawBandLabels(plot: UPlot, stage: Stage): void {
  const pen = penOf(plot)
  const { left, top } = plot.bbox
  const inOrder = [...stage.model.bands].sort((one, other) => one.from - other.from)
  pen.save()
  pen.font = fontOf(11, 600)
  pen.textBaseline = 'bottom'
  pen.textAlign = 'left'
  let free = left
  for (const band of inOrder) {
    const label = labelFor(plot, { pen, band, inOrder, free })
    if (label === undefined) continue
    pen.fillStyle = bandInk(stage, band)
    pen.fillText(label.text, label.x, top - 4 * ratio())
    free = label.x + pen.measureText(label.text).width + 6 * ratio()
  }
  pen.restore()
}

interface Labelling {
  readonly pen: Pen
  readonly band: Band
  readonly inOrder: readonly Band[]
  /** Where the label before ends. */
  readonly free: number
}

interface Label {
  readonly text: string
  readonly x: number
}

/** After the beginning of the band; at the right edge of the plot before it. */
export function labelFor(plot: UPlot, of: Labelling): Label | undefined {
  const { pen, band, inOrder, free } = of
  const { left, width } = plot.bbox
  const right = left + width + 12 * ratio()
  const begin = plot.valToPos(band.from, 'x', true)
  const end = band.until === null ? begin : plot.valToPos(band.until, 'x', true)
  if (end < left || begin > left + width) return undefined
  const room = roomUntil(plot, band, inOrder)
  for (const text of bandNames(band)) {
    const long = pen.measureText(text).width
    const after = Math.max(begin, left)
    if (after >= free && after + long <= Math.min(right, room)) return { text, x: after }
    const before = Math.min(begin + 12 * ratio(), right) - long
    if (before >= free && after + long > right) return { text, x: before }
  }
  return undefined
}

/** Where the next label begins: a longer name gives way to it. */
export function roomUntil(plot: UPlot, band: Band, inOrder: readonly Band[]): number {
  const next = inOrder.find((other) => other.from > band.from)
  return next === undefined ? Infinity : plot.valToPos(next.from, 'x', true) - 4 * ratio()
}

/** The longest first. */
export function bandNames({ label, kind }: Band): string[] {
  return label === '' ? [kind] : [`${label} ${kind}`, label]
}

export function bandInk({ theme }: Stage, { nature }: Band): string {
  if (nature === 'phase') return theme.soft
  return nature === 'fault' ? theme.faultInk : theme.operationInk
}
