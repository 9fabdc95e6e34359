/**
 * The decision on which a failure turned: one thing is flipped at a time and the case run again.
 *
 * Tried are leaving out an entry of the timeline, another draw of the nemesis, and the delay of one
 * message near the breach. A flip counts only where the same check is kept in the run that has it.
 * Left out: other orders of simultaneous events, and two flips at once.
 */

import type { Draw } from '../../sim/random.ts'
import type { TraceEvent } from '../../sim/trace.ts'
import type { Case } from '../case.ts'
import { seconds } from '../checks/words.ts'
import { judge } from '../judge.ts'
import type { Judged, Verdict } from '../result.ts'
import { run } from '../run.ts'
import { type Account, spoken } from './story.ts'

/** Runs for one failure, at most. */
export const PIVOT_RUNS_MAX = 60
/** Messages are looked at so near to a step of the account. */
const NEAR_US = 250_000

/** A flip that saves the run, and the run that shows it. */
export interface Saved {
  readonly kind: 'entry' | 'draw' | 'delay'
  /** What was flipped: `broker-1 is not paused (entry 2 of the timeline)`. */
  readonly what: string
  /** From t = 0; null for an entry without a time. */
  readonly atUs: number | null
  readonly traceHash: string
  readonly case: Case
}

export interface Pivot {
  readonly check: Verdict['check']
  readonly scope: string
  readonly traceHash: string
  /** Flips that were run. */
  readonly tried: number
  readonly saved: readonly Saved[]
  /** The smallest that saves it: one draw before a whole entry, the last entry before others. */
  readonly told: Saved | null
  readonly sentence: string
}

interface Flip {
  readonly kind: Saved['kind']
  readonly what: string
  readonly atUs: number | null
  readonly case: Case
}

export interface PivotOptions {
  readonly runsMax?: number
  /** Asked before each run: enough time was spent. */
  readonly enough?: () => boolean
}

/** `judged` is the run that broke it; `account` says where to look. */
export function pivotOf(
  judged: Judged,
  verdict: Verdict,
  account: Account,
  options: PivotOptions = {},
): Pivot {
  const { runsMax = PIVOT_RUNS_MAX, enough = () => false } = options
  const one = judged.result.case
  const saved: Saved[] = []
  let tried = 0
  const attempt = (flip: Flip): boolean => {
    if (tried >= runsMax || enough()) return false
    tried += 1
    const traceHash = hashIfKept(flip.case, verdict)
    if (traceHash !== null) saved.push({ ...flip, traceHash })
    return traceHash !== null
  }
  for (const flip of entryFlips(judged)) attempt(flip)
  for (const flip of drawFlips(one, judged, account)) if (attempt(flip)) break
  const told = saved.find(({ kind }) => kind !== 'entry') ?? latest(saved)
  const { traceHash } = judged.result
  const { check, scope } = verdict
  const sentence = sentenceOf(told, { check, scope, traceHash, tried })
  return { check, scope, traceHash, tried, saved, told, sentence }
}

/** The hash of a run in which the promise does not break; null if it does or is unknown. */
function hashIfKept(one: Case, { check, scope }: Verdict): string | null {
  const judged = judge(run(one), { series: false })
  const again = judged.verdicts.find((other) => other.check === check && other.scope === scope)
  // Without any fault a promise is vacuous: nothing was left that could have broken it.
  const stands = again?.verdict === 'kept' || again?.verdict === 'vacuous'
  return stands ? judged.result.traceHash : null
}

/** Of several entries the last to strike: it is nearest to the breach. */
function latest(saved: readonly Saved[]): Saved | null {
  let found: Saved | null = null
  for (const one of saved) {
    if (found === null || (one.atUs ?? 0) >= (found.atUs ?? 0)) found = one
  }
  return found
}

function sentenceOf(
  told: Saved | null,
  seen: Pick<Pivot, 'check' | 'scope' | 'traceHash' | 'tried'>,
): string {
  const promise = `${seen.check} ${seen.scope}`
  if (told === null) {
    return `None of ${seen.tried} single flips saves ${promise}: it does not turn on one decision.`
  }
  const when = told.atUs === null ? '' : ` at ${seconds(told.atUs)}`
  return (
    `It turned on this${when}: where ${told.what}, ${promise} does not break ` +
    `(trace ${told.traceHash} in place of ${seen.traceHash}).`
  )
}

/** The timeline without one of its entries, for each that took effect. */
function entryFlips({ result }: Judged): Flip[] {
  const { case: one, struck } = result
  return struck
    .filter(({ atUs, refused }) => atUs !== null && refused === null)
    .map(({ index, kind, target, atUs, resolved }) => {
      const whom = (resolved ?? []).slice(0, 3).map(spoken).join(', ')
      const of = whom === '' ? target : `${target} (${whom})`
      return {
        kind: 'entry',
        what: `the ${kind} of ${of} does not happen`,
        atUs,
        case: { ...one, timeline: one.timeline.filter((_entry, at) => at !== index) },
      }
    })
}

