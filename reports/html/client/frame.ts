/**
 * What every chart has: axes, the shared cursor, bands behind it.
 */

import type UPlot from 'uplot'
import type { Unit } from '../chart-model.ts'
import type { Stage } from './stage.ts'

declare const innerWidth: number
declare const ratio: typeof import('./stage.ts').ratio

/** Pixels left of every plot, so that all of them begin at one line. */
export function gutter(): number {
  return innerWidth < 560 ? 44 : 56
}

export function frame(stage: Stage, height: number): UPlot.Options {
  return {
    width: 320,
    height,
    padding: [22, 14, 0, 0],
    legend: { show: false },
    scales: { x: { time: false } },
    series: [{}],
    axes: [timeAxis(stage)],
    cursor: {
      sync: { key: 'dmqsim', scales: ['x', null] },
      y: false,
      drag: { x: true, y: false },
      points: { size: 7 },
    },
    hooks: {},
  }
}

export function timeAxis(stage: Stage): UPlot.Axis {
  return {
    ...lineStyle(stage),
    size: 28,
    space: 64,
    values: (_plot, splits) => splits.map((at) => `${Number(at.toFixed(3))} s`),
  }
}

export function valueAxis(stage: Stage, unit: Unit): UPlot.Axis {
  return {
    ...lineStyle(stage),
    size: gutter,
    space: 34,
    values: (_plot, splits) => splits.map((value) => shortValue(value, unit)),
  }
}

/** The same room without values: for rows that have names of their own. */
export function nameAxis(): UPlot.Axis {
  return {
    size: gutter,
    splits: () => [],
    values: () => [],
    grid: { show: false },
    ticks: { show: false },
  }
}

export function lineStyle(stage: Stage): UPlot.Axis {
  const rule = (): string => stage.theme.rule
  return {
    stroke: () => stage.theme.soft,
    font: '11px system-ui, sans-serif',
    grid: { stroke: rule, width: 1 / ratio() },
    ticks: { stroke: rule, width: 1 / ratio(), size: 4 },
  }
}

/** For axes: `1.2k`, `3 s`. */
export function shortValue(value: number, unit: Unit): string {
  if (unit === 'time') return `${Number(value.toFixed(3))} s`
  if (value >= 1_000_000) return `${Number((value / 1_000_000).toFixed(2))}M`
  if (value >= 10_000) return `${Number((value / 1_000).toFixed(1))}k`
  return exactValue(value)
}

/** For readings: digits in groups of three. */
export function exactValue(value: number): string {
  const [whole = '', part] = String(Number(value.toFixed(value < 10 ? 1 : 0))).split('.')
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return part === undefined ? digits : `${digits}.${part}`
}

export function readingOf(value: number, unit: Unit): string {
  if (unit !== 'time') return exactValue(value)
  return value < 1 ? `${Math.round(value * 1_000)} ms` : `${Number(value.toFixed(1))} s`
}
