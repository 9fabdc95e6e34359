/**
 * Finds scenarios: a path separator or an extension means a file, anything else is the name of
 * one that comes with dmqsim.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError } from './input-error.ts'
import { didYouMean } from './nearest.ts'

export interface NamedScenario {
  readonly name: string
  /** Absolute. */
  readonly file: string
}

/** The folder of dmqsim's package.json, whether this runs from sources or compiled. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder)
    if (above === folder) throw new Error('There is no package.json above the scenarios.')
    folder = above
  }
  return folder
}

/** What is measured and nothing asked of, `scenarios/bench`, is found by its path alone. */
const folders = ['scenarios', 'scenarios/hazards', 'scenarios/capacity']

/** Every scenario that comes with dmqsim, by name. */
export function scenarioNames(root: string = packageRoot()): readonly NamedScenario[] {
  const found: NamedScenario[] = []
  for (const folder of folders) {
    const path = join(root, folder)
    if (!existsSync(path)) continue
    for (const entry of readdirSync(path).sort(byCodeUnit)) {
      if (extname(entry) !== '.yaml') continue
      found.push({ name: basename(entry, '.yaml'), file: join(path, entry) })
    }
  }
  return found
}

function byCodeUnit(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

export function isFileName(text: string): boolean {
  return /[\\/]/.test(text) || /\.[A-Za-z]+$/.test(text)
}

/** The absolute path of a scenario; throws `InputError` where there is none. */
export function findScenario(nameOrFile: string): string {
  if (isFileName(nameOrFile)) {
    const file = resolve(nameOrFile)
    if (!existsSync(file)) throw new InputError([`${nameOrFile}: there is no such file`])
    return file
  }
  const names = scenarioNames()
  const found = names.find((scenario) => scenario.name === nameOrFile)
  if (found !== undefined) return found.file
  const known = names.map((scenario) => scenario.name)
  const hint =
    didYouMean(nameOrFile, known) ||
    `: dmqsim list shows them all; a file has an extension, as ${nameOrFile}.yaml`
  throw new InputError([`there is no scenario "${nameOrFile}"${hint}`])
}

/** As people would write it: relative where that is shorter. */
export function shownPath(file: string): string {
  const near = relative(process.cwd(), file)
  return near.startsWith('..') || isAbsolute(near) ? file : near
}

/** Throws `InputError` with the file's name and what stands in the way. */
export function readTextFile(file: string, shown: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    throw new InputError([`${shown}: ${unread[String(code)] ?? 'cannot be read'}`])
  }
}

/** Why a file is not read, by the code of the system. */
const unread: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'is a folder, give a file',
}