interface Drawn {
  readonly stream: string
  readonly nth: number
  readonly value: number
  readonly atUs: number
  readonly event: number
}

/** Draws of the nemesis, then messages between those of whom the account speaks, near its steps. */
function* drawFlips(one: Case, judged: Judged, account: Account): Generator<Flip> {
  const { originUs } = judged.result.phases
  const moments = account.steps.flatMap(({ atUs }) => (atUs === null ? [] : [atUs + originUs]))
  if (moments.length === 0) return
  const seen = observe(one, moments)
  for (const drawn of seen.draws) {
    if (!isOfFault(drawn.stream)) continue
    const value = drawn.value < 0.5 ? 0.999 : 0
    yield {
      kind: 'draw',
      what: faultText(drawn),
      atUs: drawn.atUs - originUs,
      case: withDraw(one, { stream: drawn.stream, nth: drawn.nth, value }),
    }
  }
  const processes = new Set(account.steps.flatMap(({ process }) => process ?? []))
  const messages = seen.draws.filter(({ stream }) => isBetween(stream, processes))
  messages.sort((a, b) => nearness(a, moments) - nearness(b, moments) || a.nth - b.nth)
  for (const drawn of messages) {
    const [from = '', to = ''] = drawn.stream.replace('latency:', '').split('→')
    const type = seen.sent.get(`${drawn.event}/${to}`) ?? 'packet'
    yield {
      kind: 'delay',
      what: `the ${type} from ${spoken(from)} to ${spoken(to)} is slower on its way`,
      atUs: drawn.atUs - originUs,
      case: withDraw(one, { stream: drawn.stream, nth: drawn.nth, value: SLOWEST }),
    }
  }
}

function isOfFault(stream: string): boolean {
  return stream.startsWith('nemesis/') || stream.startsWith('disk:')
}

/** What a draw of a fault decides: whether and where it cuts a handler, what a disk keeps. */
function faultText({ stream, nth, value }: Drawn): string {
  if (stream.startsWith('disk:')) {
    const kept = value < 0.5 ? 'more' : 'less'
    return `the disk ${stream.replace('disk:', '')} keeps ${kept} of what was not synced (its draw ${nth})`
  }
  const entry = stream.replace('nemesis/', '')
  if (nth === 1 && value < 0.5) return `${entry} strikes between two handlers, not inside one`
  if (nth === 1) return `${entry} strikes inside a handler, not between two`
  return `${entry} cuts its handler ${value < 0.5 ? 'later' : 'earlier'}`
}

/** As slow as a link gets: 36 times its mean jitter. */
const SLOWEST = 0.9999999999999999

function withDraw(one: Case, draw: Draw): Case {
  return { ...one, draws: [...(one.draws ?? []), draw] }
}

function isBetween(stream: string, processes: ReadonlySet<string>): boolean {
  if (!stream.startsWith('latency:')) return false
  const [from = '', to = ''] = stream.replace('latency:', '').split('→')
  return processes.has(from) || processes.has(to)
}

function nearness({ atUs }: Drawn, moments: readonly number[]): number {
  return Math.min(...moments.map((moment) => Math.abs(moment - atUs)))
}

interface Seen {
  readonly draws: Drawn[]
  /** Type of the message that an event sent to a process, by `event/process`. */
  readonly sent: ReadonlyMap<string, string>
}

/** One more run: every draw near some moments, and what was sent then. */
function observe(one: Case, moments: readonly number[]): Seen {
  const draws: Drawn[] = []
  const sent = new Map<string, string>()
  const ordered = moments.slice().sort((a, b) => a - b)
  const near = (us: number): boolean => ordered.some((moment) => Math.abs(moment - us) <= NEAR_US)
  let clock = (): number => 0
  let event = 0
  run(one, {
    witness: (now) => {
      clock = now
      return silent
    },
    drawn: (stream, nth, value) => {
      const atUs = clock()
      if (!isOfFault(stream) && !near(atUs)) return
      draws.push({ stream, nth, value, atUs, event })
    },
    sink: {
      event: ({ sequence, kind, name, process, cause }: TraceEvent) => {
        event = sequence
        if (kind === 'message') sent.set(`${cause}/${process}`, name)
      },
      probe: () => {},
    },
  })
  return { draws, sent }
}

/** A witness who only lends its clock. */
const silent = {
  trimmed: () => {},
  appended: () => {},
  truncated: () => {},
  dropped: () => {},
  lostUnsynced: () => {},
  highWatermark: () => {},
  ledFrom: () => {},
  ledUntil: () => {},
  leaderIsr: () => {},
  stateCommitted: () => {},
  exposed: () => {},
  acknowledged: () => {},
  damaged: () => {},
  brokerStarted: () => {},
  brokerStopped: () => {},
}
