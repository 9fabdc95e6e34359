/**
 * Reads typed values out of a map of properties: the value given, else Kafka's default.
 *
 * Refuses what Kafka refuses at start: a word where a number belongs, a number out of range,
 * a word that is not among the valid ones. Unknown names are none of its business (see
 * `classify`), so that a view can be built from a map that serves several readers.
 */

import type { PropertyValue } from './property.ts'
import { type Property, type PropertyList, rangeSentence } from './property.ts'

/** Dotted names with the values as they were given: a text, or already a number or boolean. */
export type Properties = Readonly<Record<string, PropertyValue>>

/** A value that the product refuses to start with; `property` names the key to point at. */
export class ConfigException extends Error {
  readonly property: string

  constructor(property: string, sentence: string) {
    super(sentence)
    this.name = 'ConfigException'
    this.property = property
  }
}

export interface Reader {
  /** Whether the map itself has the property, its default aside. */
  has(name: string): boolean
  string(name: string): string
  boolean(name: string): boolean
  int(name: string): number
  /** A number, or undefined where neither the map nor Kafka has a value. */
  optional(name: string): number | undefined
  /** A number, or undefined where the map does not have it, whatever the default. */
  given(name: string): number | undefined
  list(name: string): readonly string[]
  oneOf<Word extends string>(name: string, words: readonly Word[]): Word
  refuse(name: string, sentence: string): never
}

export function createReader(list: PropertyList, properties: Properties): Reader {
  const value = (name: string): PropertyValue | null => {
    const given = properties[name]
    return given === undefined ? propertyOf(list, name).default : given
  }
  const refuse = (name: string, sentence: string): never => {
    throw new ConfigException(name, `${name} = ${String(value(name))}: ${sentence}`)
  }
  const optional = (name: string): number | undefined => {
    const found = value(name)
    return found === null || found === '' ? undefined : numberOf(propertyOf(list, name), found)
  }
  const string = (name: string): string => wordOf(propertyOf(list, name), value(name) ?? '')
  return {
    has: (name) => properties[name] !== undefined,
    string,
    boolean: (name) => booleanOf(propertyOf(list, name), value(name) ?? false),
    int: (name) => optional(name) ?? refuse(name, 'needs a value'),
    optional,
    given: (name) => (properties[name] === undefined ? undefined : optional(name)),
    list: (name) => wordsOf(value(name) ?? ''),
    oneOf: (name, words) => {
      const word = string(name)
      const found = words.find((candidate) => candidate === word)
      return found ?? refuse(name, `must be one of ${words.join(', ')}`)
    },
    refuse,
  }
}

/** Throws `ConfigException` where the value is not one the product would start with. */
export function validate(property: Property, given: PropertyValue): void {
  switch (property.type) {
    case 'boolean':
      booleanOf(property, given)
      return
    case 'int':
    case 'long':
    case 'double':
      if (given !== '' || property.default !== null) numberOf(property, given)
      return
    case 'string':
      wordOf(property, given)
      return
    case 'list':
    case 'class':
    case 'password':
      return
  }
}

function propertyOf(list: PropertyList, name: string): Property {
  const property = list.get(name)
  if (property === undefined) throw new Error(`The list has no property ${name}.`)
  return property
}

function numberOf(property: Property, given: PropertyValue): number {
  const number = typeof given === 'string' ? Number(given.trim() || 'none') : Number(given)
  const whole = property.type !== 'double'
  if (typeof given === 'boolean' || !Number.isFinite(number) || (whole && number % 1 !== 0)) {
    refuseValue(property, given, whole ? 'must be a whole number' : 'must be a number')
  }
  const { least, most } = property
  if ((least !== undefined && number < least) || (most !== undefined && number > most)) {
    refuseValue(property, given, rangeSentence(property))
  }
  // 2^63 - 1 stands for "never"; any number past the safe range means the same.
  return whole && number > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : small(number)
}

/**
 * The same number as V8 keeps small integers. A number that went through a field of doubles, as
 * the defaults do, stays a boxed double, and so does all that is reckoned from it: one such count
 * of partitions made a double of every partition id.
 */
function small(number: number): number {
  const word = number | 0
  return word === number ? word : number
}

function booleanOf(property: Property, given: PropertyValue): boolean {
  const word = String(given).trim().toLowerCase()
  if (word === 'true') return true
  if (word === 'false') return false
  return refuseValue(property, given, 'must be true or false')
}

function wordOf(property: Property, given: PropertyValue): string {
  const word = String(given).trim()
  const words = property.words
  if (words !== undefined && word !== '' && !words.includes(word)) {
    refuseValue(property, given, `must be one of ${words.join(', ')}`)
  }
  return word
}

function wordsOf(given: PropertyValue): readonly string[] {
  return String(given)
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

function refuseValue(property: Property, given: PropertyValue, sentence: string): never {
  throw new ConfigException(property.name, `${property.name} = ${String(given)}: ${sentence}`)
}
