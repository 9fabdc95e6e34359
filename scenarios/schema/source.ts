/**
 * Reads the text of a scenario file and remembers where each value stands.
 *
 * YAML 1.2, of which JSON is a part. Places are looked up by path only when something is wrong.
 */

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml'
import type { Path } from './findings.ts'
import { InputError } from './input-error.ts'

export interface Source {
  readonly value: unknown
  /** `file:line:column` of a value, or of the last key of the path. */
  locate(path: Path, aboutKey: boolean): string
}

/** Throws `InputError` where the text is no YAML. */
export function readSource(text: string, file: string): Source {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  if (document.errors.length > 0) {
    throw new InputError(
      document.errors.map((error) => `${place(error.pos[0])}: ${firstLine(error.message)}`),
    )
  }
  return {
    value: document.toJS(),
    locate: (path, aboutKey) => place(offsetOf(document, path, aboutKey)),
  }
}

/** A value without a text, such as the export of a module. */
export function sourceOf(value: unknown, file: string): Source {
  return { value, locate: () => file }
}

function firstLine(message: string): string {
  const line = message.split('\n')[0] ?? message
  return line.charAt(0).toLowerCase() + line.slice(1)
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
