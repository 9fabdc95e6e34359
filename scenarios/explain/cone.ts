/**
 * The causal cone of a breach: the events of an account and the messages that lead to them.
 *
 * From each step of the account the causes are followed back through the trace, over messages and
 * timers, as far as the diagram has room. What is between two shown events of one process is
 * folded.
 */

import type { Case } from '../case.ts'
import { run } from '../run.ts'
import { CausalTrace, type Traced } from './causal-trace.ts'
import type { Account, Step } from './story.ts'

/** An event of the diagram. */
export interface ConeNode {
  /** Dense, in the order of time. */
  readonly id: number
  readonly process: string
  /** From t = 0. */
  readonly atUs: number
  readonly label: string
  /** Number of the account's step, from 1; null for what only leads to one. */
  readonly step: number | null
}

/** A message: from where it was sent to where it was handled. */
export interface ConeEdge {
  readonly from: number
  readonly to: number
  readonly message: string
}

export interface Cone {
  /** Columns: the world first, then whoever the account speaks of, then the rest. */
  readonly processes: readonly string[]
  readonly nodes: readonly ConeNode[]
  readonly edges: readonly ConeEdge[]
  /** Events in the causes of these that are not shown. */
  readonly folded: number
}

/** The column of what no process does: the timeline, and changes of the durable metadata. */
export const WORLD = 'world'

const NODES_MAX = 60
const HOPS_MAX = 12
const PROCESSES_MAX = 8
const BEFORE_US = 2_000_000

/** One more run, traced between the first and the last step. */
export function coneOf(one: Case, account: Account, originUs: number): Cone {
  const times = account.steps.flatMap(({ atUs }) => (atUs === null ? [] : [atUs]))
  if (times.length === 0) return { processes: [], nodes: [], edges: [], folded: 0 }
  const first = Math.min(...times) - BEFORE_US
  const trace = new CausalTrace(first + originUs, Math.max(...times) + originUs)
  run(one, { sink: trace })
  return coneIn(trace, account, originUs)
}

interface Place {
  readonly event: Traced
  step: number | null
}

export function coneIn(trace: CausalTrace, account: Account, originUs: number): Cone {
  const known = trace.bySequence()
  const anchors = anchorsOf(trace, account.steps, originUs)
  const placed = new Map<number, Place>()
  const links: { readonly from: number; readonly to: number; readonly message: string }[] = []
  const bare: ConeNode[] = []
  const columns = new Set<string>()
  account.steps.forEach((step, at) => {
    if (step.atUs === null) return
    const event = anchors[at] ?? null
    if (event === null) {
      const process = step.process ?? WORLD
      bare.push({ id: -1, process, atUs: step.atUs, label: step.text, step: at + 1 })
      columns.add(process)
      return
    }
    columns.add(event.process)
    const there = placed.get(event.sequence)
    // Two steps of one event share its place: the second is told in words alone.
    if (there === undefined) placed.set(event.sequence, { event, step: at + 1 })
  })
  let folded = 0
  for (const event of anchors.toReversed()) {
    if (event !== null) folded += follow(event, { known, placed, links, columns, bare })
  }
  return drawn([...placed.values()], bare, { links, folded, originUs })
}

/** The event at which each step happened, where its process has one at that time. */
function anchorsOf(
  trace: CausalTrace,
  steps: readonly Step[],
  originUs: number,
): readonly (Traced | null)[] {
  const byPlace = new Map<string, Traced>()
  for (const event of trace.events) byPlace.set(`${event.process}/${event.atUs}`, event)
  return steps.map(({ process, atUs }) => {
    if (process === null || atUs === null) return null
    return byPlace.get(`${process}/${atUs + originUs}`) ?? null
  })
}

interface Walk {
  readonly known: ReadonlyMap<number, Traced>
  readonly placed: Map<number, Place>
  readonly links: { from: number; to: number; message: string }[]
  readonly columns: Set<string>
  readonly bare: readonly ConeNode[]
}

/** Goes back over the causes of an event; gives how many it had no room for. */
function follow(start: Traced, { known, placed, links, columns, bare }: Walk): number {
  let event = start
  let shown = start
  let folded = 0
  for (let hop = 0; hop < HOPS_MAX; hop += 1) {
    const cause = known.get(event.cause)
    if (cause === undefined || cause.sequence >= event.sequence) return folded
    const message = event.kind === 'message' && cause.process !== event.process
    // Nobody sent it: the world handed it over, in the wake of what happened to happen before.
    if (message && event.from !== cause.process) return folded
    const room = placed.size + bare.length < NODES_MAX
    const column = columns.has(cause.process) || columns.size < PROCESSES_MAX
    const there = placed.has(cause.sequence)
    if (message && !there && (!room || !column)) return folded + 1
    if (message || there) {
      columns.add(cause.process)
      if (!there) placed.set(cause.sequence, { event: cause, step: null })
      if (!placed.has(event.sequence)) placed.set(event.sequence, { event, step: null })
      if (message) addLink(links, { from: cause.sequence, to: event.sequence, message: event.name })
      if (there) return folded
      shown = cause
    } else {
      folded += 1
    }
    event = cause
  }
  return folded + Number(shown !== event)
}

function addLink(
  links: { from: number; to: number; message: string }[],
  link: { from: number; to: number; message: string },
): void {
  if (links.some(({ from, to }) => from === link.from && to === link.to)) return
  links.push(link)
}

/** Nodes in the order of time, numbered, with their links by these numbers. */
function drawn(
  places: readonly Place[],
  bare: readonly ConeNode[],
  found: {
    readonly links: readonly { from: number; to: number; message: string }[]
    readonly folded: number
    readonly originUs: number
  },
): Cone {
  const events = places.map(({ event, step }) => ({
    sequence: event.sequence,
    node: {
      process: event.process,
      atUs: event.atUs - found.originUs,
      label: labelOf(event),
      step,
    },
  }))
  const all = [...events, ...bare.map(({ id: _id, ...node }) => ({ sequence: -1, node }))]
  all.sort(
    (a, b) =>
      a.node.atUs - b.node.atUs ||
      (a.sequence < 0 || b.sequence < 0 ? 0 : a.sequence - b.sequence) ||
      (a.node.step ?? 0) - (b.node.step ?? 0),
  )
  const ids = new Map<number, number>()
  all.forEach(({ sequence }, id) => sequence >= 0 && ids.set(sequence, id))
  const processes = [...new Set(all.map(({ node }) => node.process))]
  const told = new Set(all.flatMap(({ node }) => (node.step === null ? [] : node.process)))
  return {
    processes: processes.toSorted((a, b) => rankOf(a, told) - rankOf(b, told)),
    nodes: all.map(({ node }, id) => ({ ...node, id })),
    edges: found.links
      .flatMap(({ from, to, message }) => {
        const one = ids.get(from)
        const other = ids.get(to)
        return one === undefined || other === undefined ? [] : [{ from: one, to: other, message }]
      })
      .toSorted((a, b) => a.from - b.from || a.to - b.to),
    folded: found.folded,
  }
}

/** The world first, then whoever the account speaks of, then the rest. */
function rankOf(process: string, told: ReadonlySet<string>): number {
  if (process === WORLD) return 0
  return told.has(process) ? 1 : 2
}

function labelOf({ kind, name, from }: Traced): string {
  switch (kind) {
    case 'message':
      return `${name} from ${from ?? 'outside'}`
    case 'timer':
      return `timer ${name}`
    case 'done':
      return `${name} done`
    case 'stop':
      return `ended: ${name}`
    default:
      return `${kind} ${name}`
  }
}
