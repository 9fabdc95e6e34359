/**
 * Expands thresholds: each rule taken apart, and every name in its tags one that there is.
 */

import type { Expansion } from './expansion.ts'
import type { Path } from './findings.ts'
import { didYouMeanOf } from './nearest.ts'
import type { Measure, Scenario, Threshold, Topic } from './scenario.ts'
import { parseThreshold, resourceNames } from './threshold.ts'

type Parts = Pick<Scenario, 'cluster' | 'topics' | 'producers' | 'consumers' | 'services'>

/** A tag that names nobody would measure nothing, or everything. */
export function checkTags(
  { measure, tags }: Threshold,
  path: Path,
  parts: Parts,
  { findings }: Expansion,
): void {
  if (measuresHosts.includes(measure) && parts.cluster.brokers.every(isIdeal)) {
    const mend = 'give the cluster one, as hardware: m7g.2xlarge'
    findings.addKey(path, `measures nothing: no broker has a hardware profile, ${mend}`)
  }
  const topics = parts.consumers
    .filter(({ group }) => tags['group'] === undefined || group === tags['group'])
    .flatMap((one) => one.topics)
  const known: Readonly<Record<string, readonly string[]>> = {
    phase: ['produce', 'end-to-end'],
    group: parts.consumers.map(({ group }) => group),
    topic: parts.topics.map(({ name }) => name),
    producer: parts.producers.map(({ name }) => name),
    partition: partitionsIn(parts.topics, tags['topic'] === undefined ? topics : [tags['topic']]),
    host: hostsOf(parts),
    resource: resourceNames,
  }
  for (const [tag, value] of Object.entries(tags)) {
    const words = known[tag] ?? []
    if (words.includes(value)) continue
    const hint = tag === 'partition' ? partitionsHint(words) : didYouMeanOf(value, words)
    findings.addKey(path, `there is no ${tag} "${value}"${hint}`)
  }
}

const measuresHosts: readonly Measure[] = ['utilisation', 'disk-full']

function isIdeal({ hardware }: { readonly hardware: string }): boolean {
  return hardware === 'ideal'
}

function partitionsIn(topics: readonly Topic[], names: readonly string[]): readonly string[] {
  const of = topics.filter(({ name }) => names.includes(name)).map(({ partitions }) => partitions)
  return Array.from({ length: Math.max(0, ...of) }, (_none, number) => String(number))
}

function partitionsHint(words: readonly string[]): string {
  return words.length === 0 ? '' : `: they are numbered 0 to ${words.length - 1}`
}

function hostsOf({ cluster, producers, consumers, services }: Parts): readonly string[] {
  const numbered = (name: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_none, index) => `${name}-${index + 1}`)
  return [
    ...cluster.brokers.map(({ id }) => `broker-${id}`),
    ...cluster.zookeeper.map(({ id }) => `zookeeper-${id}`),
    ...producers.flatMap(({ name, count }) => numbered(name, count)),
    ...consumers.flatMap(({ group, members }) => numbered(group, members)),
    ...services.map(({ name }) => `service-${name}`),
  ]
}

/** Each rule of the file, and what its tags name. */
export function expandThresholds(parts: Parts, expansion: Expansion): readonly Threshold[] {
  const thresholds: Threshold[] = []
  for (const [measure, rules] of Object.entries(expansion.file.thresholds ?? {})) {
    rules.forEach((rule, index) => {
      const path = ['thresholds', measure, index]
      const threshold = expansion.findings.attempt<Threshold | undefined>(path, undefined, () =>
        parseThreshold(measure, rule),
      )
      if (threshold === undefined) return
      thresholds.push(threshold)
      if (threshold.abort !== undefined && expansion.file.history === 'folded') {
        const mend = 'leave history: folded out, or abortOnFail'
        expansion.findings.add(path, `a folded history is measured only at its end: ${mend}`)
      }
    })
    const last = thresholds.at(-1)
    if (last?.text.measure === measure) checkTags(last, ['thresholds', measure], parts, expansion)
  }
  return thresholds
}
