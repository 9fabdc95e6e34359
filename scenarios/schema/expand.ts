/**
 * Makes the canonical scenario of an author's file: units become integers, phrases become
 * values, defaults and the preset are written out, and every name is checked.
 *
 * Findings do not stop it; a scenario with findings is not to be run.
 */

import { brokerConfig } from '../../model/kafka/config/broker-config.ts'
import {
  canonicalCheck,
  canonicalKey,
  checkAliases,
  checkNames,
  defaultChecks,
  meantScope,
  scopeWords,
} from './check-names.ts'
import {
  checkClientNames,
  expandConsumers,
  expandProducers,
  expandServices,
} from './expand-clients.ts'
import { expandPlan } from './expand-plan.ts'
import { checkFleets } from './expand-fleet.ts'
import { expandCluster, expandNetwork, expandRestart } from './expand-cluster.ts'
import { checkTags, expandThresholds } from './expand-thresholds.ts'
import { expandTopics } from './expand-topics.ts'
import { createExpansion, type ExpandOptions, type Expansion } from './expansion.ts'
import type { Finding, Path } from './findings.ts'
import { expandHardware } from './hardware.ts'
import type { Names } from './names.ts'
import { didYouMean } from './nearest.ts'
import type { Notice } from './notice.ts'
import type {
  CheckName,
  Consumer,
  Hazard,
  Inspector,
  Scenario,
  Swarm,
  Threshold,
  Topic,
} from './scenario.ts'
import type { Plan } from './plan.ts'
import type { HazardEntry, PlanEntry, ScenarioFile } from './surface.ts'
import { checkFolding } from './folding.ts'
import { nameIn } from './target.ts'
import type { TimelineEntry } from './timeline.ts'
import { readTimelineEntry } from './timeline-words.ts'
import { parseDuration } from './units.ts'

export type { ExpandOptions } from './expansion.ts'

export interface Expanded {
  readonly scenario: Scenario
  /** Empty, or the scenario is not to be run. */
  readonly findings: readonly Finding[]
  readonly notices: readonly Notice[]
}

export function expand(file: ScenarioFile, options: ExpandOptions = {}): Expanded {
  const expansion = createExpansion(file, options)
  const cluster = expandCluster(expansion)
  const topics = expandTopics(expansion, cluster)
  const parts: Parts = {
    cluster,
    topics,
    producers: expandProducers(expansion, topics),
    consumers: expandConsumers(expansion, topics),
    services: expandServices(expansion),
  }
  checkClientNames(expansion)
  checkFleets(parts, expansion)
  const inspector = expandInspector(parts, expansion)
  checkOffsetsTopic(parts, expansion)
  const timeline = expandTimeline(parts, expansion)
  // A plan names hardware too, so the profiles that are used are known after it.
  const judging = expandJudging(parts, expansion)
  const scenario: Scenario = {
    ...expandHead(expansion),
    ...parts,
    network: expandNetwork(expansion),
    hardware: expandHardware(expansion),
    restart: expandRestart(expansion),
    ...(inspector === undefined ? {} : { inspector }),
    timeline,
    ...judging,
  }
  checkFolding(scenario, expansion.findings)
  return { scenario, findings: expansion.findings.list, notices: expansion.notices }
}

type Parts = Pick<Scenario, 'cluster' | 'topics' | 'producers' | 'consumers' | 'services'>

type Head = Pick<
  Scenario,
  | 'name'
  | 'question'
  | 'problem'
  | 'system'
  | 'durationUs'
  | 'warmUpUs'
  | 'measureFromUs'
  | 'drainLimitUs'
  | 'seed'
  | 'timeouts'
  | 'history'
>

function expandHead(expansion: Expansion): Head {
  const { file, findings } = expansion
  const name = file.name ?? expansion.options.name ?? 'unnamed'
  const read = (key: 'duration' | 'warmUp' | 'drain' | 'measureFrom', otherwise: string): number =>
    findings.attempt([key], 0, () => parseDuration(file[key] ?? otherwise))
  const durationUs = read('duration', '60s')
  if (durationUs === 0) findings.add(['duration'], 'has to be more than nothing')
  const measureFromUs = read('measureFrom', '0s')
  if (measureFromUs > 0 && measureFromUs >= durationUs) {
    findings.add(['measureFrom'], 'leaves nothing to measure: it has to be before duration ends')
  }
  return {
    name,
    question: file.question ?? `Does ${name} keep what Kafka promises?`,
    problem: file.problem ?? 'loss',
    system: file.system,
    durationUs,
    warmUpUs: read('warmUp', '2m'),
    ...(measureFromUs === 0 ? {} : { measureFromUs }),
    drainLimitUs: read('drain', '15m'),
    ...(file.seed === undefined ? {} : { seed: file.seed }),
    timeouts: expansion.timeouts,
    ...(file.history === 'folded' ? { history: file.history } : {}),
  }
}

