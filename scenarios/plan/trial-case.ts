/**
 * The case of a trial: the scenario with the setting of the trial, the window around the peak in
 * place of the whole curve, and the drill in place of the timeline.
 *
 * Seeds depend on the number of the run alone, and named streams do the rest: every setting sees
 * the same arrivals. The scenario's own timeline and swarm are not played. The load goes on for a
 * while after the window, unmeasured: fetches that wait for bytes and the turns of a fleet would
 * else see an end that the real curve does not have.
 */

import { windowOf } from '../../model/kafka/clients/producer/curve.ts'
import { turnEveryUs } from '../../model/kafka/clients/producer/fleet.ts'
import { mixSeed } from '../../sim/mix.ts'
import type { Case } from '../case.ts'
import { plainCase } from '../explore/cases.ts'
import type { Plan, PlanDrill } from '../schema/plan.ts'
import type {
  Broker,
  Config,
  Hardware,
  Keys,
  Latency,
  Load,
  Producer,
  Scenario,
  Sizes,
  Topic,
  Work,
} from '../schema/scenario.ts'
import type { Target, TimelineEntry } from '../schema/timeline.ts'
import type { Setting } from './plan-answer.ts'
import type { Change, Trial } from './simulate.ts'
import { spanOf, type Span, trafficOf } from './traffic.ts'

/** A run that does not drain by then is late enough. */
const DRAIN_LIMIT_US = 60_000_000
/** Of the part before the peak so much is warm-up, and at most this. */
const WARM_UP_SHARE = 4
const WARM_UP_US_MAX = 10_000_000
/** How long the load goes on after the window. */
const TAIL_US_MIN = 500_000
const TAIL_US_MAX = 5_000_000
/** A fleet begins so many turns before the end to empty what it has gathered. */
const TAIL_TURNS = 2

/** The plan of a scenario that is there: whoever plans has looked. */
export function planOf({ plan, name }: Scenario): Plan {
  if (plan === undefined) throw new Error(`${name} has no plan.`)
  return plan
}

export function trialCase(scenario: Scenario, seed: number, trial: Trial): Case {
  const { setting, change, index } = trial
  const drill = drillOf(scenario, trial)
  const span = trialSpan(scenario, drill)
  const own = planOf(scenario)
  const changed = changedScenario(withSetting(scenario, setting), change)
  // Minutes fit into memory whole, and curves need every row.
  const { plan: _plan, swarm: _swarm, history: _history, ...rest } = changed
  const played = { ...span, untilUs: span.untilUs + tailUs(changed, span) }
  const one: Scenario = {
    ...rest,
    durationUs: played.untilUs - played.fromUs,
    measureFromUs: warmUpUs(span),
    measureUntilUs: span.untilUs - span.fromUs,
    drainLimitUs: Math.min(scenario.drainLimitUs, DRAIN_LIMIT_US),
    producers: changed.producers.map((producer) => inWindow(producer, played)),
    timeline: timelineOf(drill, changed, span),
    thresholds: own.thresholds
      .filter((threshold) => threshold.drill === null || threshold.drill === drill.name)
      .map(({ threshold }) => threshold),
    requiredProbes: [],
  }
  return plainCase(one, mixSeed(seed, index))
}

export function drillOf(scenario: Scenario, { drill }: Trial): PlanDrill {
  return planOf(scenario).drills[drill] ?? { name: 'normal' }
}

/** An outage of consumers needs as long again to be made up for. */
export function trialSpan(scenario: Scenario, drill: PlanDrill): Span {
  const traffic = trafficOf(scenario)
  const { window } = planOf(scenario)
  const longer = drill.name === 'consumer-outage' ? drill.forUs : 0
  return spanOf(traffic, { ...window, afterUs: window.afterUs + longer })
}

export function warmUpUs({ fromUs, peakAtUs }: Span): number {
  return Math.min(WARM_UP_US_MAX, Math.floor((peakAtUs - fromUs) / WARM_UP_SHARE))
}

function tailUs({ producers, topics }: Scenario, { untilUs }: Span): number {
  const turns = producers.flatMap(({ fleet, count, load, topic: name }) => {
    if (fleet === undefined || fleet.slotUs > 0) return []
    const { perSecond = 0 } = windowOf(load.points, untilUs, Infinity)[0] ?? {}
    const partitions = topics.find((topic) => topic.name === name)?.partitions ?? 1
    return [TAIL_TURNS * turnEveryUs(perSecond / count, partitions)]
  })
  return Math.min(TAIL_US_MAX, Math.max(TAIL_US_MIN, ...turns))
}

function inWindow(producer: Producer, { fromUs, untilUs }: Span): Producer {
  const { load } = producer
  if (load.points.length === 0) return producer
  return { ...producer, load: { ...load, points: windowOf(load.points, fromUs, untilUs) } }
}

