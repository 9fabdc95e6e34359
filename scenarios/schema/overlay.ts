/**
 * A scenario file with what the command line lays over it, and where each value came from.
 *
 * Order: the file, then properties files, then `--topic-config`, then `--set`; the later goes
 * before the earlier. A finding about a laid value points at the properties file or names the
 * flag.
 */

import type { ConfigKind } from '../../model/kafka/config/classify.ts'
import { parseProperties, PropertiesSyntaxError } from '../../model/kafka/config/properties.ts'
import type { Path } from './findings.ts'
import { InputError } from './input-error.ts'
import { assign, resolveSet } from './set.ts'
import type { Source } from './source.ts'

export class Overlay {
  readonly value: unknown
  readonly #source: Source
  readonly #origins = new Map<string, string>()

  constructor(source: Source) {
    this.value = structuredClone(source.value)
    this.#source = source
  }

  /** The text of a `.properties` file for every config of its kind. */
  layProperties(kind: ConfigKind, text: string, file: string): void {
    for (const { key, value, line, column } of entriesOf(text, file)) {
      this.#layProperty(kind, key, value, `${file}:${line}:${column}`)
    }
  }

  /** `key=value` for every topic. */
  layTopicConfig(text: string): void {
    const equals = text.indexOf('=')
    if (equals < 1) {
      throw new InputError([
        `--topic-config ${text}: write a property and a value: min.insync.replicas=2`,
      ])
    }
    const key = text.slice(0, equals).trim()
    this.#layProperty('topic', key, text.slice(equals + 1).trim(), `--topic-config ${text}`)
  }

  laySet(text: string): void {
    const assignment = resolveSet(this.value, text)
    const place = `--set ${text}`
    for (const path of assign(this.value, assignment)) this.#remember(path, place)
    this.#remember(assignment.path, place)
  }

  locate(path: Path, aboutKey: boolean): string {
    for (let length = path.length; length > 0; length -= 1) {
      const place = this.#origins.get(JSON.stringify(path.slice(0, length)))
      if (place !== undefined) return place
    }
    return this.#source.locate(path, aboutKey)
  }

  #layProperty(kind: ConfigKind, key: string, value: string, place: string): void {
    for (const block of this.#blocksOf(kind)) {
      const path = [...block, key]
      assign(this.value, { path, value })
      this.#remember(path, place)
    }
  }

  #remember(path: Path, place: string): void {
    this.#origins.set(JSON.stringify(path), place)
  }

  /** Where configs of a kind stand in this file. */
  #blocksOf(kind: ConfigKind): readonly Path[] {
    if (kind === 'broker') return [['cluster', 'config']]
    if (kind === 'zookeeper') return [['cluster', 'zookeeperConfig']]
    const list = (this.value as Record<string, unknown>)[`${kind}s`]
    return Array.isArray(list) ? list.map((_, index) => [`${kind}s`, index, 'config']) : []
  }
}

function entriesOf(text: string, file: string): ReturnType<typeof parseProperties> {
  try {
    return parseProperties(text)
  } catch (error) {
    if (!(error instanceof PropertiesSyntaxError)) throw error
    throw new InputError([`${file}:${error.line}:${error.column}: ${error.message}`])
  }
}
