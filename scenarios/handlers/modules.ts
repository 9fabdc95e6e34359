/**
 * Loads handlers from modules and keeps them: a run is synchronous, an import is not.
 *
 * A case refers to a handler by module, export and the SHA-256 of the module's text. Whoever runs
 * a case (a worker, a replay) loads its handlers first. Only the module itself is digested; what
 * it imports may change unnoticed.
 */

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { extname, isAbsolute, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageRoot, shownPath } from '../schema/files.ts'
import { InputError } from '../schema/input-error.ts'
import { moduleExtensions, stripsTypes } from '../schema/module-file.ts'
import { didYouMean } from '../schema/nearest.ts'
import type { Scenario } from '../schema/scenario.ts'
import type { Handler, HandlerReference } from './handler.ts'

const INLINE = 'inline'
/** Of handlers that come with dmqsim, wherever it is installed. */
const OWN = 'dmqsim:'

const known = new Map<string, Handler>()
const inline = new WeakMap<Handler, HandlerReference>()
/** Digests of the texts that were imported, by file: another text is another import. */
const imported = new Map<string, string>()
let inlineCount = 0

/** The function that a case refers to. Throws `InputError` if it was not loaded. */
export function handlerOf(reference: HandlerReference, group: string): Handler {
  const found = known.get(nameOf(reference))
  if (found !== undefined) return found
  throw new InputError([
    reference.module === INLINE
      ? `the handler of ${group} was given by a program: only that program can run this case`
      : `${reference.module}: the handler of ${group} is not loaded: await loadHandlers(scenario)`,
  ])
}

function nameOf({ module, export: name, sha256 }: HandlerReference): string {
  return `${module}#${name}#${sha256}`
}

/** Takes a function that a program gives itself. */
export function inlineHandler(handler: Handler): HandlerReference {
  let reference = inline.get(handler)
  if (reference === undefined) {
    checkSynchronous(handler, handler.name || 'the handler')
    inlineCount += 1
    reference = {
      module: INLINE,
      export: `${handler.name || 'handler'}-${inlineCount}`,
      sha256: digest(String(handler)),
    }
    inline.set(handler, reference)
    known.set(nameOf(reference), handler)
  }
  return reference
}

/** Whether a case can be run by this program alone. */
export function hasInlineHandlers({ consumers }: Scenario): boolean {
  return consumers.some(({ handler }) => handler?.module === INLINE)
}

/** Imports a handler. `name`: the export, by default `default` or else `handler`. */
export async function loadHandler(
  file: string,
  name: string | undefined,
): Promise<HandlerReference> {
  const shown = shownPath(file)
  const { handler, exported, sha256 } = await importHandler(file, shown, name)
  const reference = { module: moduleName(file, shown), export: exported, sha256 }
  known.set(nameOf(reference), handler)
  return reference
}

function moduleName(file: string, shown: string): string {
  const inside = relative(join(packageRoot(), 'scenarios'), file)
  const own = !inside.startsWith('..') && !isAbsolute(inside)
  return (own ? OWN + inside : shown).replaceAll('\\', '/')
}

function fileOf(module: string): string {
  if (!module.startsWith(OWN)) return resolve(module)
  return join(packageRoot(), 'scenarios', module.slice(OWN.length))
}

/**
 * Loads every handler that a scenario refers to, for whoever has the case alone. Gives one line for
 * each whose text is another than that of the case.
 */
export async function loadHandlers({ consumers }: Scenario): Promise<readonly string[]> {
  const notices: string[] = []
  for (const { group, handler: reference } of consumers) {
    if (reference === undefined || known.has(nameOf(reference))) continue
    if (reference.module === INLINE) handlerOf(reference, group)
    const file = fileOf(reference.module)
    if (!existsSync(file)) {
      const mend = 'replay from the folder in which it was kept, or put the file there'
      throw new InputError([`${reference.module}: the handler of ${group} is not there: ${mend}`])
    }
    const { handler, sha256 } = await importHandler(file, reference.module, reference.export)
    known.set(nameOf(reference), handler)
    if (sha256 === reference.sha256) continue
    const was = reference.sha256.slice(0, 8)
    notices.push(
      `${reference.module} has changed since this case was kept (SHA-256 ${was}… then, ` +
        `${sha256.slice(0, 8)}… now): the handler is run as it is now`,
    )
  }
  return notices
}

async function importHandler(
  file: string,
  shown: string,
  name: string | undefined,
): Promise<{ handler: Handler; exported: string; sha256: string }> {
  checkReadable(file, shown)
  const sha256 = digest(readFileSync(file, 'utf8'))
  const before = imported.get(file)
  if (before === undefined) imported.set(file, sha256)
  const url = pathToFileURL(file).href
  // A module is imported once by its URL, so a changed text needs another one.
  const address = before === undefined || before === sha256 ? url : `${url}?sha256=${sha256}`
  let module: Readonly<Record<string, unknown>>
  try {
    module = (await import(address)) as Readonly<Record<string, unknown>>
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw new InputError([`${shown}: cannot be loaded: ${said}`])
  }
  const exported = name ?? ('default' in module ? 'default' : 'handler')
  const handler = module[exported]
  if (typeof handler !== 'function') {
    const hint = didYouMean(exported, Object.keys(module)) || ': export function* handler(…) { … }'
    throw new InputError([`${shown}: exports no function "${exported}"${hint}`])
  }
  checkSynchronous(handler, `${shown}: ${exported}`)
  return { handler: handler as Handler, exported, sha256 }
}

function checkReadable(file: string, shown: string): void {
  if (!existsSync(file)) throw new InputError([`${shown}: there is no such file`])
  const extension = extname(file)
  if (!moduleExtensions.includes(extension)) {
    throw new InputError([`${shown}: a handler is a module: ${moduleExtensions.join(', ')}`])
  }
  const features = process.features as unknown as Readonly<Record<string, unknown>>
  if (!extension.endsWith('ts') || stripsTypes(features, process.env)) return
  const mend = 'use Node 22.18 or later, run it through vitest, or write it as .mjs'
  throw new InputError([
    `${shown}: Node ${process.versions.node} does not read TypeScript: ${mend}`,
  ])
}

function checkSynchronous(handler: unknown, place: string): void {
  const kind = Object.prototype.toString.call(handler)
  if (!kind.startsWith('[object Async')) return
  throw new InputError([
    `${place} is async, and virtual time has no promises: write function* and call the tools with yield*`,
  ])
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
