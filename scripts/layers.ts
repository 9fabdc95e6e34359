/**
 * The layers of the project, as a function over the text of its sources.
 *
 * `sim ← model/{record,history,facts,log} ← model/<system> ← scenarios ← reports ← cli`, with the
 * narrower rules of docs/specification/design.md §2. A layer that may use another's types alone
 * must say `import type`: only that leaves no import behind in the compiled file.
 */

import { posix } from 'node:path'

export interface SourceFile {
  /** From the root of the project, with forward slashes. */
  readonly path: string
  readonly text: string
}

export interface ImportLine {
  readonly line: number
  readonly specifier: string
  readonly typeOnly: boolean
}

interface Reference {
  /** Path from the root for a file of ours, otherwise the package or `node:` module. */
  readonly target: string
  readonly ours: boolean
  readonly typeOnly: boolean
}

type Allows = (reference: Reference, path: string) => boolean

interface Layer {
  readonly name: string
  readonly holds: (path: string) => boolean
  readonly allows: Allows
}

/** What a model may know of the world under it: neither the loop nor the faults. */
const simContracts = new Set(
  ['process', 'disk', 'random', 'arithmetic', 'registry', 'invariant'].map(
    (name) => `sim/${name}.ts`,
  ),
)

/** What a check reads. It shares neither code nor assumptions with what it judges. */
const judgedFrom = /^model\/(record|history|facts)\.ts$/

/** Arithmetic on numbers alone: an interval in an answer and one in a decision are the same. */
const intervals = 'scenarios/measures/intervals.ts'

const scenarioPackages = new Set(['fast-check', 'yaml', 'zod'])
const reportPackages = new Set(['picocolors', 'uplot', 'zod'])

const layers: readonly Layer[] = [
  {
    name: 'sim',
    holds: (path) => path.startsWith('sim/'),
    allows: ({ target, ours }) =>
      ours ? target.startsWith('sim/') : target === 'seedrandom/lib/alea.js',
  },
  {
    name: 'model/<system>',
    holds: (path) => systemOf(path) !== undefined,
    allows: ({ target, ours }, path) =>
      ours &&
      (simContracts.has(target) ||
        isShared(target) ||
        systemOf(target) === systemOf(path) ||
        (systemOf(path) === 'kafka' && isZooKeeperDoor(target))),
  },
  {
    name: 'model',
    holds: isShared,
    allows: ({ target, ours }) => ours && (simContracts.has(target) || isShared(target)),
  },
  {
    name: 'scenarios/checks',
    holds: (path) => path.startsWith('scenarios/checks/'),
    allows: ({ target, ours, typeOnly }) =>
      ours &&
      (target.startsWith('scenarios/checks/') ||
        target === 'sim/invariant.ts' ||
        judgedFrom.test(target) ||
        (typeOnly && target.startsWith('scenarios/'))),
  },
  {
    name: 'scenarios',
    holds: (path) => path.startsWith('scenarios/'),
    allows: ({ target, ours }) =>
      ours
        ? /^(sim|model|scenarios)\//.test(target)
        : scenarioPackages.has(target) || target.startsWith('node:'),
  },
  {
    name: 'reports',
    holds: (path) => path.startsWith('reports/'),
    allows: ({ target, ours, typeOnly }) =>
      ours
        ? target.startsWith('reports/') ||
          (typeOnly && target.startsWith('scenarios/')) ||
          target === intervals
        : reportPackages.has(target) || target.startsWith('node:'),
  },
  {
    name: 'cli',
    holds: (path) => path.startsWith('cli/'),
    allows: ({ target, ours }) => !ours || /^(sim|model|scenarios|reports|cli)\//.test(target),
  },
  {
    name: 'the library doors',
    holds: (path) => path === 'index.ts' || path === 'vitest.ts',
    allows: ({ target, ours }) =>
      ours ? target === 'index.ts' || /^(sim|model|scenarios|reports)\//.test(target) : true,
  },
]

function systemOf(path: string): string | undefined {
  const system = /^model\/([^/]+)\//.exec(path)?.[1]
  return system === 'log' ? undefined : system
}

function isShared(path: string): boolean {
  return path.startsWith('model/') && systemOf(path) === undefined
}

function isZooKeeperDoor(path: string): boolean {
  return /^model\/zookeeper\/(client|messages)(\.ts$|[-/])/.test(path)
}

const statement =
  /^(?:import|export)\s+(type\s+)?(?:(?:\{[^}]*\}|\*(?:\s+as\s+\w+)?|[\w$]+(?:\s*,\s*\{[^}]*\})?)\s+from\s+)?'([^']+)'/gm
const call = /\bimport\(\s*'([^']+)'\s*\)/g

export function importLines(text: string): ImportLine[] {
  const found: ImportLine[] = []
  for (const match of text.matchAll(statement)) {
    found.push({
      line: lineAt(text, match.index),
      specifier: match[2] ?? '',
      typeOnly: match[1] !== undefined,
    })
  }
  for (const match of text.matchAll(call)) {
    found.push({ line: lineAt(text, match.index), specifier: match[1] ?? '', typeOnly: false })
  }
  return found
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

/** One sentence for each import that crosses a layer the wrong way. */
export function layerViolations(files: readonly SourceFile[]): string[] {
  const violations: string[] = []
  for (const { path, text } of files) {
    const layer = layers.find((candidate) => candidate.holds(path))
    if (layer === undefined) {
      violations.push(`${path} belongs to no layer`)
      continue
    }
    for (const { line, specifier, typeOnly } of importLines(text)) {
      const ours = specifier.startsWith('.')
      const target = ours ? posix.join(posix.dirname(path), specifier) : specifier
      if (layer.allows({ target, ours, typeOnly }, path)) continue
      const what = typeOnly ? `the types of ${target}` : target
      violations.push(`${path}:${line}: ${layer.name} may not import ${what}`)
    }
  }
  return violations
}
