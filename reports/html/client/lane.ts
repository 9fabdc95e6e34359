/**
 * The lane above the charts: every entry of the timeline as a bar with its name.
 */

import type UPlot from 'uplot'
import type { Band } from '../chart-model.ts'
import type { Pen } from './dom.ts'
import type { Stage } from './stage.ts'

declare const bandInk: typeof import('./bands.ts').bandInk
declare const drawBandLabels: typeof import('./bands.ts').drawBandLabels
declare const drawMoment: typeof import('./bands.ts').drawMoment
declare const fontOf: typeof import('./stage.ts').fontOf
declare const inside: typeof import('./stage.ts').inside
declare const ratio: typeof import('./stage.ts').ratio
declare const rowsFrame: typeof import('./frame.ts').rowsFrame

export function laneOptions(stage: Stage): UPlot.Options {
  return rowsFrame(stage, stage.model.laneRows * 24, { draw: [(plot) => drawLane(plot, stage)] })
}

export function drawLane(plot: UPlot, stage: Stage): void {
  const { bands, laneRows } = stage.model
  const { top, height } = plot.bbox
  const row = height / Math.max(1, laneRows)
  inside(plot, (pen) => {
    for (const band of bands) {
      if (band.row >= 0) continue
      drawMoment(pen, { band, stage, x: plot.valToPos(band.from, 'x', true), top, height })
    }
    pen.setLineDash([])
    for (const band of bands) {
      if (band.row >= 0) drawBar(plot, { pen, stage, band, y: top + band.row * row, row })
    }
  })
  drawBandLabels(plot, {
    ...stage,
    model: { ...stage.model, bands: bands.filter((b) => b.row < 0) },
  })
}

interface Bar {
  readonly pen: Pen
  readonly stage: Stage
  readonly band: Band
  readonly y: number
  readonly row: number
}

export function drawBar(plot: UPlot, { pen, stage, band, y, row }: Bar): void {
  const { left, width } = plot.bbox
  const gap = 2 * ratio()
  const begin = plot.valToPos(band.from, 'x', true)
  const end = band.until === null ? begin : plot.valToPos(band.until, 'x', true)
  if (end < left || begin > left + width) return
  const { faultBar, operationBar } = stage.theme
  pen.fillStyle = band.nature === 'fault' ? faultBar : operationBar
  pen.fillRect(begin, y + gap, Math.max(end - begin, 3 * ratio()), row - 2 * gap)
  pen.fillStyle = bandInk(stage, band)
  pen.fillRect(begin, y + gap, 2 * ratio(), row - 2 * gap)
  drawBarName(plot, { pen, stage, band, y, row })
}

/** The fullest name that fits, after the beginning of the bar; else its number before it. */
export function drawBarName(plot: UPlot, { pen, stage, band, y, row }: Bar): void {
  const { left, width } = plot.bbox
  const begin = Math.max(left, plot.valToPos(band.from, 'x', true)) + 6 * ratio()
  const room = laneRoom(plot, stage, band) - begin
  const { label, kind, target } = band
  const plain = target.split(' → ')[0] ?? target
  const names = [
    `${label} ${kind} ${target}`,
    `${label} ${kind} ${plain}`,
    `${label} ${kind}`,
    label,
  ]
  pen.font = fontOf(11, 500)
  pen.textBaseline = 'middle'
  const name = names.find((one) => pen.measureText(one).width <= room)
  pen.textAlign = name === undefined ? 'right' : 'left'
  const x = name === undefined ? Math.min(begin - 9 * ratio(), left + width) : begin
  pen.fillText(name ?? label, x, y + row / 2)
}

/** Where the next bar of the same row begins, or the end of the plot. */
export function laneRoom(plot: UPlot, { model }: Stage, band: Band): number {
  const later = model.bands.filter((one) => one.row === band.row && one.from > band.from)
  const starts = later.map((one) => plot.valToPos(one.from, 'x', true))
  const { left, width } = plot.bbox
  return Math.min(left + width, ...starts) - 4 * ratio()
}
