/**
 * Which protocol moments were reached around which faults: what an exploration calls new.
 *
 * Probes are counted anyway. At each strike the counts are kept; what has grown until the next one,
 * or until the heal, was reached around the fault that struck.
 */

import { probeEntries } from '../../sim/registry.ts'

export class Around {
  readonly #counts: Float64Array
  readonly #before: Float64Array
  readonly #reached = new Map<string, Set<number>>()
  /** The kind of the last strike; null before the first and after the heal. */
  #kind: string | null = null

  /** `counts`: by probe, growing while the run goes on. */
  constructor(counts: Float64Array) {
    this.#counts = counts
    this.#before = new Float64Array(counts.length)
  }

  struck(kind: string): void {
    this.#close()
    this.#before.set(this.#counts)
    this.#kind = kind
  }

  healed(): void {
    this.#close()
    this.#kind = null
  }

  /** Names of probes by kind of fault, in the order of names. */
  byKind(): Readonly<Record<string, readonly string[]>> {
    const entries = probeEntries()
    const found: Record<string, readonly string[]> = {}
    for (const kind of [...this.#reached.keys()].sort(byText)) {
      const ids = [...(this.#reached.get(kind) as Set<number>)]
      found[kind] = ids.map((id) => entries[id]?.name ?? '').sort(byText)
    }
    return found
  }

  #close(): void {
    if (this.#kind === null) return
    let reached = this.#reached.get(this.#kind)
    if (reached === undefined) {
      reached = new Set()
      this.#reached.set(this.#kind, reached)
    }
    for (let probe = 0; probe < this.#counts.length; probe += 1) {
      if ((this.#counts[probe] as number) > (this.#before[probe] as number)) reached.add(probe)
    }
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1
}
