/**
 * The fields of a hardware profile in the words of its author.
 */

const words: Readonly<Record<string, string>> = {
  pageCacheBytes: 'memory',
  disks: 'disk.count',
  diskBytesPerSecond: 'disk.bandwidth',
  diskOperationUs: 'disk.operation',
  diskSpaceBytes: 'disk.space',
  syncUs: 'disk.sync',
  nicBytesPerSecond: 'nic',
}

/** A field as an author writes it. */
export function wordOf(field: string): string {
  return words[field] ?? field
}
