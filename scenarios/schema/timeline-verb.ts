/**
 * What the reader of timeline entries knows of a verb, and the options that many verbs share.
 */

import type { Options } from './options.ts'
import { parsePartition, type PartitionName } from './target.ts'
import type { TimelineEntry } from './timeline.ts'

/** An entry without its time. */
export type Deed<Entry = TimelineEntry> = Entry extends TimelineEntry
  ? Omit<Entry, 'atUs' | 'on' | 'forUs' | 'permanent'>
  : never

export interface Verb {
  /** The option that a value stands for when it is a phrase or a list. */
  readonly subject: string
  /** An interval takes `for`. */
  readonly interval: boolean
  /** It also takes `for: ever`. */
  readonly permanent?: true
  readonly read: (options: Options) => Deed
}

export const BROKER = 'broker 1'

/** `orders-0` under `name`, or `topic` and `partition` as canonical JSON has them. */
export function readPartition(options: Options, name: string): PartitionName {
  if (options.has('topic')) {
    const topic = options.text('topic', 'orders')
    const partition = options.count('partition', 0)
    return options.findings.attempt([...options.path, 'topic'], { topic, partition }, () =>
      parsePartition(`${topic}-${partition}`, options.names),
    )
  }
  const written = options.text(name, 'orders-0')
  if (written === '') return { topic: '', partition: 0 }
  return options.findings.attempt([...options.path, name], { topic: '', partition: 0 }, () =>
    parsePartition(written, options.names),
  )
}

/** Names of guarded behaviours with their levels, such as `{ truncation: kip-101 }`. */
export function readProtocols(
  options: Options,
): { readonly protocols: Readonly<Record<string, string>> } | undefined {
  const value = options.value('protocols')
  if (value === undefined) return undefined
  const plain = typeof value === 'object' && value !== null && !Array.isArray(value)
  const entries = plain ? Object.entries(value) : []
  if (!plain || entries.some(([, level]) => typeof level !== 'string')) {
    options.refuse('protocols', 'needs names with levels, such as { truncation: kip-101 }')
    return undefined
  }
  return { protocols: Object.fromEntries(entries) as Record<string, string> }
}
