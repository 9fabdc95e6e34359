/**
 * Charts of lines: rates, backlog, lateness. Their legends show the value at the cursor, and
 * switch lines off and on.
 */

import type UPlot from 'uplot'
import type { Line, Plot } from '../chart-model.ts'
import type { Page, PageElement } from './dom.ts'
import type { Stage } from './stage.ts'

declare const document: Page
declare const drawBandLabels: typeof import('./bands.ts').drawBandLabels
declare const drawBands: typeof import('./bands.ts').drawBands
declare const frame: typeof import('./frame.ts').frame
declare const lineOf: typeof import('./stage.ts').lineOf
declare const readingOf: typeof import('./frame.ts').readingOf
declare const valueAxis: typeof import('./frame.ts').valueAxis

export function linesOptions(stage: Stage, of: Plot): UPlot.Options {
  const options = frame(stage, 220)
  const readings = of.lines.map((_line, at) => legendEntry(of, at))
  return {
    ...options,
    series: [{}, ...of.lines.map((line) => seriesOf(stage, line))],
    scales: {
      ...options.scales,
      y: of.log === true ? logScale(of) : linearScale(of),
    },
    axes: [...(options.axes ?? []), valueAxis(stage, of)],
    hooks: {
      drawClear: [(plot) => drawBands(plot, stage)],
      draw: [(plot) => drawBandLabels(plot, stage)],
      ready: [(plot) => readings.forEach((entry, at) => switchable(plot, entry, at + 1))],
      setCursor: [(plot) => readings.forEach((entry, at) => readAt(plot, of, { entry, at }))],
    },
  }
}

export function linearScale({ unit }: Plot): UPlot.Scale {
  const least = unit === 'time' || unit === 'share' ? 0.01 : 1
  return { range: (_plot, _min, max) => [0, Math.max(least, max ?? 0) * 1.06] }
}

/** From the power of ten below the least to the one above the most. */
export function logScale({ lines }: Plot): UPlot.Scale {
  const values = lines.flatMap((line) => line.values.filter((value) => value !== null))
  const least = Math.min(1, ...values)
  const most = Math.max(least * 10, ...values)
  const below = 10 ** Math.floor(Math.log10(least))
  const above = 10 ** Math.ceil(Math.log10(most))
  return { distr: 3, log: 10, range: () => [below, above] }
}

export function seriesOf(stage: Stage, line: Line): UPlot.Series {
  const stroke = (): string => lineOf(stage, line.colour)
  const dash = line.dashed === true ? { dash: [6, 4] } : {}
  const points = { filter: alone, size: 4, fill: stroke }
  return { label: line.name, stroke, width: 1.75, points, ...dash }
}

/** Values with none on either side: no line goes to them, so that only a dot shows them. */
export function alone(plot: UPlot, series: number): number[] {
  const values = plot.data[series] ?? []
  const found: number[] = []
  for (let at = 0; at < values.length; at += 1) {
    const isThere = values[at] !== null && values[at] !== undefined
    if (isThere && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null) {
      found.push(at)
    }
  }
  return found
}

export function legendEntry(of: Plot, at: number): PageElement | null {
  return document.querySelector(`[data-line="${of.id}:${at + 1}"]`)
}

export function switchable(plot: UPlot, entry: PageElement | null, series: number): void {
  entry?.addEventListener('click', () => {
    const show = entry.getAttribute('aria-pressed') !== 'true'
    entry.setAttribute('aria-pressed', String(show))
    plot.setSeries(series, { show })
  })
}

interface Reading {
  readonly entry: PageElement | null
  readonly at: number
}

/** The value at the cursor; the peak, as the page was written, where there is none. */
export function readAt(plot: UPlot, of: Plot, { entry, at }: Reading): void {
  const output = entry?.querySelector('output') ?? null
  if (output === null) return
  output.dataset['peak'] ??= output.textContent ?? ''
  const { idx } = plot.cursor
  const value = idx === null || idx === undefined ? undefined : of.lines[at]?.values[idx]
  const nowhere = idx === null || idx === undefined
  const reading = value === null || value === undefined ? '–' : readingOf(value, of.unit)
  output.textContent = nowhere ? output.dataset['peak'] : reading
}
