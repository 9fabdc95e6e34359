/**
 * Reads the text of a scenario file and remembers where each value stands.
 *
 * YAML 1.2, of which JSON is a part. Places are looked up by path only when something is wrong.
 */

import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml'
import type { Path } from './findings.ts'
import { InputError } from './input-error.ts'

export interface Source {
  readonly value: unknown
  /** `file:line:column` of a value, or of the last key of the path. */
  locate(path: Path, aboutKey: boolean): string
}

/** What is longer is something else, and a parser would be at it for minutes. */
const CHARACTERS_MAX = 1_000_000

/** Throws `InputError` where the text is no YAML. */
export function readSource(text: string, file: string): Source {
  if (text.length > CHARACTERS_MAX) {
    const size = `${(text.length / 1e6).toFixed(1)} million characters`
    const mend = 'a scenario file takes one million, a load curve goes into a CSV'
    throw new InputError([`${file}:1:1: has ${size}: ${mend}`])
  }
  if (/[\0\uFFFD]/.test(text))
    throw new InputError([`${file}: is no text: write YAML or JSON, in UTF-8`])
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  })
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  // What a parser says after the first mostly follows from it.
  const [wrong] = [...document.errors, ...document.warnings]
  if (wrong !== undefined) {
    throw new InputError([`${place(wrong.pos[0])}: ${sentenceOf(wrong)}`])
  }
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key)) return
      const offset = isNode(key) ? (key.range?.[0] ?? 0) : 0
      throw new InputError([`${place(offset)}: a key has to be one word, such as name:`])
    },
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return
      const { source } = alias
      const mend = `put &${source} before a value that stands above, or put the text in quotes`
      throw new InputError([
        `${place(alias.range?.[0] ?? 0)}: nothing is called *${source}: ${mend}`,
      ])
    },
  })
  return {
    value: valueOf(document, file),
    locate: (path, aboutKey) => place(offsetOf(document, path, aboutKey)),
  }
}

/** A value without a text, such as the export of a module. */
export function sourceOf(value: unknown, file: string): Source {
  return { value, locate: () => file }
}

function sentenceOf({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here: write one scenario a file'
  const line = message.split('\n')[0] ?? message
  return line.charAt(0).toLowerCase() + line.slice(1)
}

/** Aliases of aliases can stand for more than any memory holds. */
function valueOf(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS()
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    throw new InputError([`${file}:1:1: its aliases repeat too much: write the values out`])
  }
}

/** The place of the deepest part of the path that is there. */
function offsetOf(document: Document.Parsed, path: Path, aboutKey: boolean): number {
  let node: Node | null = document.contents
  let offset = node?.range?.[0] ?? 0
  for (const [index, part] of path.entries()) {
    node = isAlias(node) ? (node.resolve(document) ?? null) : node
    const last = index === path.length - 1
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === part)
      if (pair === undefined) return offset
      const key = pair.key as Node
      node = pair.value as Node | null
      const range = (last && aboutKey) || isEmpty(node) ? key.range : node?.range
      offset = range?.[0] ?? offset
    } else if (isSeq(node) && typeof part === 'number') {
      node = (node.items[part] as Node | undefined) ?? null
      offset = node?.range?.[0] ?? offset
    } else {
      return offset
    }
  }
  return offset
}

function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null)
}
