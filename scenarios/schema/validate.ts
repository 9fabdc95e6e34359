/**
 * Holds a value against the schema and says each thing that is wrong in one line.
 */

import type { z } from 'zod'
import { type Finding, pathText } from './findings.ts'
import { scenarioJsonSchema } from './json-schema.ts'
import { didYouMean, didYouMeanOf } from './nearest.ts'
import { shown } from './shown.ts'
import type { ScenarioFile } from './surface.ts'
import { scenarioFileSchema } from './surface-schema.ts'

type Issue = z.core.$ZodIssue

export type Validated =
  | { readonly file: ScenarioFile }
  | { readonly file: undefined; readonly findings: readonly Finding[] }

export function validateScenarioFile(value: unknown): Validated {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = 'a scenario has keys: name, system, duration, topics and so on'
    return { file: undefined, findings: [{ path: [], message }] }
  }
  // For editors; it says nothing about the scenario.
  const { $schema: _, ...rest } = value as Record<string, unknown>
  const parsed = scenarioFileSchema.safeParse(rest, { error: sentenceOf, reportInput: true })
  if (parsed.success) return { file: parsed.data }
  return {
    file: undefined,
    findings: saidOnce(parsed.error.issues.flatMap((issue) => findingsOf(issue, []))),
  }
}

/** A slip in a key that is needed is one thing that is wrong, not two. */
function saidOnce(findings: readonly Finding[]): readonly Finding[] {
  const slips = new Set<string>()
  for (const { path, message, aboutKey } of findings) {
    const meant = aboutKey === true ? /did you mean "(.*)"\?$/.exec(message)?.[1] : undefined
    if (meant !== undefined) slips.add(pathText([...path.slice(0, -1), `needs "${meant}"`]))
  }
  return findings.filter(({ path, message }) => !slips.has(pathText([...path, message])))
}

function findingsOf(issue: Issue, base: readonly PropertyKey[]): readonly Finding[] {
  const path = [...base, ...issue.path].map((part) =>
    typeof part === 'symbol' ? String(part) : part,
  )
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `unknown key "${key}"${didYouMeanOf(key, keysAt(path))}`,
      aboutKey: true,
    }))
  }
  if (issue.code === 'invalid_union') {
    const branch = bestBranch(issue.errors)
    return branch.flatMap((inner) => findingsOf(inner, path))
  }
  if (issue.code === 'invalid_key') {
    const message = issue.issues[0]?.message ?? issue.message
    return [{ path, message, aboutKey: true }]
  }
  const absent = issue.code === 'invalid_type' || issue.code === 'invalid_value'
  if (absent && issue.input === undefined && path.length > 0) {
    const missing = String(path.at(-1))
    return [{ path: path.slice(0, -1), message: `needs "${missing}"` }]
  }
  return [{ path, message: issue.message }]
}

/** The branch the author most likely meant: of the right type, with the fewest findings. */
function bestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const fits = branches.filter(
    (issues) => !issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0),
  )
  let best = fits[0]
  for (const branch of fits) {
    if (best === undefined || branch.length < best.length) best = branch
  }
  if (best !== undefined) return best
  // No branch takes this type at all: the one that speaks of units says it best.
  const all = branches.flat()
  const first = all.find((issue) => issue.message.includes('unit')) ?? all[0]
  return first === undefined ? [] : [first]
}

/** Sentences for what zod finds; schemas with a sentence of their own go first. */
function sentenceOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `needs ${article(issue.expected)}, not ${shown(issue.input)}`
    case 'invalid_value': {
      const words = issue.values.map(String)
      const said = String(issue.input)
      const hint = didYouMean(said, words)
      return `${shown(issue.input)} is none of ${words.join(', ')}${hint}`
    }
    case 'too_small':
      return issue.origin === 'array'
        ? `needs at least ${issue.minimum} entry`
        : `needs a number ${issue.inclusive === false ? 'above' : 'of at least'} ${issue.minimum}`
    case 'too_big':
      return `needs a number of at most ${issue.maximum}`
    default:
      return undefined
  }
}

const articles: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys and values',
  record: 'keys and values',
}

function article(expected: string): string {
  return articles[expected] ?? `a ${expected}`
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode | boolean
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
}

let whole: SchemaNode | undefined

/** The keys that may stand at a path, from the schema for editors. */
function keysAt(path: readonly (string | number)[]): readonly string[] {
  whole ??= scenarioJsonSchema() as SchemaNode
  let nodes: readonly SchemaNode[] = [whole]
  for (const part of path) nodes = nodes.flatMap(branches).flatMap((node) => child(node, part))
  const keys = nodes.flatMap(branches).flatMap((node) => Object.keys(node.properties ?? {}))
  return keys.filter((key) => key !== '$schema')
}

function branches(node: SchemaNode): readonly SchemaNode[] {
  return node.anyOf === undefined ? [node] : node.anyOf.flatMap(branches)
}

function child(node: SchemaNode, part: string | number): readonly SchemaNode[] {
  if (typeof part === 'number') return node.items === undefined ? [] : [node.items]
  const found = node.properties?.[part]
  if (found !== undefined) return [found]
  return typeof node.additionalProperties === 'object' ? [node.additionalProperties] : []
}
