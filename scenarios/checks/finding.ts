/**
 * What a check found in one scope, before it is held against what was promised and expected.
 */

import type { Evidence, VerdictWord } from '../result.ts'

export interface Finding {
  readonly verdict: VerdictWord
  /**
   * Of a breach: whether any of it is of something promised. Else: whether configuration
   * promises it at all.
   */
  readonly promised: boolean
  readonly count: number
  /** Without a full stop. */
  readonly sentence: string
  /** How it came about, in words that are the same for every seed. */
  readonly mechanism: string
  readonly evidence: readonly Evidence[]
}

/** Pieces of evidence that a verdict carries. */
const EVIDENCE_MAX = 5

/**
 * Why something that a deleted topic held is not missed: the one excuse that is no breach at all.
 */
export const TOPIC_DELETED = 'not promised: its topic was deleted'

interface Kind {
  readonly mechanism: string
  count: number
  promised: number
}

/** Breaches counted by mechanism, with evidence of the first ones, the promised before the rest. */
export class Tally {
  count = 0
  promised = 0
  readonly #kinds: Kind[] = []
  readonly #promisedEvidence: Evidence[] = []
  readonly #otherEvidence: Evidence[] = []

  /** `excuse`: why it was not promised, or null. */
  add(mechanism: string, weight: number, excuse: string | null, evidence: () => Evidence): void {
    if (excuse === TOPIC_DELETED) return
    const kind = this.#kind(mechanism)
    kind.count += weight
    this.count += weight
    const kept = excuse === null ? this.#promisedEvidence : this.#otherEvidence
    if (kept.length < EVIDENCE_MAX) {
      const piece = evidence()
      kept.push(excuse === null ? piece : { ...piece, sentence: `${piece.sentence} (${excuse})` })
    }
    if (excuse !== null) return
    kind.promised += weight
    this.promised += weight
  }

  /** The commonest way in which a promise broke, or else the commonest of all. */
  get mechanism(): string {
    let main: Kind | undefined
    for (const kind of this.#kinds) {
      if (main === undefined || weigh(kind, main) > 0) main = kind
    }
    return main?.mechanism ?? ''
  }

  get evidence(): readonly Evidence[] {
    return [...this.#promisedEvidence, ...this.#otherEvidence].slice(0, EVIDENCE_MAX)
  }

  /** The finding of a check that broke. */
  broken(sentence: string): Finding {
    const { count, promised, mechanism, evidence } = this
    return { verdict: 'broken', promised: promised > 0, count, sentence, mechanism, evidence }
  }

  #kind(mechanism: string): Kind {
    let kind = this.#kinds.find((one) => one.mechanism === mechanism)
    if (kind === undefined) {
      kind = { mechanism, count: 0, promised: 0 }
      this.#kinds.push(kind)
    }
    return kind
  }
}

function weigh(left: Kind, right: Kind): number {
  if (left.promised !== right.promised) return left.promised - right.promised
  if (left.count !== right.count) return left.count - right.count
  return left.mechanism < right.mechanism ? 1 : -1
}

export function kept(promised: boolean, sentence: string): Finding {
  return plain('kept', promised, sentence)
}

export function unknown(promised: boolean, sentence: string): Finding {
  return plain('unknown', promised, sentence)
}

export function vacuous(promised: boolean, sentence: string): Finding {
  return plain('vacuous', promised, sentence)
}

function plain(verdict: VerdictWord, promised: boolean, sentence: string): Finding {
  return { verdict, promised, count: 0, sentence, mechanism: verdict, evidence: [] }
}
