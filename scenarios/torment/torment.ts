/**
 * A case's timeline made ready for the nemesis: faults strike hosts, operations are asked of
 * people.
 *
 * What a campaign admits says `budget.ts`, when a fault would take effect. Restarts in good order
 * take their time and are the operators' work, like everything that is asked and not inflicted.
 */

import { type HostFault, strike } from '../../sim/faults.ts'
import type { Deed, NemesisEntry } from '../../sim/nemesis.ts'
import { probeNamed } from '../../sim/registry.ts'
import { targetText } from '../schema/target.ts'
import { type Fault, isFault, type Operation, type TimelineEntry } from '../schema/timeline.ts'
import { type BudgetOptions, overBudget } from './budget.ts'
import { hostsOf, resolveFault } from './resolve-fault.ts'
import { resolveTarget } from './targets.ts'

/** What operations are asked of. Each gives the names it concerned, and what ends it. */
export interface Operators {
  /** `over` tells that something which goes on for a while has come to its end. */
  perform(operation: Operation, targets: readonly string[], over: () => void): Deed
  restart(restart: Restart, hosts: readonly string[], over: () => void): Deed
}

export type Restart = Extract<Fault, { readonly kind: 'restart' }>

export interface TormentOptions extends BudgetOptions {
  readonly operators: Operators
  /** True time of t = 0. */
  readonly originUs: number
  /** Told before a fault strikes; gives what is to be called right after it. */
  readonly struck: (fault: HostFault) => () => void
  /** Told of hosts that a permanent fault has struck. */
  readonly froze: (hosts: readonly string[]) => void
  /** Dense subject of a probe for a group or a partition. */
  readonly subject: (entry: NonNullable<TimelineEntry['on']>) => number | null
  /** Told of each entry that takes effect. */
  readonly acted?: (kind: string) => void
}

/** The timeline as entries of the nemesis, in the same order. */
export function torment(
  timeline: readonly TimelineEntry[],
  options: TormentOptions,
): NemesisEntry[] {
  const names = new Map<string, number>()
  return timeline.map((entry) => {
    const base = `${entry.kind}/${entryTarget(entry)}/${entry.atUs ?? entry.on?.probe}`
    const count = names.get(base) ?? 0
    names.set(base, count + 1)
    const name = count === 0 ? base : `${base}/${count}`
    return {
      name,
      atUs: entry.atUs === undefined ? null : options.originUs + entry.atUs,
      on: triggerOf(entry, options),
      forUs: forOf(entry),
      act: (over) => {
        const deed = isFault(entry)
          ? strikeFault(entry, { name, over }, options)
          : operate(entry, over, options)
        if (deed.refused === null) options.acted?.(entry.kind)
        return deed
      },
    }
  })
}

/** The target of an entry in an author's words. */
export function entryTarget(entry: TimelineEntry): string {
  if ('between' in entry) return `${targetText(entry.between)} and ${targetText(entry.and)}`
  if ('target' in entry) return targetText(entry.target)
  if ('group' in entry) return entry.group
  if ('partition' in entry) return `${entry.topic}-${entry.partition}`
  return entry.topic
}

/**
 * A restart without a duration starts again at once; one in good order says itself when it is over.
 */
function forOf(entry: TimelineEntry): number | null {
  if (entry.kind === 'restart') return entry.clean ? null : (entry.forUs ?? 0)
  return 'forUs' in entry && entry.forUs !== undefined ? entry.forUs : null
}

function triggerOf(entry: TimelineEntry, options: TormentOptions): NemesisEntry['on'] {
  if (entry.on === undefined) return null
  const probe = probeNamed(entry.on.probe)
  if (probe === undefined) throw new Error(`there is no probe "${entry.on.probe}"`)
  return {
    probe,
    subject: options.subject(entry.on),
    nth: entry.on.nth,
    fromUs: options.originUs + entry.on.afterUs,
  }
}

interface Acting {
  /** Of the entry, for its own randomness. */
  readonly name: string
  readonly over: () => void
}

function strikeFault(fault: Fault, { name, over }: Acting, options: TormentOptions): Deed {
  const resolved = resolveFault(fault, options.view)
  if (resolved === null) return { refused: `nobody is ${entryTarget(fault)} now` }
  const permanent = 'permanent' in fault && fault.permanent === true
  const refused = overBudget(resolved, permanent, options)
  if (refused !== null) return { refused }
  const hosts = hostsOf(resolved)
  if (fault.kind === 'restart' && (fault.clean || fault.protocols !== undefined)) {
    return options.operators.restart(fault, hosts, over)
  }
  const random = options.world.streams.named(`nemesis/${name}`)
  const struck = options.struck(resolved)
  const end = strike(options.world, resolved, random)
  struck()
  if (!permanent) return { refused: null, resolved: hosts, end }
  options.froze(hosts)
  return { refused: null, resolved: hosts, end: null, frozen: hosts }
}

function operate(operation: Operation, over: () => void, options: TormentOptions): Deed {
  const targets = 'target' in operation ? resolveTarget(operation.target, options.view) : []
  return options.operators.perform(operation, targets, over)
}