const INSPECTION_PAUSE = '200ms'

function expandInspector(parts: Parts, { file, findings }: Expansion): Inspector | undefined {
  const { inspect } = file
  if (inspect === undefined) return undefined
  const names = parts.topics.map(({ name }) => name)
  const topic = inspect.topic ?? names[0] ?? ''
  if (!names.includes(topic)) {
    findings.add(['inspect', 'topic'], `there is no topic "${topic}"${didYouMean(topic, names)}`)
  }
  const pauseUs = findings.attempt(['inspect', 'pause'], 0, () =>
    parseDuration(inspect.pause ?? INSPECTION_PAUSE),
  )
  const { about } = inspect
  return { topic, pauseUs, ...(about === undefined ? {} : { about }) }
}

/** With fewer brokers than replicas the topic of commits is never made; groups wait for ever. */
function checkOffsetsTopic(parts: Parts, expansion: Expansion): void {
  if (parts.consumers.length === 0 || expansion.findings.list.length > 0) return
  const brokers = parts.cluster.brokers.length
  const wanted = brokerConfig(parts.cluster.config).offsetsTopicReplicationFactor
  if (wanted <= brokers) return
  const property = 'offsets.topic.replication.factor'
  expansion.findings.add(
    ['cluster', 'config', property],
    `${property} is ${wanted} and there ${brokers === 1 ? 'is' : 'are'} only ${brokers}: no ` +
      `group could ever join; set it to ${brokers}`,
  )
}

function expandTimeline(parts: Parts, expansion: Expansion): readonly TimelineEntry[] {
  const words = expansion.file.timeline ?? []
  const names = namesOf(parts, words)
  const entries: TimelineEntry[] = []
  words.forEach((entry, index) => {
    const read = readTimelineEntry(entry, ['timeline', index], names, expansion.findings)
    if (read !== undefined) entries.push(read)
  })
  return entries
}

function namesOf(parts: Parts, words: readonly Record<string, unknown>[]): Names {
  const { cluster } = parts
  const hosts = [...cluster.brokers, ...cluster.zookeeper]
  return {
    brokers: cluster.brokers.map((broker) => broker.id),
    zookeeper: cluster.zookeeper.map((server) => server.id),
    racks: [...new Set(hosts.map((host) => host.rack))],
    topics: new Map(parts.topics.map((topic) => [topic.name, partitionsOf(topic, words)])),
    partitionsAtFirst: new Map(parts.topics.map(({ name, partitions }) => [name, partitions])),
    disks: cluster.brokers.reduce((most, broker) => Math.max(most, broker.disks), 1),
    groups: new Map(parts.consumers.map((entry) => [entry.group, membersOf(entry, words)])),
    producers: new Map(parts.producers.map((entry) => [entry.name, entry.count])),
    services: parts.services.map((service) => service.name),
  }
}

/** As many as there can be once the timeline has added its own. */
function partitionsOf(topic: Topic, words: readonly Record<string, unknown>[]): number {
  let most = topic.partitions
  for (const options of optionsOf(words, 'add-partitions')) {
    const to = options['to']
    if (options['topic'] === topic.name && typeof to === 'number' && to > most) most = to
  }
  return most
}

function membersOf(consumer: Consumer, words: readonly Record<string, unknown>[]): number {
  let all = consumer.members
  for (const options of optionsOf(words, 'add-members')) {
    const count = options['count'] ?? 1
    if (options['group'] === consumer.group && typeof count === 'number') all += count
  }
  return all
}

function* optionsOf(
  words: readonly Record<string, unknown>[],
  verb: string,
): Iterable<Record<string, unknown>> {
  for (const entry of words) {
    if (entry['kind'] === verb) yield entry
    const options = entry[verb]
    if (typeof options === 'string') yield { group: options }
    else if (typeof options === 'object' && options !== null) {
      yield options as Record<string, unknown>
    }
  }
}

type Judging = Pick<
  Scenario,
  | 'swarm'
  | 'checks'
  | 'expect'
  | 'thresholds'
  | 'requiredProbes'
  | 'guardsOff'
  | 'protocols'
  | 'hazard'
  | 'plan'
>

function expandJudging(parts: Parts, expansion: Expansion): Judging {
  const { file } = expansion
  const checks = [...new Set((file.checks ?? defaultChecks).map(canonicalCheck))]
  checkExpectations(checks, parts, expansion)
  const thresholds = expandThresholds(parts, expansion)
  return {
    ...(file.swarm === undefined ? {} : { swarm: expandSwarm(file.swarm, expansion) }),
    checks,
    expect: expectOf(file),
    thresholds,
    requiredProbes: file.requiredProbes ?? [],
    guardsOff: file.guardsOff ?? [],
    protocols: file.protocols ?? {},
    ...(file.hazard === undefined ? {} : { hazard: expandHazard(file.hazard) }),
    ...(file.plan === undefined ? {} : { plan: planOf(file.plan, thresholds, parts, expansion) }),
  }
}

