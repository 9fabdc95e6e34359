/**
 * Flips: the case of a run with one thing changed, those most likely to matter first.
 *
 * What can be changed is seen in one more run: its draws, its ties and its messages near the steps
 * of the account. Whether a flip saves the run is for `pivot.ts` to find out.
 */

import type { Draw } from '../../sim/random.ts'
import type { TraceEvent } from '../../sim/trace.ts'
import type { Case } from '../case.ts'
import type { Judged } from '../result.ts'
import { run } from '../run.ts'
import { type Account, spoken } from './story.ts'
import { flippedText, likelyTies, type MetTie, TieWatch } from './ties.ts'

/** What can be flipped: an entry left out, a draw of a fault, who came first, a message's way. */
export type FlipKind = 'entry' | 'draw' | 'tie' | 'delay'

export interface Flip {
  readonly kind: FlipKind
  readonly what: string
  readonly atUs: number | null
  readonly case: Case
}

/** Ties and messages are looked at so near to a step of the account. */
const NEAR_US = 250_000

/** The timeline without one of its entries, for each that took effect. */
export function entryFlips({ result }: Judged): Flip[] {
  const { case: one, struck } = result
  return struck
    .filter(({ atUs, refused }) => atUs !== null && refused === null)
    .map(({ index, kind, target, atUs, resolved }) => {
      const whom = (resolved ?? []).slice(0, 3).map(spoken).join(', ')
      const of = whom === '' || whom === spoken(target) ? target : `${target} (${whom})`
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

/** Finer than a whole entry, by kind; each in the order in which to try. */
export interface FinerFlips {
  readonly draws: readonly Flip[]
  readonly ties: readonly Flip[]
  readonly delays: readonly Flip[]
}

/**
 * Draws of faults anywhere; ties and messages of those of whom the account speaks, near its steps.
 */
export function finerFlips(judged: Judged, account: Account): FinerFlips {
  const { case: one, phases } = judged.result
  const { originUs } = phases
  const moments = account.steps.flatMap(({ atUs }) => (atUs === null ? [] : [atUs + originUs]))
  if (moments.length === 0) return { draws: [], ties: [], delays: [] }
  const seen = observe(one, moments)
  const processes = new Set(account.steps.flatMap(({ process }) => process ?? []))
  const messages = seen.draws.filter(({ stream }) => isBetween(stream, processes))
  messages.sort((a, b) => nearness(a, moments) - nearness(b, moments) || a.nth - b.nth)
  return {
    draws: seen.draws.flatMap((drawn) => {
      if (!isOfFault(drawn.stream)) return []
      const value = drawn.value < 0.5 ? 0.999 : 0
      return {
        kind: 'draw',
        what: faultText(drawn),
        atUs: drawn.atUs - originUs,
        case: withDraw(one, { ...drawn, value }),
      }
    }),
    ties: likelyTies(seen.ties, { moments, processes }).map((tie) => ({
      kind: 'tie',
      what: flippedText(tie),
      atUs: tie.atUs - originUs,
      case: withTie(one, tie),
    })),
    delays: messages.map((drawn) => ({
      kind: 'delay',
      what: delayText(drawn, seen.sent),
      atUs: drawn.atUs - originUs,
      case: withDraw(one, { ...drawn, value: SLOWEST }),
    })),
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
  const [kind = '', ...rest] = stream.replace('nemesis/', '').split('/')
  const entry = `the ${kind} of ${targetOf(rest)}`
  if (nth === 1 && value < 0.5) return `${entry} strikes between two handlers, not inside one`
  if (nth === 1) return `${entry} strikes inside a handler, not between two`
  return `${entry} cuts its handler ${value < 0.5 ? 'later' : 'earlier'}`
}

/**
 * A stream of a fault is named by kind, target and time; the same name again has a number behind.
 */
function targetOf(parts: readonly string[]): string {
  const again = /^\d+$/.test(parts.at(-2) ?? '') || /\./.test(parts.at(-2) ?? '')
  return spoken(parts.slice(0, again ? -2 : -1).join('/'))
}

function delayText({ stream, event }: Drawn, sent: Seen['sent']): string {
  const [from = '', to = ''] = stream.replace('latency:', '').split('→')
  const type = sent.get(`${event}/${to}`) ?? 'packet'
  return `the ${type} from ${spoken(from)} to ${spoken(to)} is slower on its way`
}

/** As slow as a link gets: 36 times its mean jitter. */
const SLOWEST = 0.9999999999999999

function withDraw(one: Case, { stream, nth, value }: Draw): Case {
  return { ...one, draws: [...(one.draws ?? []), { stream, nth, value }] }
}

function withTie(one: Case, { atUs, lanes }: MetTie): Case {
  return { ...one, ties: [...(one.ties ?? []), { atUs, lanes }] }
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
  readonly ties: readonly MetTie[]
  /** Type of the message that an event sent to a process, by `event/process`. */
  readonly sent: ReadonlyMap<string, string>
}

/** One more run: every draw near some moments, what was sent and what happened at once then. */
function observe(one: Case, moments: readonly number[]): Seen {
  const draws: Drawn[] = []
  const sent = new Map<string, string>()
  const ordered = moments.slice().sort((a, b) => a - b)
  const near = (us: number): boolean => ordered.some((moment) => Math.abs(moment - us) <= NEAR_US)
  const watch = new TieWatch(near)
  let clock = (): number => 0
  let event = 0
  run(one, {
    recording: watch,
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
  return { draws, ties: watch.ties, sent }
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
  topicDeletion: () => {},
  damaged: () => {},
  brokerStarted: () => {},
  brokerStopped: () => {},
}
