/**
 * Loads the handlers that a scenario's consumers name, before it is expanded.
 *
 * A function that a program gives itself is taken out first: what lies over a scenario is laid on
 * a copy, and a function cannot be copied.
 */

import { resolve } from 'node:path'
import type { Handler, HandlerCommit } from '../handlers/handler.ts'
import { inlineHandler, loadHandler } from '../handlers/modules.ts'
import type { LoadedHandler } from './expansion.ts'
import { isFileName } from './files.ts'
import type { Finding } from './findings.ts'
import { InputError } from './input-error.ts'
import type { Source } from './source.ts'
import type { ConsumerEntry, ScenarioFile } from './surface.ts'

/** What stands for a function in the copy. */
const GIVEN = './given-by-a-program.js'

/** Handlers that a program gave, by the place of their consumer. */
type Functions = ReadonlyMap<number, Handler>

export function withoutFunctions(source: Source): { source: Source; functions: Functions } {
  const functions = new Map<number, Handler>()
  const { consumers } = (source.value ?? {}) as { readonly consumers?: unknown }
  if (!Array.isArray(consumers)) return { source, functions }
  const copies = consumers.map((entry: unknown, index) => {
    const { handler } = (entry ?? {}) as { readonly handler?: unknown }
    const own = functionOf(handler)
    if (own === null) return entry
    functions.set(index, own)
    const { commit } = handler as { readonly commit?: HandlerCommit }
    const settings = commit === undefined ? {} : { commit }
    return { ...(entry as object), handler: { module: GIVEN, ...settings } }
  })
  if (functions.size === 0) return { source, functions }
  const value = { ...(source.value as object), consumers: copies }
  return { source: { ...source, value }, functions }
}

function functionOf(handler: unknown): Handler | null {
  if (typeof handler === 'function') return handler as Handler
  const { handle } = (handler ?? {}) as { readonly handle?: unknown }
  return typeof handle === 'function' ? (handle as Handler) : null
}

interface Place {
  readonly folder: string
  readonly locate: (finding: Finding) => string
}

/** Handlers by the place of their consumer. Throws `InputError` with every one that cannot be. */
export async function loadConsumers(
  file: ScenarioFile,
  functions: Functions,
  { folder, locate }: Place,
): Promise<ReadonlyMap<number, LoadedHandler>> {
  const found = new Map<number, LoadedHandler>()
  const lines: string[] = []
  for (const [index, entry] of (file.consumers ?? []).entries()) {
    const named = moduleOf(entry)
    if (named === null) continue
    const own = functions.get(index)
    try {
      const reference =
        own === undefined
          ? await loadHandler(resolve(folder, named.module), named.export)
          : inlineHandler(own)
      found.set(index, { ...reference, commit: named.commit ?? 'batch' })
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      const key = entry.handler === undefined ? 'pattern' : 'handler'
      const path = ['consumers', index, key]
      lines.push(...error.lines.map((message) => locate({ path, message })))
    }
  }
  if (lines.length > 0) throw new InputError(lines)
  return found
}

interface Named {
  readonly module: string
  readonly export?: string | undefined
  readonly commit?: HandlerCommit | undefined
}

function moduleOf({ handler, pattern }: ConsumerEntry): Named | null {
  if (typeof handler === 'string') return { module: handler }
  if (typeof handler === 'object' && 'module' in handler) return handler
  return pattern !== undefined && isFileName(pattern) ? { module: pattern } : null
}
