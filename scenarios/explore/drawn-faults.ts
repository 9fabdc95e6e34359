/**
 * Drawn integers as faults: which family strikes whom, for how long.
 */

import type { Scenario, SwarmFamily } from '../schema/scenario.ts'
import type { Fault, Target } from '../schema/timeline.ts'
import { type Draw, ladder, lengthUs, startUs } from './draw.ts'
import { drawnDiskFault } from './drawn-disks.ts'
import { type Aim, anyTarget, linkEnds, serverTarget } from './drawn-roles.ts'

/** An entry begins at a time and, where it is an interval, ends after another. */
interface Span {
  readonly atUs: number
  readonly forUs?: number
}

/** The faults that a draw stands for: one, or one after the other. */
export function drawnFaults(draw: Draw, aim: Aim, family: SwarmFamily): readonly Fault[] {
  const { scenario } = aim
  const span = spanOf(draw, scenario)
  switch (family) {
    case 'crash':
    case 'pause':
      return [{ kind: family, target: anyTarget(draw, aim), ...span }]
    case 'power-loss':
      return [{ kind: family, target: serverTarget(draw, aim), ...span, ...forEver(draw, aim) }]
    case 'restart':
      return restarts(draw, aim, span)
    case 'disk-full':
    case 'io-error':
    case 'lying-sync':
    case 'bit-rot':
    case 'wipe':
      return [drawnDiskFault(draw, aim, family, span)]
    case 'flap':
      return [flap(draw, aim, span)]
    case 'bridge':
      return [bridge(draw, aim, span)]
    case 'half-open':
      return [{ kind: 'half-open', ...linkEnds(draw, aim), atUs: span.atUs }]
    case 'cut':
    case 'hold':
    case 'clog':
      return [{ kind: family, ...linkEnds(draw, aim), direction: direction(draw), ...span }]
    case 'reset':
      return [{ kind: 'reset', ...linkEnds(draw, aim), atUs: span.atUs }]
    case 'slow':
      return [slow(draw, aim, span)]
    case 'clock':
      return [clock(draw, aim, span)]
  }
}

function spanOf(draw: Draw, scenario: Scenario): Span {
  const forUs = lengthUs(draw, scenario)
  const atUs = startUs(draw, scenario)
  return forUs === null ? { atUs } : { atUs, forUs }
}

/** One server, or every broker in turn, each after the one before it has been back for a while. */
function restarts(draw: Draw, aim: Aim, span: Span): readonly Fault[] {
  const clean = draw.detail % 4 === 0
  if (draw.breadth % 16 < 16 - aim.breadth) {
    return [{ kind: 'restart', target: serverTarget(draw, aim), clean, ...span }]
  }
  const { scenario } = aim
  const gapUs = Math.floor((scenario.durationUs * (1 + (draw.kind % 8))) / 100)
  return scenario.cluster.brokers.flatMap(({ id }, nth): Fault[] => {
    const atUs = span.atUs + nth * gapUs
    if (atUs >= scenario.durationUs) return []
    return [{ kind: 'restart', target: { of: 'broker', id }, clean, ...span, atUs }]
  })
}

function slow(draw: Draw, aim: Aim, span: Span): Fault {
  if (draw.kind % 3 === 0) {
    const delayUs = 1000 * (1 + draw.detail * 4)
    return {
      kind: 'slow-link',
      ...linkEnds(draw, aim),
      direction: 'both',
      delayUs,
      jitterUs: delayUs,
      bytesPerSecond: 0,
      ...span,
    }
  }
  const target = serverTarget(draw, aim)
  const factor = 2 + (draw.detail % 50)
  if (draw.kind % 3 === 1)
    return { kind: 'slow-disk', target, delayUs: 1000 * (draw.detail % 200), factor, ...span }
  return { kind: 'slow-cpu', target, factor, ...span }
}

function clock(draw: Draw, aim: Aim, span: Span): Fault {
  const target = anyTarget(draw, aim)
  if (draw.kind % 2 === 0) {
    const seconds = [1, 5, 15, 60, 180][draw.detail % 5] as number
    const sign = draw.detail % 2 === 0 ? 1 : -1
    return { kind: 'clock-step', target, byUs: sign * seconds * 1_000_000, atUs: span.atUs }
  }
  const ppm = (draw.detail % 2 === 0 ? 1 : -1) * (100 + draw.detail * 200)
  return { kind: 'clock-drift', target, ppm, ...span }
}

/** Down and up for a while each, from milliseconds to about a session. */
function flap(draw: Draw, aim: Aim, span: Span): Fault {
  const rungs = ladder(aim.scenario)
  const rung = (place: number): number => rungs[place % Math.ceil((rungs.length * 2) / 3)] as number
  const downUs = rung(draw.detail)
  const upUs = rung(draw.detail >> 4)
  const ends = linkEnds(draw, aim)
  return { kind: 'flap', ...ends, direction: direction(draw), downUs, upUs, ...span }
}

/** Two halves of the brokers that meet at one of them alone. */
function bridge(draw: Draw, { scenario }: Aim, span: Span): Fault {
  const targets = scenario.cluster.brokers.map(({ id }): Target => ({ of: 'broker', id }))
  const first = draw.other % targets.length
  const turned = [...targets.slice(first), ...targets.slice(0, first)]
  const [over, ...rest] = turned as [Target, ...Target[]]
  const middle = Math.ceil(rest.length / 2)
  const side = (some: readonly Target[]): Target => ({ of: 'list', targets: [over, ...some] })
  const between = side(rest.slice(0, middle))
  return { kind: 'bridge', between, and: side(rest.slice(middle)), over, ...span }
}

/** Beyond the budget a host may never come back. */
function forEver(draw: Draw, { scenario }: Aim): { readonly permanent?: true } {
  const lasts = lengthUs(draw, scenario) === null && draw.detail % 4 === 0
  return lasts && scenario.swarm?.budget === 'beyond' ? { permanent: true } : {}
}

function direction(draw: Draw): 'both' | 'to' | 'from' {
  return (['both', 'both', 'to', 'from'] as const)[draw.detail % 4] as 'both' | 'to' | 'from'
}
