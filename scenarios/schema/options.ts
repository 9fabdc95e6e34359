/**
 * Reads the options of one timeline entry, by name and kind, and finds what is left over.
 *
 * Each quantity may be written with a unit (`for: 8s`) or, as canonical JSON has it, as an
 * integer whose name says the unit (`forUs: 8000000`).
 */

import type { Findings, Path } from './findings.ts'
import type { Names } from './names.ts'
import { didYouMean, didYouMeanOf, nearest } from './nearest.ts'
import { shown } from './shown.ts'
import { parseTarget } from './target.ts'
import type { Target } from './timeline.ts'
import { parseBandwidth, parseDuration, parseSignedDuration } from './units.ts'

export class Options {
  readonly path: Path
  readonly names: Names
  readonly findings: Findings
  readonly #values: Readonly<Record<string, unknown>>
  readonly #read = new Set<string>()

  constructor(
    values: Readonly<Record<string, unknown>>,
    path: Path,
    names: Names,
    findings: Findings,
  ) {
    this.#values = values
    this.path = path
    this.names = names
    this.findings = findings
  }

  /** The same place with other values, for what is written in two ways. */
  with(values: Readonly<Record<string, unknown>>): Options {
    return new Options(values, this.path, this.names, this.findings)
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined
  }

  value(name: string): unknown {
    this.#read.add(name)
    return this.#values[name]
  }

  /** Reports a finding about one option, or about the whole entry where it is not there. */
  refuse(name: string, message: string): void {
    this.findings.add(this.has(name) ? [...this.path, name] : this.path, message)
  }

  needs(name: string, like: string): boolean {
    if (this.has(name)) return true
    this.findings.add(this.path, `needs "${name}", such as ${name}: ${like}`)
    return false
  }

  duration(name: string): number | undefined {
    return this.#quantity(name, 'Us', parseDuration)
  }

  signedDuration(name: string): number | undefined {
    return this.#quantity(name, 'Us', parseSignedDuration)
  }

  bandwidth(name: string, canonical: string): number | undefined {
    const exact = this.value(canonical)
    return typeof exact === 'number' ? exact : this.#quantity(name, '', parseBandwidth)
  }

  target(name: string, like: string): Target {
    const otherwise: Target = { of: 'all-brokers' }
    this.value(name)
    if (!this.needs(name, like)) return otherwise
    return this.findings.attempt([...this.path, name], otherwise, () =>
      parseTarget(this.#values[name], this.names),
    )
  }

  /** A whole number of at least `least`; without `otherwise` it has to be there. */
  count(name: string, least: number, otherwise?: number): number {
    const value = this.value(name)
    if (value === undefined && otherwise !== undefined) return otherwise
    if (!this.needs(name, String(least))) return least
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
    this.refuse(name, `needs a whole number of at least ${least}`)
    return least
  }

  number(name: string, otherwise?: number): number {
    const value = this.value(name)
    if (value === undefined && otherwise !== undefined) return otherwise
    if (!this.needs(name, '10')) return 1
    if (typeof value === 'number' && Number.isFinite(value)) return value
    this.refuse(name, 'needs a number')
    return 1
  }

  factor(name: string, otherwise?: number): number {
    const value = this.number(name, otherwise)
    if (value > 0) return value
    this.refuse(name, 'needs a factor above 0: 10 is ten times as slow')
    return 1
  }

  boolean(name: string, otherwise: boolean): boolean {
    const value = this.value(name)
    if (value === undefined) return otherwise
    if (typeof value === 'boolean') return value
    this.refuse(name, 'needs true or false')
    return otherwise
  }

  text(name: string, like: string): string {
    const value = this.value(name)
    if (!this.needs(name, like)) return ''
    if (typeof value === 'string') return value
    this.refuse(name, `needs a name, such as ${like}`)
    return ''
  }

  word<Word extends string>(name: string, words: readonly Word[], otherwise: Word): Word {
    const value = this.value(name)
    if (value === undefined) return otherwise
    const found = words.find((word) => word === value)
    if (found !== undefined) return found
    const hint = typeof value === 'string' ? didYouMean(value, words) : ''
    this.refuse(name, `${shown(value)} is none of ${words.join(', ')}${hint}`)
    return otherwise
  }

  /** Every option that nothing has read is a slip. */
  refuseRest(): void {
    const words = [...this.#read].filter((name) => !name.endsWith('Us'))
    for (const name of Object.keys(this.#values)) {
      if (this.#read.has(name)) continue
      const hint = didYouMeanOf(name, words)
      const meant = nearest(name, words)
      if (meant !== undefined && !this.has(meant)) this.findings.dropNeed(this.path, meant)
      this.findings.addKey([...this.path, name], `unknown option "${name}"${hint}`)
    }
  }

  #quantity(name: string, suffix: string, parse: (value: unknown) => number): number | undefined {
    const exact = suffix === '' ? undefined : this.value(name + suffix)
    if (exact !== undefined) {
      if (typeof exact === 'number' && Number.isSafeInteger(exact)) return exact
      this.refuse(name + suffix, 'needs a whole number of microseconds')
      return 0
    }
    const value = this.value(name)
    if (value === undefined) return undefined
    return this.findings.attempt([...this.path, name], 0, () => parse(value))
  }
}
