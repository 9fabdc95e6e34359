/**
 * Where in a scenario's file a promise stands, for annotations.
 *
 * A module that builds its scenario has no such lines: then the file alone is annotated. A file
 * outside of the repository, as the scenarios that come with dmqsim, is not annotated at all.
 */

import { existsSync, readFileSync } from 'node:fs'
import { extname, isAbsolute, relative, resolve } from 'node:path'
import type { Locate, Place } from '../../reports/ci/github.ts'
import type { About } from '../../reports/ci/suite.ts'
import { readSource, type Source } from '../../scenarios/schema/source.ts'
import type { Terminal } from '../terminal.ts'

export function placesIn(file: string | undefined, environment: Terminal['environment']): Locate {
  const shown = file === undefined ? null : inRepository(file, environment)
  if (file === undefined || shown === null || !existsSync(file)) return () => null
  const source = sourceIn(file)
  return ({ about }): Place => ({ file: shown, line: source === null ? 1 : lineOf(source, about) })
}

/** The path from the root of the repository, or from here where nobody says; null outside of it. */
export function inRepository(file: string, environment: Terminal['environment']): string | null {
  const root = environment['GITHUB_WORKSPACE'] ?? process.cwd()
  const near = relative(root, resolve(file))
  return near.startsWith('..') || isAbsolute(near) ? null : near.replaceAll('\\', '/')
}

function sourceIn(file: string): Source | null {
  if (!['.yaml', '.yml', '.json'].includes(extname(file))) return null
  try {
    return readSource(readFileSync(file, 'utf8'), '')
  } catch {
    // It was readable when it was loaded; a line is not worth a failure.
    return null
  }
}

function lineOf(source: Source, about: About | null): number {
  if (about === null) return 1
  const { expect, checks, thresholds } = source.value as Readonly<Record<string, unknown>>
  if (about.part === 'threshold') {
    return has(thresholds, about.name) ? lineAt(source, ['thresholds', about.name], true) : 1
  }
  const key = isMap(expect)
    ? Object.keys(expect).find((name) => name.split(':')[0] === about.name)
    : undefined
  if (key !== undefined) return lineAt(source, ['expect', key], true)
  const at = Array.isArray(checks) ? checks.indexOf(about.name) : -1
  if (at !== -1) return lineAt(source, ['checks', at], false)
  return checks === undefined ? 1 : lineAt(source, ['checks'], true)
}

function lineAt(source: Source, path: readonly (string | number)[], aboutKey: boolean): number {
  return Number(/:(\d+):\d+$/.exec(source.locate(path, aboutKey))?.[1] ?? 1)
}

function has(value: unknown, name: string): boolean {
  return isMap(value) && Object.hasOwn(value, name)
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
