/**
 * Reads quantities as authors write them: `20ms`, `10k/s`, `64MiB`, `125MB/s`, `80%`.
 *
 * A quantity becomes an integer in the one unit of its kind; a number without a unit is an error
 * that says how to mend it, because nobody remembers which unit was meant. kB, MB and GB are
 * powers of 1000, KiB, MiB and GiB powers of 1024. Left out: calendars and time zones.
 */

import { shown } from './shown.ts'

/** What is wrong with a quantity, in one line with the mend. */
export class UnitError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnitError'
  }
}

type Scale = Readonly<Record<string, number>>

/** One kind of quantity: its units, and the words for messages. */
interface Kind {
  readonly scale: Scale
  readonly what: string
  readonly like: string
  /** The unit that a bare number most likely meant. */
  readonly usual: string
}

const US_BY_UNIT: Scale = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
}

const BYTES_BY_UNIT: Scale = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1_024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
  TiB: 1_099_511_627_776,
}

const BYTES_PER_SECOND_BY_UNIT: Scale = {
  'B/s': 1,
  'kB/s': 1e3,
  'KB/s': 1e3,
  'MB/s': 1e6,
  'GB/s': 1e9,
  'KiB/s': 1_024,
  'MiB/s': 1_048_576,
  'GiB/s': 1_073_741_824,
  'kbit/s': 125,
  'Mbit/s': 125_000,
  'Gbit/s': 125_000_000,
}

const PER_SECOND_BY_UNIT: Scale = { '/s': 1, 'k/s': 1e3, 'M/s': 1e6 }

const QUANTITY = /^(-?)(\d+)(?:\.(\d+))? ?([A-Za-z%/]+)$/

const kinds = {
  duration: { scale: US_BY_UNIT, what: 'a duration', like: '20ms, 10s, 5m', usual: 's' },
  size: { scale: BYTES_BY_UNIT, what: 'a size', like: '100B, 8KiB, 64MiB', usual: 'B' },
  bandwidth: {
    scale: BYTES_PER_SECOND_BY_UNIT,
    what: 'a bandwidth',
    like: '125MB/s, 1Gbit/s',
    usual: 'MB/s',
  },
  rate: { scale: PER_SECOND_BY_UNIT, what: 'a rate', like: '200/s, 10k/s', usual: '/s' },
  share: { scale: { '%': 1 }, what: 'a share', like: '80%, 2.5%', usual: '%' },
} satisfies Record<string, Kind>

/** `250us 20ms 10s 5m 2h` as microseconds. */
export function parseDuration(text: unknown): number {
  return whole(text, kinds.duration)
}

/** A duration that may be negative: `-5s`. */
export function parseSignedDuration(text: unknown): number {
  if (typeof text === 'string' && text.startsWith('-')) return -parseDuration(text.slice(1))
  return parseDuration(text)
}

/** `100B 8KiB 64MiB` as bytes. */
export function parseBytes(text: unknown): number {
  return whole(text, kinds.size)
}

/** `125MB/s 1Gbit/s` as bytes a second. */
export function parseBandwidth(text: unknown): number {
  return whole(text, kinds.bandwidth)
}

/** `200/s 10k/s 0.5/s` as a number a second, not always whole. */
export function parseRate(text: unknown): number {
  return scaled(text, kinds.rate)
}

/** `80%` as 0.8. */
export function parseShare(text: unknown): number {
  return scaled(text, kinds.share) / 100
}

function whole(text: unknown, kind: Kind): number {
  const value = scaled(text, kind)
  if (!Number.isInteger(value)) {
    const least = Object.keys(kind.scale)[0] ?? ''
    throw new UnitError(`${shown(text)} is finer than 1${least}, the smallest that counts`)
  }
  if (!Number.isSafeInteger(value)) throw new UnitError(`${shown(text)} is too large`)
  return value
}

function scaled(text: unknown, { scale, what, like, usual }: Kind): number {
  const bare = typeof text === 'number' || (typeof text === 'string' && /^-?[\d.]+$/.test(text))
  if (bare) {
    const mend = `${what} is written ${like} (${text}${usual}?)`
    throw new UnitError(`${shown(text)} needs a unit: ${mend}`)
  }
  if (typeof text !== 'string') throw new UnitError(`needs ${what}, such as ${like}`)
  const match = QUANTITY.exec(text)
  if (match === null) throw new UnitError(`"${text}" is not ${what}: write ${like}`)
  if (match[1] === '-') throw new UnitError(`"${text}" is negative: ${what} is at least 0`)
  const unit = match[4] ?? ''
  const factor = Object.hasOwn(scale, unit) ? scale[unit] : undefined
  if (factor === undefined) {
    const units = Object.keys(scale).join(' ')
    throw new UnitError(`"${text}" has no unit of ${what}: the units are ${units}`)
  }
  return exact(match[2] ?? '0', match[3] ?? '', factor)
}

/** `1.5` times a whole factor without the rounding of a binary fraction. */
function exact(integer: string, fraction: string, factor: number): number {
  let divisor = 1
  for (let digit = 0; digit < fraction.length; digit += 1) divisor *= 10
  return (Number(integer + fraction) * factor) / divisor
}

const printedDurations: readonly (readonly [unit: string, us: number])[] = [
  ['h', 3_600_000_000],
  ['m', 60_000_000],
  ['s', 1_000_000],
  ['ms', 1_000],
  ['us', 1],
]

/** The shortest way to write so many microseconds, which `parseDuration` reads back. */
export function formatDuration(us: number): string {
  if (us === 0) return '0s'
  const sign = us < 0 ? '-' : ''
  const size = us < 0 ? -us : us
  for (const [unit, scale] of printedDurations) {
    if (size % scale === 0) return `${sign}${size / scale}${unit}`
  }
  return `${us}us`
}
