/**
 * What all charts of a page share: the model, the colours of the present scheme, the plots.
 *
 * The functions of this folder run in the browser: they are written into the page as text
 * (`script.ts`), so they use nothing of their modules but each other, by name.
 */

import type UPlot from 'uplot'
import type { ChartModel } from '../chart-model.ts'
import type { Page, PageElement, Pen } from './dom.ts'

declare const document: Page
declare function getComputedStyle(element: PageElement): { getPropertyValue(name: string): string }
declare const devicePixelRatio: number

export interface Theme {
  readonly ink: string
  readonly soft: string
  readonly rule: string
  readonly strong: string
  readonly surface: string
  readonly faultBand: string
  readonly faultBar: string
  readonly faultInk: string
  readonly operationBand: string
  readonly operationBar: string
  readonly operationInk: string
  readonly underReplicated: string
  readonly underMinimum: string
  readonly brokerInk: string
  readonly edge: string
  /** 0 is what is produced, the groups follow. */
  readonly lines: readonly string[]
  readonly brokers: readonly string[]
  /** From idle to saturated. */
  readonly heat: readonly string[]
}

export interface Chart {
  readonly element: PageElement
  readonly plot: UPlot
  readonly height: number
}

export interface Stage {
  readonly model: ChartModel
  /** Read again when the scheme changes. */
  theme: Theme
  readonly charts: Chart[]
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const family = (name: string): string[] => {
    const found: string[] = []
    while (colour(`${name}-${found.length + 1}`) !== '') {
      found.push(colour(`${name}-${found.length + 1}`))
    }
    return found
  }
  return {
    ink: colour('ink'),
    soft: colour('ink-soft'),
    rule: colour('rule'),
    strong: colour('rule-strong'),
    surface: colour('surface'),
    faultBand: colour('fault-band'),
    faultBar: colour('fault-bar'),
    faultInk: colour('fault-ink'),
    operationBand: colour('operation-band'),
    operationBar: colour('operation-bar'),
    operationInk: colour('operation-ink'),
    underReplicated: colour('under-replicated'),
    underMinimum: colour('under-minimum'),
    brokerInk: colour('broker-ink'),
    edge: colour('edge'),
    lines: [colour('produced'), ...family('group')],
    brokers: family('broker'),
    heat: family('heat'),
  }
}

export function lineOf({ theme }: Stage, colour: number): string {
  const groups = theme.lines.length - 1
  const at = colour === 0 ? 0 : ((colour - 1) % groups) + 1
  return theme.lines[at] ?? theme.ink
}

/** −1: nobody's. */
export function brokerOf({ theme, model }: Stage, broker: number): string {
  const place = model.brokers.indexOf(broker)
  return theme.brokers[Math.max(0, place) % theme.brokers.length] ?? theme.rule
}

/** How many times the colours of brokers were used up before this one. */
export function turnOf({ theme, model }: Stage, broker: number): number {
  return Math.floor(Math.max(0, model.brokers.indexOf(broker)) / theme.brokers.length)
}

export function penOf(plot: UPlot): Pen {
  return plot.ctx as unknown as Pen
}

/** Pixels of the canvas for one of the page. */
export function ratio(): number {
  return devicePixelRatio
}

export function fontOf(size: number, weight: number): string {
  return `${weight} ${size * devicePixelRatio}px system-ui, sans-serif`
}

/** Draws inside the plotting area alone. */
export function inside(plot: UPlot, draw: (pen: Pen) => void): void {
  const pen = penOf(plot)
  const { left, top, width, height } = plot.bbox
  pen.save()
  pen.beginPath()
  pen.rect(left, top, width, height)
  pen.clip()
  draw(pen)
  pen.restore()
}
