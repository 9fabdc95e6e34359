/**
 * Sorts rows by a time in whole µs, without a comparison: a radix sort over eleven bits a pass.
 */

const BITS = 11
const BUCKETS = 1 << BITS

/** Up to so many rows insertion is quicker, and nearly sorted rows cost next to nothing. */
const SMALL = 256

/** The numbers 0 … length − 1 in the order of their times; equal times keep their order. */
export function inTimeOrder(times: Float64Array): Int32Array {
  const rows = new Int32Array(times.length)
  for (let at = 0; at < rows.length; at += 1) rows[at] = at
  return times.length <= SMALL ? inserted(rows, times) : radixed(rows, times)
}

function inserted(rows: Int32Array, times: Float64Array): Int32Array {
  for (let at = 1; at < rows.length; at += 1) {
    const row = rows[at] as number
    const time = times[row] as number
    let hole = at
    while (hole > 0 && (times[rows[hole - 1] as number] as number) > time) {
      rows[hole] = rows[hole - 1] as number
      hole -= 1
    }
    rows[hole] = row
  }
  return rows
}

function radixed(rows: Int32Array, times: Float64Array): Int32Array {
  let least = Infinity
  let most = -Infinity
  for (let at = 0; at < times.length; at += 1) {
    least = Math.min(least, times[at] as number)
    most = Math.max(most, times[at] as number)
  }
  let from: Int32Array = rows
  let to: Int32Array = new Int32Array(rows.length)
  const starts = new Int32Array(BUCKETS + 1)
  for (let unit = 1; unit <= most - least; unit *= BUCKETS) {
    starts.fill(0)
    for (let at = 0; at < from.length; at += 1) {
      const bucket = Math.floor(((times[at] as number) - least) / unit) % BUCKETS
      starts[bucket + 1] = (starts[bucket + 1] as number) + 1
    }
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      starts[bucket + 1] = (starts[bucket + 1] as number) + (starts[bucket] as number)
    }
    for (let at = 0; at < from.length; at += 1) {
      const row = from[at] as number
      const bucket = Math.floor(((times[row] as number) - least) / unit) % BUCKETS
      const place = starts[bucket] as number
      to[place] = row
      starts[bucket] = place + 1
    }
    const swapped = from
    from = to
    to = swapped
  }
  return from
}
