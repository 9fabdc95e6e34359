/**
 * What every chart has: axes, the shared cursor, bands behind it.
 */

import type UPlot from 'uplot'
import type { Plot, Unit } from '../chart-model.ts'
import type { Stage } from './stage.ts'

declare const innerWidth: number
declare const ratio: typeof import('./stage.ts').ratio

/** Pixels left of every plot, so that all of them begin at one line. */
export function gutter(): number {
  return innerWidth < 560 ? 50 : 56
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
      sync: { key: `dmqsim-${stage.model.id}`, scales: ['x', null] },
      y: false,
      drag: { x: true, y: false },
      points: { size: 7 },
    },
    hooks: {},
  }
}

/** For charts that paint their own rows: no scale of values, room for names. */
export function rowsFrame(stage: Stage, height: number, hooks: UPlot.Hooks.Arrays): UPlot.Options {
  const options = frame(stage, height + 52)
  return {
    ...options,
    series: [{}, { show: true }],
    scales: { ...options.scales, y: { range: [0, 1] } },
    axes: [...(options.axes ?? []), nameAxis()],
    hooks,
  }
}

export function timeAxis(stage: Stage): UPlot.Axis {
  return {
    ...lineStyle(stage),
    size: 28,
    space: 64,
    ...(isClock(stage) ? { incrs: clockSteps() } : {}),
    values: (_plot, splits) => splits.map((at) => timeText(stage, at)),
  }
}

/** From ten minutes on, times are read as on a clock. */
export function isClock({ model }: Stage): boolean {
  return model.end > 600
}

export function clockSteps(): number[] {
  const seconds = [1, 2, 5, 10, 15, 30]
  const minutes = seconds.map((step) => step * 60)
  return [...seconds, ...minutes, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400]
}

/** `23.4 s`, or `0:10`, `23:59:40`. */
export function timeText(stage: Stage, at: number): string {
  if (!isClock(stage)) return `${Number(at.toFixed(3))} s`
  const whole = Math.round(at)
  const two = (part: number): string => String(part).padStart(2, '0')
  const text = `${Math.floor(whole / 3_600)}:${two(Math.floor(whole / 60) % 60)}`
  return whole % 60 === 0 ? text : `${text}:${two(whole % 60)}`
}

export function valueAxis(stage: Stage, { unit, log }: Pick<Plot, 'unit' | 'log'>): UPlot.Axis {
  return {
    ...lineStyle(stage),
    ...(log === true ? { splits: powersOfTen } : {}),
    size: gutter,
    space: 34,
    values: (_plot, splits) => splits.map((value) => shortValue(value, unit)),
  }
}

export function powersOfTen(_plot: UPlot, _axis: number, least: number, most: number): number[] {
  const first = Math.ceil(Math.log10(least) - 1e-9)
  const last = Math.floor(Math.log10(most) + 1e-9)
  return Array.from({ length: last - first + 1 }, (_none, at) => 10 ** (first + at))
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
  if (unit === 'time') return value > 0 && value < 1 ? readingOf(value, unit) : `${value} s`
  if (unit === 'share' || unit === 'bytes' || unit === 'bytes/s') return readingOf(value, unit)
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
  if (unit === 'share') return `${Number((value * 100).toFixed(value < 0.1 ? 1 : 0))} %`
  if (unit === 'bytes') return bytesText(value)
  if (unit === 'bytes/s') return `${bytesText(value)}/s`
  if (unit !== 'time') return exactValue(value)
  if (value > 0 && value < 0.001) return `${Math.round(value * 1_000_000)} µs`
  if (value < 0.01) return `${Number((value * 1_000).toFixed(1))} ms`
  return value < 1 ? `${Math.round(value * 1_000)} ms` : `${Number(value.toFixed(1))} s`
}

export function bytesText(bytes: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = bytes
  let place = 0
  while (value >= 1_000 && place < names.length - 1) {
    value /= 1_000
    place += 1
  }
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${names[place]}`
}
