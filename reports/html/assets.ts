/**
 * What is written into the page beside its content: uPlot's script and sheet, as npm installed
 * them. They are read when a report is written, so that the report asks for nothing when opened.
 */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Markup } from './markup.ts'

const require = createRequire(import.meta.url)

/** The plotting library; it defines the global `uPlot`. */
export function plottingScript(): string {
  return readFileSync(require.resolve('uplot/dist/uPlot.iife.min.js'), 'utf8').trim()
}

export function plottingSheet(): string {
  return readFileSync(require.resolve('uplot/dist/uPlot.min.css'), 'utf8').trim()
}

/** A script element; the parser of HTML would end it at `</script` wherever that stands. */
export function scriptElement(source: string): Markup {
  return new Markup(`<script>${source.replaceAll('</script', '<\\/script')}</script>`)
}

export function styleElement(sheet: string): Markup {
  return new Markup(`<style>${sheet.replaceAll('</style', '<\\/style')}</style>`)
}