/** What strikes at the peak, in times of the window. */
function timelineOf(drill: PlanDrill, scenario: Scenario, span: Span): readonly TimelineEntry[] {
  const atUs = span.peakAtUs - span.fromUs
  switch (drill.name) {
    case 'normal':
      return []
    case 'one-broker-down':
      return [{ kind: 'crash', target: busiestLeader(scenario), atUs }]
    case 'rack-down':
      return [{ kind: 'crash', target: { of: 'rack', rack: drill.rack ?? rackOf(scenario) }, atUs }]
    case 'consumer-outage': {
      const target: Target = { of: 'group', group: drill.group }
      return [{ kind: 'crash', target, atUs, forUs: drill.forUs }]
    }
  }
}

/** The leader of the first partition of the topic with the most partitions. */
function busiestLeader({ topics }: Scenario): Target {
  const most = topics.reduce<Topic | null>(
    (best, topic) => (best === null || topic.partitions > best.partitions ? topic : best),
    null,
  )
  return most === null ? { of: 'controller' } : { of: 'leader', topic: most.name, partition: 0 }
}

/** The rack with the most brokers, the last of equals: the first often has the controller. */
function rackOf({ cluster }: Scenario): string {
  const counts = new Map<string, number>()
  for (const { rack } of cluster.brokers) counts.set(rack, (counts.get(rack) ?? 0) + 1)
  let best = cluster.brokers[0]?.rack ?? 'a'
  for (const [rack, count] of counts) if (count >= (counts.get(best) ?? 0)) best = rack
  return best
}

export function withSetting(scenario: Scenario, setting: Setting): Scenario {
  const { cluster } = scenario
  const factor = Math.max(1, ...scenario.topics.map((topic) => topic.replicationFactor))
  return {
    ...scenario,
    cluster: {
      ...cluster,
      brokers: inRacks(brokersOf(scenario, setting), scenario.plan?.racks ?? null),
      zookeeper: inRacks(cluster.zookeeper, scenario.plan?.racks ?? null),
      config: internalTopics(cluster.config, setting.brokers),
    },
    topics: scenario.topics.map((topic) => topicOf(topic, setting, factor)),
    consumers: scenario.consumers.map((consumer) => {
      const found = setting.groups.find(({ group }) => group === consumer.group)
      return { ...consumer, members: found?.members ?? consumer.members }
    }),
    producers: scenario.producers.map((producer) => ({
      ...producer,
      config: {
        ...producer.config,
        'batch.size': setting['batch.size'],
        'linger.ms': setting['linger.ms'],
      },
    })),
  }
}

/**
 * The first ones as they are, further ones where the fewest are; other hardware has its own disks.
 */
function brokersOf({ cluster, hardware: profiles }: Scenario, setting: Setting): Broker[] {
  const { brokers } = cluster
  const { hardware } = setting
  const usual = brokers[0]?.hardware === hardware ? brokers[0].disks : profiles[hardware]?.disks
  const disks = Math.max(1, usual ?? 1)
  const found = brokers
    .slice(0, setting.brokers)
    .map((broker) => (broker.hardware === hardware ? broker : { ...broker, hardware, disks }))
  const racks = [...new Set(brokers.map(({ rack }) => rack))]
  let id = Math.max(0, ...brokers.map((broker) => broker.id))
  while (found.length < setting.brokers) {
    id += 1
    const held = (rack: string): number => found.filter((one) => one.rack === rack).length
    const rack = racks.reduce((least, one) => (held(one) < held(least) ? one : least))
    found.push({ id, rack, disks, hardware, config: {} })
  }
  return found
}

/** Over so many racks in turn; null: as they stand. */
function inRacks<Host extends { readonly rack: string }>(
  hosts: readonly Host[],
  racks: number | null,
): readonly Host[] {
  if (racks === null) return hosts
  return hosts.map((host, at) => ({ ...host, rack: String.fromCharCode(97 + (at % racks)) }))
}

const OFFSETS_FACTOR = 'offsets.topic.replication.factor'
const OFFSETS_FACTOR_DEFAULT = 3

/** A small cluster has room for fewer replicas of the commits. */
function internalTopics(config: Config, brokers: number): Config {
  const wanted = Number(config[OFFSETS_FACTOR] ?? OFFSETS_FACTOR_DEFAULT)
  return wanted <= brokers ? config : { ...config, [OFFSETS_FACTOR]: brokers }
}

/** Topics with as many replicas as any follow the setting, others keep what fits. */
function topicOf(topic: Topic, setting: Setting, factor: number): Topic {
  const { replicas: _placed, ...rest } = topic
  const wanted = topic.replicationFactor
  return {
    ...rest,
    partitions:
      setting.topics.find((one) => one.topic === topic.name)?.partitions ?? topic.partitions,
    replicationFactor:
      wanted === factor ? setting.replicationFactor : Math.min(wanted, setting.replicationFactor),
  }
}

