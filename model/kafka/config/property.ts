/**
 * One property of the product's configuration, and a list of them.
 *
 * The names, types and defaults are facts of Kafka 3.9.0 and ZooKeeper 3.8.4. A property is
 * *simulated* (the model acts on it) or *known* (the product has it, here it changes nothing);
 * a name that stands in no list is unknown.
 */

export type PropertyClass = 'simulated' | 'known'

export type PropertyType =
  'boolean' | 'int' | 'long' | 'double' | 'string' | 'list' | 'class' | 'password'

export type PropertyUnit = 'ms' | 's' | 'min' | 'h' | 'bytes' | 'bytes/s' | '%' | 'ticks' | 'count'

export type PropertyValue = string | number | boolean

export interface Property {
  readonly name: string
  readonly class: PropertyClass
  readonly type: PropertyType
  readonly unit?: PropertyUnit
  /** `null`: the product has no value unless one is given. */
  readonly default: PropertyValue | null
  readonly least?: number
  readonly most?: number
  /** The only words that are valid. */
  readonly words?: readonly string[]
  /** What it does in the model, or why it does nothing here. */
  readonly sentence: string
}

export type PropertyList = ReadonlyMap<string, Property>

export function rangeSentence(property: Property): string {
  const { least, most } = property
  if (least !== undefined && most !== undefined) return `must be between ${least} and ${most}`
  return least === undefined ? `must be at most ${most}` : `must be at least ${least}`
}

/** Bounds and words of one row, beside what every row has. */
export interface Shape {
  readonly type?: PropertyType
  readonly unit?: PropertyUnit
  readonly least?: number
  readonly most?: number
  readonly words?: readonly string[]
}

/** A property that the model acts on; its type follows from the default or stands in the shape. */
export function simulated(
  name: string,
  value: PropertyValue | null,
  shape: Shape,
  sentence: string,
): Property {
  const type = shape.type ?? typeOf(value)
  return { ...shape, name, class: 'simulated', type, default: value, sentence }
}

export type KnownRow = readonly [name: string, type: PropertyType, value: PropertyValue | null]

/** Properties that change nothing here, all for one reason. */
export function known(sentence: string, rows: readonly KnownRow[]): readonly Property[] {
  return rows.map(([name, type, value]) => {
    const unit = unitOf(name)
    const property: Property = { name, class: 'known', type, default: value, sentence }
    return unit === undefined ? property : { ...property, unit }
  })
}

const unitBySuffix: readonly (readonly [suffix: string, unit: PropertyUnit])[] = [
  ['.ms', 'ms'],
  ['.seconds', 's'],
  ['.secs', 's'],
  ['.minutes', 'min'],
  ['.hours', 'h'],
  ['.bytes.per.second', 'bytes/s'],
  ['.bytes', 'bytes'],
  ['.percentage', '%'],
]

function unitOf(name: string): PropertyUnit | undefined {
  return unitBySuffix.find(([suffix]) => name.endsWith(suffix))?.[1]
}

function typeOf(value: PropertyValue | null): PropertyType {
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'string' ? 'string' : 'long'
}

/** A name may stand in one list only once. */
export function listOf(...parts: readonly (readonly Property[])[]): PropertyList {
  const list = new Map<string, Property>()
  for (const part of parts) {
    for (const property of part) {
      if (list.has(property.name)) throw new Error(`The list has ${property.name} twice.`)
      list.set(property.name, property)
    }
  }
  return list
}
