/**
 * The frame of a chart: its title, its legend, what it shows in words, and its data to save.
 *
 * `client/` draws into elements with `data-chart`, and writes values at the cursor into elements
 * with `data-line`.
 */

import { Buffer } from 'node:buffer'
import { plotCsv } from '../csv/charts.ts'
import { bytes, duration, grouped, percent } from '../text/numbers.ts'
import type { Plot, Unit } from './chart-model.ts'
import { markup, type Markup, nothing } from './markup.ts'
import { lineColour } from './sheets/colours.ts'

export interface Figure {
  readonly id: string
  readonly title: string
  readonly note: string | null
  readonly legend: Markup
  /** What the picture shows, for those who do not see it. */
  readonly said: string
  /** Its data; null where a table on the page has them. */
  readonly csv: string | null
}

export function figure({ id, title, note, legend, said, csv }: Figure): Markup {
  const small = note === null ? nothing : markup` <small>${note}</small>`
  const data = csv === null ? nothing : csvLink(`${id}.csv`, csv, `Data of ${title}`)
  return markup`<figure>
<figcaption><h3>${title}</h3>${small}${data}${legend}</figcaption>
<div class="chart" data-chart="${id}" role="img" aria-label="${said}"></div>
</figure>
`
}

/** A file inside the page; `label` says which, to those who hear only links. */
export function csvLink(name: string, text: string, label: string): Markup {
  const content = Buffer.from(text, 'utf8').toString('base64')
  return markup`<a class="csv" download="${name}" href="data:text/csv;charset=utf-8;base64,${content}" aria-label="${label} as CSV">CSV</a>`
}

export interface PlotWords {
  readonly title: string
  readonly note: string | null
}

export function plotFigure(plot: Plot, { title, note }: PlotWords): Markup {
  const peaks = plot.lines.map((line) => ({ ...line, text: peakText(plot.unit, line.peak) }))
  const legend = markup`<ul class="legend">${peaks.map(
    ({ name, colour, text, dashed }, at) =>
      markup`<li><button type="button" aria-pressed="true" data-line="${plot.id}:${at + 1}"
><i class="${dashed === true ? 'dashed' : ''}" style="--swatch:var(${lineColour(colour)})"></i>${name} <output>${text}</output></button></li>`,
  )}</ul>`
  const whole = note === null ? title : `${title}, ${note}`
  const said = `${whole}: ${peaks.map(({ name, text }) => `${name} ${text}`).join(', ')}`
  return figure({ id: plot.id, title, note, legend, said, csv: plotCsv(plot) })
}

export function peakText(unit: Unit, peak: number): string {
  if (unit === 'time') return `peak ${duration(Math.round(peak * 1_000_000))}`
  if (unit === 'share') return `peak ${percent(peak)}`
  if (unit === 'bytes') return `peak ${bytes(peak)}`
  if (unit === 'bytes/s') return `peak ${bytes(peak)}/s`
  return `peak ${grouped(Math.round(peak))}`
}
