/**
 * Which partition a record goes to, as the Java producer of Kafka 3.9 decides it (KC 1.4).
 *
 * A key goes to murmur2 of its bytes modulo the number of all partitions, so a changed number
 * moves keys (HZ P10). Without a key the built-in partitioner of KIP-794 stays with one partition
 * for about a batch, then draws the next one, busy partitions less often than idle ones. Left out:
 * partitioner classes of one's own and those before 3.3.
 */

import type { Stream } from '../../sim/random.ts'

const SEED = 0x9747b28c
const MULTIPLIER = 0x5bd1e995

/** Kafka's murmur2 of a key in UTF-8, as a signed 32-bit number. */
export function murmur2(key: string): number {
  let codes = 0
  let hash = SEED ^ key.length
  const whole = key.length & ~3
  for (let index = 0; index < whole; index += 4) {
    const first = key.charCodeAt(index)
    const second = key.charCodeAt(index + 1)
    const third = key.charCodeAt(index + 2)
    const fourth = key.charCodeAt(index + 3)
    codes |= first | second | third | fourth
    hash = mixed(hash, first | (second << 8) | (third << 16) | (fourth << 24))
  }
  for (let index = key.length - 1; index >= whole; index -= 1) {
    const code = key.charCodeAt(index)
    codes |= code
    hash ^= code << (8 * (index - whole))
  }
  // As a rule keys are ASCII: a character is a byte.
  if (codes > 0x7f) return murmur2OfBytes(utf8(key))
  if (key.length > whole) hash = Math.imul(hash, MULTIPLIER)
  return finished(hash)
}

/** The partition of a key among all partitions of its topic, also those without a leader. */
export function partitionOfKey(key: string, partitions: number): number {
  return partitionOfHash(murmur2(key), partitions)
}

/** The same, of the key's hash. */
export function partitionOfHash(hash: number, partitions: number): number {
  return (hash & 0x7fffffff) % partitions
}

/** What the built-in partitioner knows of a topic when it chooses. */
export interface PartitionChoice {
  /** Number of all partitions. */
  readonly partitions: number
  /** Numbers of those that have a leader. */
  readonly available: readonly number[]
  /**
   * Batches that wait for each of `available`, negative for one whose broker takes no data; null
   * without statistics (adaptive partitioning is off, or some partition has no queue yet).
   */
  readonly queueSizes: readonly number[] | null
}

/** Draws the partition to stay with next. */
export function choosePartition(choice: PartitionChoice, random: Stream): number {
  const { partitions, available, queueSizes } = choice
  if (available.length === 0) return random.int(partitions)
  if (queueSizes === null) return random.pick(available)
  let longest = -1
  for (const size of queueSizes) if (size > longest) longest = size
  if (longest < 0) return random.pick(available)
  let total = 0
  for (const size of queueSizes) if (size >= 0) total += longest + 1 - size
  let rest = random.int(total)
  for (let index = 0; index < available.length; index += 1) {
    const size = queueSizes[index] as number
    if (size < 0) continue
    rest -= longest + 1 - size
    if (rest < 0) return available[index] as number
  }
  return random.pick(available)
}

/** The partition that unkeyed records of one topic go to for now. */
export interface StickyPartition {
  /** −1 before the first choice. */
  partition: number
  /** Bytes given to it since it was chosen. */
  producedBytes: number
}

export function createStickyPartition(): StickyPartition {
  return { partition: -1, producedBytes: 0 }
}

/**
 * True if it is time for another partition: after a batch's worth of bytes once its last batch is
 * full or its queue empty, and after twice that in any case (KIP-794).
 */
export function isSwitchDue(
  sticky: StickyPartition,
  batchSize: number,
  lastBatchFull: boolean,
): boolean {
  if (sticky.partition < 0) return true
  if (sticky.producedBytes >= 2 * batchSize) return true
  return sticky.producedBytes >= batchSize && lastBatchFull
}

export function switchTo(sticky: StickyPartition, partition: number): void {
  sticky.partition = partition
  sticky.producedBytes = 0
}

function murmur2OfBytes(bytes: readonly number[]): number {
  let hash = SEED ^ bytes.length
  const whole = bytes.length & ~3
  for (let index = 0; index < whole; index += 4) {
    let word = 0
    for (let byte = 3; byte >= 0; byte -= 1) word = (word << 8) | (bytes[index + byte] as number)
    hash = mixed(hash, word)
  }
  const tail = bytes.length - whole
  for (let byte = tail - 1; byte >= 0; byte -= 1)
    hash ^= (bytes[whole + byte] as number) << (8 * byte)
  if (tail > 0) hash = Math.imul(hash, MULTIPLIER)
  return finished(hash)
}

function mixed(hash: number, word: number): number {
  let mixedWord = Math.imul(word, MULTIPLIER)
  mixedWord ^= mixedWord >>> 24
  return Math.imul(hash, MULTIPLIER) ^ Math.imul(mixedWord, MULTIPLIER)
}

function finished(hash: number): number {
  let result = hash ^ (hash >>> 13)
  result = Math.imul(result, MULTIPLIER)
  return result ^ (result >>> 15)
}

function utf8(text: string): number[] {
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0) as number
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), continuation(code))
    else if (code < 0x10000)
      bytes.push(0xe0 | (code >> 12), continuation(code >> 6), continuation(code))
    else {
      bytes.push(0xf0 | (code >> 18), continuation(code >> 12))
      bytes.push(continuation(code >> 6), continuation(code))
    }
  }
  return bytes
}

function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f)
}