/** The scenario with figures of it multiplied. */
export function changedScenario(scenario: Scenario, change: Change): Scenario {
  const { traffic = 1, 'record-bytes': bytes = 1, 'consumer-work': work = 1 } = change
  const latency = change['network-latency'] ?? 1
  const ratio = change['compression-ratio'] ?? 1
  return {
    ...scenario,
    producers: scenario.producers.map((producer) => ({
      ...producer,
      ...resized(producer, bytes * (isCompressed(producer) ? ratio : 1)),
      load: loaded(producer.load, traffic),
      keys: skewed(producer.keys, change['key-skew'] ?? 1),
      config: batched(producer.config, change),
    })),
    consumers: scenario.consumers.map((one) => ({ ...one, work: worked(one.work, work) })),
    network: {
      withinRack: slower(scenario.network.withinRack, latency),
      betweenRacks: slower(scenario.network.betweenRacks, latency),
      toClients: slower(scenario.network.toClients, latency),
    },
    hardware: Object.fromEntries(
      Object.entries(scenario.hardware).map(([name, one]) => [name, machine(one, change)]),
    ),
  }
}

/** Its batches are smaller on the wire and on disks than its records are. */
export function isCompressed({ config }: Producer): boolean {
  return !['', 'none'].includes(String(config['compression.type'] ?? 'none').toLowerCase())
}

function resized({ recordBytes, sizes }: Producer, factor: number): Partial<Producer> {
  return {
    recordBytes: Math.max(1, Math.round(recordBytes * factor)),
    ...(sizes === undefined ? {} : { sizes: sized(sizes, factor) }),
  }
}

function skewed(keys: Keys, factor: number): Keys {
  if (keys.kind !== 'fixed' || keys.exponent === undefined) return keys
  return { ...keys, exponent: keys.exponent * factor }
}

/** Both are in every configuration: the setting has put them there. */
function batched(config: Config, change: Change): Config {
  const { linger = 1, 'batch-bytes': bytes = 1 } = change
  if (linger === 1 && bytes === 1) return config
  const times = (name: string, factor: number): number => Math.round(Number(config[name]) * factor)
  return {
    ...config,
    'linger.ms': times('linger.ms', linger),
    'batch.size': times('batch.size', bytes),
  }
}

function loaded(load: Load, factor: number): Load {
  if (factor === 1) return load
  return {
    ...load,
    points: load.points.map(({ atUs, perSecond }) => ({ atUs, perSecond: perSecond * factor })),
    ...(load.closed === undefined
      ? {}
      : { closed: { ...load.closed, users: Math.max(1, Math.round(load.closed.users * factor)) } }),
  }
}

function sized(sizes: Sizes, factor: number): Sizes {
  const times = (value: number): number => Math.max(1, Math.round(value * factor))
  switch (sizes.kind) {
    case 'log-normal':
      return { ...sizes, p50: times(sizes.p50), p99: times(sizes.p99) }
    case 'exponential':
      return { ...sizes, mean: times(sizes.mean) }
    case 'list':
      return { ...sizes, bytes: sizes.bytes.map(times) }
  }
}

function worked(work: Work, factor: number): Work {
  const times = (us: number): number => Math.round(us * factor)
  const { meanUs } = work
  return {
    p50Us: times(work.p50Us),
    p99Us: times(work.p99Us),
    ...(meanUs === undefined ? {} : { meanUs: times(meanUs) }),
  }
}

function slower({ baseUs, jitterUs }: Latency, factor: number): Latency {
  return { baseUs: Math.round(baseUs * factor), jitterUs: Math.round(jitterUs * factor) }
}

/** What costs nothing and has no limit stays so: it is zero. */
function machine(hardware: Hardware, change: Change): Hardware {
  const processor = change['processor-cost'] ?? 1
  const request = processor * (change['request-cost'] ?? 1)
  const record = processor * (change['record-cost'] ?? 1)
  const byte = processor * (change['byte-cost'] ?? 1)
  const disk = change['disk-bandwidth'] ?? 1
  const network = change['network-bandwidth'] ?? 1
  return {
    ...hardware,
    requestCpuNs: Math.round(hardware.requestCpuNs * request),
    batchCpuNs: Math.round(hardware.batchCpuNs * record),
    recordCpuNs: Math.round(hardware.recordCpuNs * record),
    kibibyteCpuNs: Math.round(hardware.kibibyteCpuNs * byte),
    partitionCpuNs: Math.round(hardware.partitionCpuNs * record),
    checksumCpuNs: Math.round(hardware.checksumCpuNs * byte),
    // The ratio is moved by the size of records: what is compressed of them stays as much.
    codecPercent: Math.round(hardware.codecPercent / (change['compression-ratio'] ?? 1)),
    sendCpuNs: Math.round(hardware.sendCpuNs * byte),
    tlsCpuNs: Math.round(hardware.tlsCpuNs * byte),
    pageCacheBytes: Math.round(hardware.pageCacheBytes * (change['page-cache'] ?? 1)),
    diskBytesPerSecond: Math.round(hardware.diskBytesPerSecond * disk),
    nicBytesPerSecond: Math.round(hardware.nicBytesPerSecond * network),
  }
}
