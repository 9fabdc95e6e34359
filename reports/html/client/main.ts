/**
 * What runs when the page is opened: draws the charts, follows size and scheme, copies.
 */

import type UPlot from 'uplot'
import type { ChartModel, Plot } from '../chart-model.ts'
import type { Page, PageElement, Selection } from './dom.ts'
import type { Chart, Stage } from './stage.ts'

declare const document: Page
declare const uPlot: typeof UPlot
declare const ResizeObserver: new (changed: () => void) => { observe(element: PageElement): void }
declare function requestAnimationFrame(draw: () => void): void
declare function matchMedia(query: string): PageElement
declare function getSelection(): Selection | null
declare const navigator: { clipboard?: { writeText(text: string): Promise<void> } }
declare const heatOptions: typeof import('./heat.ts').heatOptions
declare const isClock: typeof import('./frame.ts').isClock
declare const laneOptions: typeof import('./lane.ts').laneOptions
declare const linesOptions: typeof import('./lines.ts').linesOptions
declare const readTheme: typeof import('./stage.ts').readTheme
declare const stripOptions: typeof import('./strip.ts').stripOptions
declare const timeText: typeof import('./frame.ts').timeText

export function startPage(): void {
  const models = document.getElementById('dmqsim-charts')?.textContent ?? ''
  for (const model of JSON.parse(models) as ChartModel[]) startStage(model)
  for (const button of document.querySelectorAll('[data-copy]')) copyOnClick(button)
}

export function startStage(model: ChartModel): void {
  const stage: Stage = { model, theme: readTheme(), charts: [] }
  for (const element of document.querySelectorAll('[data-chart]')) {
    const chart = chartFor(stage, element)
    if (chart !== null) stage.charts.push(chart)
  }
  followSize(stage)
  followScheme(stage)
}

export function chartFor(stage: Stage, element: PageElement): Chart | null {
  const id = element.dataset['chart']
  const drawn = id === undefined ? null : optionsFor(stage, id)
  if (drawn === null) return null
  const { options, data } = drawn
  const hooks = options.hooks ?? {}
  const told = [...(hooks.setCursor ?? []), (plot: UPlot) => tellTime(stage, plot)]
  const sized = {
    ...options,
    width: element.clientWidth || options.width,
    hooks: { ...hooks, setCursor: told },
  }
  const plot = new uPlot(sized, data, element as never)
  return { element, plot, height: options.height }
}

interface Drawn {
  readonly options: UPlot.Options
  readonly data: UPlot.AlignedData
}

export function optionsFor(stage: Stage, id: string): Drawn | null {
  const { plots, strips, heats, begin, end, laneId } = stage.model
  const found = plots.find((one) => one.id === id)
  if (found !== undefined) {
    const plot = paddedPlot(found, begin, end)
    const columns = [plot.x, ...plot.lines.map((line) => line.values)]
    return { options: linesOptions(stage, plot), data: columns as UPlot.AlignedData }
  }
  // Charts without lines take the times of the first that has some: one cursor stops at the same.
  const [first] = plots
  const x = first === undefined ? [begin, end] : paddedPlot(first, begin, end).x
  const data = [x, x.map(() => null)] as unknown as UPlot.AlignedData
  if (id === laneId) return { options: laneOptions(stage), data }
  const heat = heats.find((one) => one.id === id)
  if (heat !== undefined) return { options: heatOptions(stage, heat), data }
  const strip = strips.find((one) => one.id === id)
  return strip === undefined ? null : { options: stripOptions(stage, strip), data }
}

/** From the beginning of the axis to its end, so that all charts lie one under the other. */
export function paddedPlot(plot: Plot, begin: number, end: number): Plot {
  const { x, lines } = plot
  const before = (x[0] ?? end) > begin ? [begin] : []
  const after = (x.at(-1) ?? begin) < end ? [end] : []
  const gap = (): null => null
  const padded = lines.map((line) => ({
    ...line,
    values: [...before.map(gap), ...line.values, ...after.map(gap)],
  }))
  return { ...plot, x: [...before, ...x, ...after], lines: padded }
}

/** The time under the cursor, and what was on at that time. */
export function tellTime(stage: Stage, plot: UPlot): void {
  const { model } = stage
  const line = document.querySelector(`[data-cursor="${model.id}"]`)
  if (line === null) return
  line.dataset['idle'] ??= line.textContent ?? ''
  const { idx } = plot.cursor
  const at = idx === null || idx === undefined ? undefined : plot.data[0]?.[idx]
  if (at === null || at === undefined) {
    line.textContent = line.dataset['idle']
    return
  }
  const on = model.bands
    .filter(({ from, until }) => until !== null && from <= at && at <= until)
    .map(({ label, kind, target }) => `${label} ${kind} ${target}`)
  const time = isClock(stage) ? timeText(stage, at) : `${at.toFixed(1)} s`
  line.textContent = [time, ...on].join(' · ')
}

export function followSize({ charts }: Stage): void {
  const main = document.querySelector('main')
  if (main === null) return
  let waiting = false
  const fit = (): void => {
    waiting = false
    for (const { element, plot, height } of charts) {
      // What is folded away has no width until it is opened.
      const width = element.clientWidth
      if (width > 0 && width !== plot.width) plot.setSize({ width, height })
    }
  }
  const observer = new ResizeObserver(() => {
    if (!waiting) requestAnimationFrame(fit)
    waiting = true
  })
  observer.observe(main)
  for (const { element } of charts) observer.observe(element)
}

export function followScheme(stage: Stage): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    stage.theme = readTheme()
    for (const { plot } of stage.charts) plot.redraw()
  })
}

/** The clipboard where the browser gives it, else the selection and its command. */
export function copyOnClick(button: PageElement): void {
  button.addEventListener('click', () => {
    const source = document.getElementById(button.dataset['copy'] ?? '')
    if (source === null) return
    const range = document.createRange()
    range.selectNodeContents(source)
    const selection = getSelection()
    selection?.removeAllRanges()
    selection?.addRange(range)
    const done = (): void => void (button.textContent = 'Copied')
    const otherwise = (): void => {
      if (document.execCommand('copy')) done()
    }
    const written = navigator.clipboard?.writeText(source.textContent ?? '')
    if (written === undefined) otherwise()
    else void written.then(done, otherwise)
  })
}
