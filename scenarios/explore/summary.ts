/**
 * What an exploration keeps of one run: enough to count, group and find it again.
 */

import type { Judged, VerdictWord } from '../result.ts'
import { biasNameOf, type Draws } from './draws.ts'
import { signatureKey } from './signature.ts'
import { vacuousReason } from './vacuous.ts'

export interface VerdictSummary {
  readonly check: string
  readonly scope: string
  readonly verdict: VerdictWord
  readonly signature: string
  /** Equal for failures that are one: check, level and mechanism. */
  readonly key: string
  readonly asExpected: boolean
  readonly expected: string | null
  readonly count: number
}

export interface RunSummary {
  readonly index: number
  /** How it was drawn; null where nothing was. */
  readonly bias: string | null
  /** What a generation gave it to draw, and from which run; null: its own. */
  readonly given: Draws | null
  readonly parent: number | null
  readonly seed: number
  readonly traceHash: string
  readonly ended: string
  readonly reason: string | null
  readonly virtualUs: number
  readonly events: number
  /** Of them, those after the heal. */
  readonly drainEvents: number
  readonly verdicts: readonly VerdictSummary[]
  /** Why it proves nothing, from the closed list; null if it can. */
  readonly vacuous: string | null
  /**
   * Probes reached around each kind of fault; in an exploration only what its island had not seen
   * in an earlier generation.
   */
  readonly reached: Readonly<Record<string, readonly string[]>>
  /** Thresholds that were missed, as written. */
  readonly missed: readonly string[]
  /** Names of probes reached. */
  readonly probes: readonly string[]
  /** Decisive evaluations by guard. */
  readonly guards: Readonly<Record<string, number>>
  readonly faults: number
  readonly refused: number
  readonly unknown: number
  readonly lost: number
  readonly duplicated: number
  readonly redelivered: number
  readonly reordered: number
  /** A leader changed because of a fault while produce was under way. */
  readonly electionUnderLoad: boolean
}

export function summarize(index: number, judged: Judged): RunSummary {
  const { result, measures } = judged
  const drawn = result.case.raw?.draws[0] as Draws | undefined
  return {
    index,
    bias: drawn === undefined ? null : biasNameOf(drawn, result.case.scenario),
    given: null,
    parent: null,
    seed: result.case.seed,
    traceHash: result.traceHash,
    ended: result.ended,
    reason: result.reason,
    virtualUs: result.virtualUs,
    events: result.events,
    drainEvents: result.drainEvents ?? 0,
    vacuous: vacuousReason(judged),
    reached: result.around ?? {},
    verdicts: judged.verdicts.map(
      ({ check, scope, verdict, signature, asExpected, expected, count }) => ({
        check,
        scope,
        verdict,
        signature,
        key: signatureKey({ check, scope, signature }),
        asExpected,
        expected,
        count,
      }),
    ),
    missed: judged.thresholds
      .filter(({ met }) => !met)
      .map(({ measure, rule }) => `${measure} ${rule}`),
    probes: Object.keys(result.probes),
    guards: result.guards,
    faults: result.struck.filter((one) => one.atUs !== null && one.refused === null).length,
    refused: result.struck.filter((one) => one.refused !== null).length,
    unknown: measures.operations.unknown,
    // Of a run that was ended early nothing is known to be lost.
    lost: measures.magnitudes.lost ?? 0,
    duplicated: measures.magnitudes.duplicated,
    redelivered: measures.magnitudes.redelivered,
    reordered: measures.magnitudes.reordered,
    electionUnderLoad: electionUnderLoad(judged),
  }
}

/** The summary of a run that threw. */
export function internalError(index: number, seed: number, error: unknown): RunSummary {
  return {
    index,
    bias: null,
    given: null,
    parent: null,
    seed,
    traceHash: '',
    ended: 'internal-error',
    reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    virtualUs: 0,
    events: 0,
    drainEvents: 0,
    vacuous: null,
    reached: {},
    verdicts: [],
    missed: [],
    probes: [],
    guards: {},
    faults: 0,
    refused: 0,
    unknown: 0,
    lost: 0,
    duplicated: 0,
    redelivered: 0,
    reordered: 0,
    electionUnderLoad: false,
  }
}

/** An election after a fault began, at a time when at least one send was open. */
function electionUnderLoad({ result }: Judged): boolean {
  const firstFault = Math.min(...result.struck.map((one) => one.atUs ?? Infinity))
  if (firstFault === Infinity) return false
  const { originUs } = result.phases
  const { sends } = result.history
  const invoked = sends.column('invokedUs')
  const ended = sends.column('endedUs')
  const leaders = new Map<number, number>()
  for (const change of result.leaders) {
    const before = leaders.get(change.partition)
    leaders.set(change.partition, change.leader)
    if (before === undefined || before === change.leader || change.leader === -1) continue
    if (change.atUs < firstFault) continue
    const at = change.atUs + originUs
    for (let row = 0; row < invoked.length; row += 1) {
      if ((invoked[row] as number) <= at && (ended[row] as number) >= at) return true
    }
  }
  return false
}
