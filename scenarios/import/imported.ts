/**
 * What an import gives: a scenario as its author would write it, and remarks on what was assumed.
 */

import { stringify } from 'yaml'
import { InputError } from '../schema/input-error.ts'
import { didYouMeanOf } from '../schema/nearest.ts'
import type { Source } from '../schema/source.ts'
import type { ScenarioFile } from '../schema/surface.ts'

export interface Imported {
  readonly scenario: ScenarioFile
  /** One sentence each. */
  readonly notes: readonly string[]
}

/** YAML with the notes above it. */
export function importedText({ scenario, notes }: Imported, from: string): string {
  const head = [`Imported from ${from}.`, ...notes].map((line) => `# ${line}\n`).join('')
  return head + stringify(scenario, { lineWidth: 100, aliasDuplicateObjects: false })
}

/** A name that scenarios and topics may have. */
export function slug(text: string): string {
  const words = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
  return words === '' ? 'imported' : words.slice(0, 60)
}

/** The keys of a file, read one by one; every slip is one line with its place. */
export class Keys {
  readonly lines: string[] = []
  readonly #source: Source
  readonly #values: Readonly<Record<string, unknown>>

  /** Throws `InputError` where the file is no map. */
  constructor(source: Source, known: readonly string[], what: string) {
    this.#source = source
    const { value } = source
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new InputError([`${source.locate([], false)}: is not ${what}`])
    }
    this.#values = value as Record<string, unknown>
    for (const key of Object.keys(this.#values)) {
      if (known.includes(key)) continue
      this.#add(key, `unknown key "${key}"${didYouMeanOf(key, known)}`, true)
    }
  }

  /** Whether the key has exactly this value. */
  is(key: string, value: number): boolean {
    return this.#values[key] === value
  }

  /** A number of at least `least`; `otherwise` where the key is absent, or an error without. */
  number(key: string, least: number, otherwise?: number): number {
    const value = this.#values[key]
    if (value === undefined || value === null) {
      if (otherwise !== undefined) return otherwise
      this.lines.push(`${this.#source.locate([], false)}: needs "${key}"`)
      return least
    }
    if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value
    this.#add(key, `${key} is ${JSON.stringify(value)}: write a number of at least ${least}`)
    return least
  }

  whole(key: string, least: number, otherwise?: number): number {
    const value = this.number(key, least, otherwise)
    if (Number.isInteger(value)) return value
    this.#add(key, `${key} is ${value}: write a whole number`)
    return Math.max(least, Math.floor(value))
  }

  text(key: string, otherwise: string): string {
    const value = this.#values[key]
    if (value === undefined || value === null) return otherwise
    if (typeof value === 'string') return value
    this.#add(key, `${key} is ${JSON.stringify(value)}: write a text`)
    return otherwise
  }

  wrong(key: string, message: string): void {
    this.#add(key, message)
  }

  /** Throws `InputError` with everything that was wrong. */
  finish(): void {
    if (this.lines.length > 0) throw new InputError(this.lines)
  }

  #add(key: string, message: string, aboutKey = false): void {
    this.lines.push(`${this.#source.locate([key], aboutKey)}: ${message}`)
  }
}
