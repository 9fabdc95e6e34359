/**
 * `--set dotted.path=value`: finds the place that a dotted path means and puts a value there.
 *
 * Members of a list are found by their name, group or id, else by index. After `config.` the
 * rest is one key, because Kafka's own names have dots. The value is a YAML scalar.
 */

import { isScalar, parseDocument } from 'yaml'
import type { Path } from './findings.ts'
import { InputError } from './input-error.ts'
import { didYouMean } from './nearest.ts'
import { shown } from './shown.ts'
import type { ScenarioFile } from './surface.ts'

/** Maps with keys of the author's or of Kafka's. */
const openMaps = ['config', 'zookeeperConfig', 'protocols', 'expect']

export interface Assignment {
  readonly path: Path
  readonly value: unknown
}

/** A copy of the file with the value at its place; throws `InputError`. */
export function applySet(file: ScenarioFile, text: string): ScenarioFile {
  const copy = structuredClone(file)
  assign(copy, resolveSet(copy, text))
  return copy
}

/** What `--set text` means for this file. */
export function resolveSet(file: unknown, text: string): Assignment {
  const equals = text.indexOf('=')
  if (equals < 1) {
    throw new InputError([`--set ${text}: write a path and a value: topics.orders.partitions=12`])
  }
  const segments = text.slice(0, equals).trim().split('.')
  if (segments.some((segment) => segment === '')) {
    throw new InputError([`--set ${text}: a part of the path is empty`])
  }
  const unfit = segments.find((segment) => segment in Object.prototype)
  if (unfit !== undefined) throw new InputError([`--set ${text}: unknown key "${unfit}"`])
  return { path: resolvePath(file, segments, text), value: scalarOf(text, equals) }
}

/** Puts the value there, and says which containers it had to make on the way. */
export function assign(file: unknown, assignment: Assignment): readonly Path[] {
  const made: Path[] = []
  let container = file as Record<string | number, unknown>
  const { path, value } = assignment
  for (let depth = 0; depth < path.length - 1; depth += 1) {
    const part = path[depth] ?? ''
    if (container[part] === undefined || container[part] === null) {
      container[part] = {}
      made.push(path.slice(0, depth + 1))
    }
    container = container[part] as Record<string | number, unknown>
  }
  container[path.at(-1) ?? ''] = value
  return made
}

function scalarOf(text: string, equals: number): unknown {
  const written = text.slice(equals + 1)
  if (written.trim() === '') return ''
  const document = parseDocument(written, { prettyErrors: false })
  if (document.errors.length > 0 || !isScalar(document.contents)) {
    throw new InputError([`--set ${text}: the value has to be a number, a word or a text`])
  }
  return document.contents.value
}

function resolvePath(file: unknown, segments: readonly string[], text: string): Path {
  const path: (string | number)[] = []
  let node = file
  let next = 0
  while (next < segments.length) {
    const segment = segments[next] ?? ''
    if (Array.isArray(node)) {
      const member = memberOf(node, segments.slice(next))
      if (member === undefined)
        throw new InputError([stranger(node, segments[next] ?? '', path, text)])
      path.push(member.index)
      node = node[member.index]
      next += member.used
      continue
    }
    if (node !== undefined && node !== null && typeof node !== 'object') {
      const found = `${path.join('.')} is ${shown(node)} here`
      throw new InputError([`--set ${text}: ${found} and has no parts; write it out in the file`])
    }
    const last = path.at(-1)
    if (typeof last === 'string' && openMaps.includes(last)) {
      path.push(segments.slice(next).join('.'))
      return path
    }
    path.push(segment)
    node = (node as Record<string, unknown> | null | undefined)?.[segment]
    next += 1
  }
  return path
}

interface Member {
  readonly index: number
  /** Segments that its name took. */
  readonly used: number
}

/** The longest run of segments that is a name, else an index; undefined where there is none. */
function memberOf(list: readonly unknown[], segments: readonly string[]): Member | undefined {
  const names = list.map(nameOf)
  for (let used = segments.length; used >= 1; used -= 1) {
    const index = names.indexOf(segments.slice(0, used).join('.'))
    if (index !== -1) return { index, used }
  }
  const segment = segments[0] ?? ''
  const byId = names.length > 0 && names.every((name) => name !== undefined && isIndex(name))
  if (byId || !isIndex(segment) || Number(segment) >= list.length) return undefined
  return { index: Number(segment), used: 1 }
}

function isIndex(text: string): boolean {
  return /^\d+$/.test(text)
}

function stranger(list: readonly unknown[], segment: string, path: Path, text: string): string {
  const names = list.map(nameOf).filter((name) => name !== undefined)
  const there = names.length > 0 ? names.join(', ') : `0 to ${list.length - 1}`
  const hint = didYouMean(segment, names) || `: there are ${there}`
  return `--set ${text}: ${path.join('.')} has no "${segment}"${hint}`
}

function nameOf(member: unknown): string | undefined {
  if (typeof member !== 'object' || member === null) return undefined
  const { name, group, id } = member as Record<string, unknown>
  const found = name ?? group ?? id
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined
}
