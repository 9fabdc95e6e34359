/**
 * How far a long command is: one line written over on a terminal, a line every 10 s elsewhere.
 *
 * Always on stderr, so that stdout holds the answer alone.
 */

import type { Terminal } from './terminal.ts'

const LIVE_EVERY_MS = 100
const LINE_EVERY_MS = 10_000

export class ProgressLine {
  readonly #terminal: Terminal
  readonly #silent: boolean
  #shownMs: number
  #open = false

  constructor(terminal: Terminal, silent: boolean) {
    this.#terminal = terminal
    this.#silent = silent
    this.#shownMs = terminal.now()
  }

  /** `text` is asked for only when it is time to show it. */
  show(text: () => string): void {
    if (this.#silent) return
    const { live } = this.#terminal
    const now = this.#terminal.now()
    if (now - this.#shownMs < (live ? LIVE_EVERY_MS : LINE_EVERY_MS)) return
    this.#shownMs = now
    this.#terminal.err(live ? `\r\u001B[K${text()}` : `${text()}\n`)
    this.#open = live
  }

  /** Counts each call: `simulations: 12`. */
  counting(what: string): () => void {
    let count = 0
    return () => {
      count += 1
      this.show(() => `${what}: ${count}`)
    }
  }

  /** Leaves a clean line behind. */
  end(): void {
    if (this.#open) this.#terminal.err('\r\u001B[K')
    this.#open = false
  }
}

/** `12 s`, `3 min`, for what is left. */
export function roughly(ms: number): string {
  if (ms < 100_000) return `${Math.ceil(ms / 1_000)} s`
  return `${Math.ceil(ms / 60_000)} min`
}
