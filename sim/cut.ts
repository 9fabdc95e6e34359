/**
 * How the handler in flight is to end where its effects are cut: by a crash, a pause, its own exit.
 *
 * Effects are counted by a budget. Those beyond it are lost, or kept for the resume of a pause.
 * They are named with what they were given, because a closure would cost every effect of every run
 * an allocation.
 */

/** How a handler in flight is to end, when its effects are cut. */
export type Ending = 'crash' | 'pause' | 'exit'

/** An effect that a pause has cut, to be performed at the resume. */
interface Late {
  readonly effect: (...given: never[]) => unknown
  readonly given: readonly unknown[]
}

export class Cut {
  /** Null where nothing is cut, as mostly. */
  ending: Ending | null = null
  /** Effects that it may still have. */
  #budget = Infinity
  /** Some effect has been cut. */
  #spent = false
  #late: Late[] = []

  begin(ending: Ending, effects: number): void {
    this.ending = ending
    this.#budget = effects
    this.#spent = false
  }

  end(): void {
    this.ending = null
    this.#budget = Infinity
  }

  /** True while the handler runs on beyond its end: what it does now never happens. */
  get posthumous(): boolean {
    return this.#spent && this.ending !== null && this.ending !== 'pause'
  }

  /** True if an effect is beyond the cut; a pause keeps it. */
  takes<Given extends readonly unknown[]>(
    effect: (...given: Given) => unknown,
    ...given: Given
  ): boolean {
    if (this.#budget > 0) {
      this.#budget -= 1
      return false
    }
    this.#spent = true
    if (this.ending === 'pause') this.#late.push({ effect, given })
    return true
  }

  /** What a pause has cut, to be performed now. */
  takeLate(): readonly Late[] {
    const late = this.#late
    this.#late = []
    return late
  }

  forget(): void {
    this.#late = []
    this.end()
  }
}