function planOf(
  entry: PlanEntry,
  thresholds: readonly Threshold[],
  parts: Parts,
  expansion: Expansion,
): Plan {
  const checkTagsAt = (threshold: Threshold, path: Path): void =>
    checkTags(threshold, path, parts, expansion)
  return expandPlan(entry, { parts, thresholds, checkTags: checkTagsAt }, expansion)
}

function expandHazard(entry: HazardEntry): Hazard {
  const { id, title, check, within, fix } = entry
  return {
    id,
    title,
    sets: entry.sets ?? {},
    check,
    ...(entry.mechanism === undefined ? {} : { mechanism: entry.mechanism }),
    bias: entry.bias ?? 'none',
    within,
    fix:
      fix === 'none'
        ? { kind: 'none', sets: {} }
        : {
            kind: fix.kind,
            sets: fix.sets ?? {},
            ...(fix.leavesOut === undefined ? {} : { leavesOut: fix.leavesOut }),
          },
  }
}

const DEFAULT_MOST_FAULTS = 4

function expandSwarm(swarm: NonNullable<ScenarioFile['swarm']>, expansion: Expansion): Swarm {
  const min = swarm.faults?.min ?? 1
  const max = swarm.faults?.max ?? Math.max(min, DEFAULT_MOST_FAULTS)
  if (max < min) expansion.findings.add(['swarm', 'faults', 'max'], `is less than min, ${min}`)
  return {
    families: swarm.families,
    operations: swarm.operations ?? [],
    faults: { min, max },
    budget: swarm.budget ?? 'within',
    ...(swarm.knobs === undefined ? {} : { knobs: swarm.knobs }),
    ...expandDurations(swarm, expansion),
    ...(swarm.targets === undefined ? {} : { targets: swarm.targets }),
    ...(swarm.biases === undefined ? {} : { biases: swarm.biases }),
    ...expandSwarmTopics(swarm, expansion),
  }
}

function expandSwarmTopics(
  { topics }: NonNullable<ScenarioFile['swarm']>,
  { file, findings }: Expansion,
): Pick<Swarm, 'topics'> {
  if (topics === undefined) return {}
  const known = file.topics.map((topic) => topic.name)
  return {
    topics: topics.map((topic, index) =>
      findings.attempt(['swarm', 'topics', index], topic, () => nameIn(topic, known, 'topic')),
    ),
  }
}

const SHORTEST_FAULT = '5ms'

function expandDurations(
  { durations }: NonNullable<ScenarioFile['swarm']>,
  { file, findings }: Expansion,
): Pick<Swarm, 'durations'> {
  if (durations === undefined) return {}
  const minUs = parseDuration(durations.min ?? SHORTEST_FAULT)
  const maxUs = parseDuration(durations.max ?? file.duration)
  if (minUs === 0) findings.add(['swarm', 'durations', 'min'], 'has to be more than nothing')
  if (maxUs < minUs) findings.add(['swarm', 'durations', 'max'], 'is less than min')
  return { durations: { minUs, maxUs } }
}

function expectOf({ expect = {} }: ScenarioFile): Scenario['expect'] {
  return Object.fromEntries(
    Object.entries(expect).map(([key, expectation]) => [canonicalKey(key), expectation]),
  )
}

/** `no-loss`, `no-loss:stored`, `no-loss:processed:payment`, `effects-once:bank`. */
function checkExpectations(checks: readonly CheckName[], parts: Parts, expansion: Expansion): void {
  const names = {
    groups: parts.consumers.map(({ group }) => group),
    services: parts.services.map(({ name }) => name),
  }
  const known = [...checkNames, ...Object.keys(checkAliases)]
  for (const key of Object.keys(expansion.file.expect ?? {})) {
    const [written = ''] = key.split(':')
    const [check, ...scope] = canonicalKey(key).split(':') as [CheckName, ...string[]]
    const path = ['expect', key]
    if (!known.includes(written)) {
      const hint = didYouMean(written, known)
      expansion.findings.addKey(path, `there is no check "${written}"${hint}`)
      continue
    }
    if (!checks.includes(check)) {
      expansion.findings.addKey(path, `"${check}" is expected and not among the checks: add it`)
    }
    const words = scopeWords(check, names)
    const unknown = words === null ? undefined : scope.find((word) => !words.includes(word))
    if (words !== null && unknown !== undefined) {
      const hint = didYouMean(unknown, words)
      expansion.findings.addKey(path, `${check} has no scope "${unknown}"${hint}`)
      continue
    }
    const meant = words === null ? null : meantScope(check, scope)
    if (meant !== null) {
      const told = `${check} has no scope "${scope.join(':')}", did you mean "${meant}"?`
      expansion.findings.addKey(path, told)
    }
  }
}
