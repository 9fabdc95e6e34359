/**
 * Which partition of `__consumer_offsets` keeps a group (KC 3.1).
 *
 * The hash is that of java.lang.String: 31-polynomial over UTF-16 units in 32-bit arithmetic.
 */

/** `String.hashCode()` of Java, a signed 32-bit integer. */
export function javaHash(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at += 1) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0
  }
  return hash
}

/** The partition number of a group; the absolute value of the least integer counts as 0. */
export function groupPartition(groupId: string, partitions: number): number {
  const hash = javaHash(groupId)
  return hash === -0x80000000 ? 0 : Math.abs(hash) % partitions
}
