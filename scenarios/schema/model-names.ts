/**
 * Names of the model in a scenario: guards, probes, protocol features and their levels.
 *
 * Only whoever has the whole model loaded knows which guards and probes there are, so a loader is
 * handed this instead of importing it; a list of scenarios needs none of it.
 */

import { protocolFeatures, ProtocolException, protocolsOf } from '../../model/kafka/protocols.ts'
import { guardEntries, guardNamed, probeEntries, probeNamed } from '../../sim/registry.ts'
import type { Finding, Path } from './findings.ts'
import { didYouMean } from './nearest.ts'
import type { Scenario } from './scenario.ts'
import type { TimelineEntry } from './timeline.ts'

/** Every name that the model does not have. */
export function strangeNames(scenario: Scenario): readonly Finding[] {
  return [
    ...scenario.guardsOff.flatMap((name, index) =>
      finding(['guardsOff', index], strangeGuard(name)),
    ),
    ...scenario.requiredProbes.flatMap((name, index) =>
      finding(['requiredProbes', index], strangeProbe(name)),
    ),
    ...strangeLevels(scenario.protocols, ['protocols']),
    ...scenario.timeline.flatMap(strangeIn),
  ]
}

function strangeIn(entry: TimelineEntry, index: number): readonly Finding[] {
  const path: Path = ['timeline', index]
  const probe = entry.on === undefined ? null : strangeProbe(entry.on.probe)
  const levels = 'protocols' in entry ? (entry.protocols ?? {}) : {}
  return [
    ...finding([...path, 'on', 'probe'], probe),
    ...strangeLevels(levels, [...path, entry.kind, 'protocols']),
  ]
}

function strangeLevels(levels: Readonly<Record<string, string>>, path: Path): readonly Finding[] {
  return Object.entries(levels).flatMap(([name, level]) =>
    finding([...path, name], strangeLevel(name, level)),
  )
}

function finding(path: Path, message: string | null): readonly Finding[] {
  return message === null ? [] : [{ path, message }]
}

/** What is wrong with the name of a guard, or null. */
export function strangeGuard(name: string): string | null {
  if (guardNamed(name) !== undefined) return null
  const known = guardEntries().map((entry) => entry.name)
  const hint = didYouMean(name, known) || ': dmqsim guards shows them all'
  return `there is no guard "${name}"${hint}`
}

function strangeProbe(name: string): string | null {
  if (probeNamed(name) !== undefined) return null
  const known = probeEntries().map((entry) => entry.name)
  const hint = didYouMean(name, known) || ': dmqsim probes shows them all'
  return `there is no probe "${name}"${hint}`
}

/** What is wrong with `name=level`, or null. */
export function strangeLevel(name: string, level: string): string | null {
  const features = [...protocolFeatures.map((feature) => feature.name), 'release']
  if (!features.includes(name)) {
    const hint = didYouMean(name, features) || ': dmqsim protocols shows them all'
    return `${name}=${level}: there is no such protocol feature${hint}`
  }
  try {
    protocolsOf({ [name]: level })
    return null
  } catch (error) {
    if (!(error instanceof ProtocolException)) throw error
    const levels = protocolFeatures.find((one) => one.name === name)?.levels ?? []
    const words = levels.map((one) => one.level)
    return words.includes(level) ? error.message : `${error.message}${didYouMean(level, words)}`
  }
}
