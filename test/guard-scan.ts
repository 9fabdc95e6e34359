/**
 * What the sources of the models do with guards and error names, read from their syntax trees.
 *
 * A name of an error counts as *given* unless it is compared with, listed, or a type. It is given
 * under a guard if an `if` or a conditional around it asks `….guard(…)`, itself or through a
 * constant of the same file.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAst } from 'vitest/node'

export interface GuardUse {
  /** `Guard.<code name>` in the call. */
  readonly name: string
  readonly path: string
}

export interface GivenError {
  readonly error: string
  /** From the root of the project, with forward slashes. */
  readonly path: string
  readonly line: number
}

export interface ModelSource {
  readonly path: string
  readonly text: string
}

interface Node {
  readonly type: string
  readonly start: number
  readonly [key: string]: unknown
}

/** Errors that a check answers with; the rest of Kafka's names tell of time, storage and size. */
const answersOfChecks =
  /^(FENCED|STALE|INVALID|UNKNOWN|ILLEGAL|NOT|OUT|OFFSET|DUPLICATE|INELIGIBLE|MEMBER|REBALANCE|INCONSISTENT|GROUP|PRODUCER_FENCED|MESSAGE|RECORD)_?[A-Z_]*$/

export function modelSources(root: string): ModelSource[] {
  return readdirSync(join(root, 'model'), { recursive: true, encoding: 'utf8' })
    .map((name) => `model/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** Every `Guard.x` in the first argument of a call of `guard`, or of a constant given to one. */
export function guardUses({ path, text }: ModelSource): GuardUse[] {
  const uses: GuardUse[] = []
  const tree = parsed(text)
  const chosen = new Map<string, Node>()
  visit(tree, (node) => {
    if (node.type !== 'VariableDeclarator') return
    const { id, init } = node as unknown as { id: Node; init: Node | null }
    if (id.type === 'Identifier' && init !== null) chosen.set(id['name'] as string, init)
  })
  visit(tree, (node) => {
    if (!isGuardCall(node)) return
    const [first] = node['arguments'] as Node[]
    const subject =
      first?.type === 'Identifier' ? chosen.get(first['name'] as string) : (first ?? undefined)
    visit(subject, (part) => {
      if (part.type !== 'MemberExpression') return
      const { object, property } = part as unknown as { object: Node; property: Node }
      if (object.type === 'Identifier' && object['name'] === 'Guard')
        uses.push({ name: property['name'] as string, path })
    })
  })
  return uses
}

/** Names of errors that are given without a guard around them. */
export function unguardedErrors({ path, text }: ModelSource): GivenError[] {
  const found: GivenError[] = []
  const tree = parsed(text)
  const asked = new Set<string>()
  visit(tree, (node) => {
    if (node.type !== 'VariableDeclarator') return
    const { id, init } = node as unknown as { id: Node; init: Node | null }
    if (id.type === 'Identifier' && contains(init, isGuardCall)) asked.add(id['name'] as string)
  })
  const asksGuard = (test: unknown): boolean =>
    contains(
      test,
      (node) =>
        isGuardCall(node) || (node.type === 'Identifier' && asked.has(node['name'] as string)),
    )
  visit(tree, (node, ancestors) => {
    if (node.type !== 'Literal' || typeof node['value'] !== 'string') return
    if (!answersOfChecks.test(node['value']) || !isGiven(ancestors)) return
    const guarded = ancestors.some((ancestor, at) => {
      if (ancestor.type !== 'IfStatement' && ancestor.type !== 'ConditionalExpression') return false
      const child = ancestors[at + 1] ?? node
      return child !== ancestor['test'] && asksGuard(ancestor['test'])
    })
    if (guarded) return
    const line = text.slice(0, node.start).split('\n').length
    found.push({ error: node['value'], path, line })
  })
  return found
}

function isGiven(ancestors: readonly Node[]): boolean {
  const parent = ancestors.at(-1)
  if (parent === undefined) return false
  if (parent.type === 'BinaryExpression') return false
  return parent.type !== 'SwitchCase' && parent.type !== 'ArrayExpression'
}

function isGuardCall(node: Node): boolean {
  if (node.type !== 'CallExpression') return false
  const callee = node['callee'] as Node
  return callee.type === 'MemberExpression' && (callee['property'] as Node)['name'] === 'guard'
}

function parsed(text: string): unknown {
  return parseAst(text, { lang: 'ts' }).body
}

function contains(tree: unknown, wanted: (node: Node) => boolean): boolean {
  let found = false
  visit(tree, (node) => {
    found ||= wanted(node)
  })
  return found
}

/** Casts and checks stand around values; every other node of the type language holds none. */
const transparent = ['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression']

function visit(
  tree: unknown,
  on: (node: Node, ancestors: readonly Node[]) => void,
  ancestors: readonly Node[] = [],
): void {
  if (Array.isArray(tree)) {
    for (const part of tree) visit(part, on, ancestors)
    return
  }
  if (typeof tree !== 'object' || tree === null) return
  const node = tree as Node
  if (typeof node.type !== 'string') return
  if (node.type.startsWith('TS') && !transparent.includes(node.type)) return
  on(node, ancestors)
  const within = [...ancestors, node]
  for (const value of Object.values(node)) {
    if (typeof value === 'object' && value !== null) visit(value, on, within)
  }
}
