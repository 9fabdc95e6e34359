/**
 * A histogram of whole numbers in the layout of HdrHistogram: relative error at most 0.1 %.
 *
 * Values are counted in buckets that double in width, each cut into 1024 steps (the first into
 * 2048), so that three significant digits are kept from 1 µs to days in a few thousand counters.
 * Left out: a smallest unit other than 1, coordinated omission, encoding.
 */

/** log2 of the steps of a bucket; three significant digits. */
const STEP_BITS = 10
const STEPS = 1 << STEP_BITS
const FIRST_STEPS = STEPS * 2

/** Values that stand for an even distribution. */
const EVEN_PARTS = 32

export class Histogram {
  count = 0
  /** Exact. */
  max = 0
  min: number = Infinity
  #sum = 0
  #counts = new Float64Array(FIRST_STEPS)

  /** Records a value of at least 0; a fraction is cut off. */
  record(value: number, times = 1): void {
    const whole = Math.max(0, Math.floor(value))
    this.#count(placeOf(whole), whole, times)
  }

  /** Takes over all that another one has recorded. */
  add(other: Histogram): void {
    if (other.count === 0) return
    if (other.#counts.length > this.#counts.length) this.#grow(other.#counts.length - 1)
    for (let at = 0; at < other.#counts.length; at += 1) {
      this.#counts[at] = (this.#counts[at] as number) + (other.#counts[at] as number)
    }
    this.count += other.count
    this.#sum += other.#sum
    this.max = Math.max(this.max, other.max)
    this.min = Math.min(this.min, other.min)
  }

  /** Records so many values that lie evenly between two; of very many, some stand for the rest. */
  recordEven(low: number, high: number, times: number): void {
    if (times === 1 || low === high) {
      this.record((low + high) / 2, times)
      return
    }
    const parts = Math.min(times, EVEN_PARTS)
    const greatest = Math.max(0, Math.floor(Math.max(low, high)))
    if (placeOf(greatest) >= this.#counts.length) this.#grow(placeOf(greatest))
    const counts = this.#counts
    // Most have the bucket of the one before them: it is looked for when they leave it.
    let first = 0
    let perStep = 1
    let from = 0
    let below = FIRST_STEPS
    let before = 0
    let sum = 0
    for (let part = 1; part <= parts; part += 1) {
      const until = Math.floor((part * times) / parts)
      const whole = Math.max(0, Math.floor(low + ((part - 0.5) / parts) * (high - low)))
      if (whole < from || whole >= below) {
        const bucket = halvings(whole)
        const width = widthOf(bucket)
        first = bucket * STEPS
        perStep = 1 / width
        from = bucket === 0 ? 0 : STEPS * width
        below = FIRST_STEPS * width
      }
      // A width is a power of two: its inverse is exact.
      const at = first + Math.floor(whole * perStep)
      counts[at] = (counts[at] as number) + (until - before)
      sum += whole * (until - before)
      before = until
      if (whole > this.max) this.max = whole
      if (whole < this.min) this.min = whole
    }
    this.count += times
    this.#sum += sum
  }

  #count(at: number, whole: number, times: number): void {
    if (at >= this.#counts.length) this.#grow(at)
    this.#counts[at] = (this.#counts[at] as number) + times
    this.count += times
    this.#sum += whole * times
    if (whole > this.max) this.max = whole
    if (whole < this.min) this.min = whole
  }

  /** Exact. */
  get mean(): number {
    return this.count === 0 ? 0 : this.#sum / this.count
  }

  /** The value that so many percent of all values do not exceed; the upper end of its step. */
  percentile(percent: number): number {
    if (this.count === 0) return 0
    const exact = (percent / 100) * this.count
    // A product that is a whole number may come out one unit in the last place above it.
    const wanted = Math.max(1, Math.ceil(exact - exact * Number.EPSILON))
    let seen = 0
    for (let at = 0; at < this.#counts.length; at += 1) {
      seen += this.#counts[at] as number
      if (seen >= wanted) return Math.min(highestOf(at), this.max)
    }
    return this.max
  }

  #grow(at: number): void {
    const grown = new Float64Array((Math.floor(at / STEPS) + 2) * STEPS)
    grown.set(this.#counts)
    this.#counts = grown
  }
}

/** How often a value has to be halved until it is below 2048. */
function halvings(value: number): number {
  const high = Math.floor(value / 4_294_967_296)
  const bits = high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(value)
  return Math.max(0, bits - STEP_BITS - 1)
}

function placeOf(value: number): number {
  const bucket = halvings(value)
  return bucket * STEPS + Math.floor(value / widthOf(bucket))
}

/** How many values are one step of a bucket. */
function widthOf(bucket: number): number {
  return bucket < 31 ? 1 << bucket : 2 * widthOf(bucket - 1)
}

/** The greatest value that is counted at a place. */
function highestOf(place: number): number {
  if (place < FIRST_STEPS) return place
  const bucket = Math.floor(place / STEPS) - 1
  return (place - bucket * STEPS + 1) * widthOf(bucket) - 1
}
