/**
 * Loads a scenario that is written as a module: its default export is a `ScenarioFile`.
 *
 * JavaScript works everywhere. TypeScript needs a Node that strips types by itself, or a test
 * runner that does; an older Node gets one clear line instead of a syntax error.
 */

import { extname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InputError } from './input-error.ts'
import { type Source, sourceOf } from './source.ts'

export const moduleExtensions: readonly string[] = ['.js', '.mjs', '.ts', '.mts']

/** Whether this process can import TypeScript as it is. */
export function stripsTypes(
  features: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const { typescript } = features
  return (typescript !== undefined && typescript !== false) || environment['VITEST'] !== undefined
}

export async function readModule(file: string, shown: string): Promise<Source> {
  const typed = extname(file) === '.ts' || extname(file) === '.mts'
  const features = process.features as unknown as Readonly<Record<string, unknown>>
  if (typed && !stripsTypes(features, process.env)) {
    const mend = 'use Node 22.18 or later, run it through vitest, or write it as .mjs or .yaml'
    throw new InputError([
      `${shown}: Node ${process.versions.node} does not read TypeScript: ${mend}`,
    ])
  }
  let loaded: { readonly default?: unknown }
  try {
    loaded = (await import(pathToFileURL(file).href)) as { readonly default?: unknown }
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw new InputError([`${shown}: cannot be loaded: ${said}`])
  }
  if (loaded.default === undefined) {
    throw new InputError([`${shown}: has no default export; write export default { system: … }`])
  }
  if (typeof loaded.default === 'function') {
    throw new InputError([`${shown}: exports a function; write export default { system: … }`])
  }
  return sourceOf(loaded.default, shown)
}
