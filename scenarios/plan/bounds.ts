/**
 * Settings that cannot hold whatever a simulation says: what their network cards carry and their
 * consumers work off, in a queue without any other cost, already misses a threshold.
 *
 * Sure, so weak: load is spread evenly, replicas beyond `min.insync.replicas` cost nothing, disks
 * and processors cost nothing, and only normal running is looked at.
 */

import { naturalLog, powerOfE } from '../../sim/arithmetic.ts'
import { brokerConfig } from '../../model/kafka/config/broker-config.ts'
import { topicConfig } from '../../model/kafka/config/topic-config.ts'
import { rateAt } from '../../model/kafka/clients/producer/curve.ts'
import type { Plan, PlanThreshold } from '../schema/plan.ts'
import type { Consumer, Hardware, Scenario, Threshold, Topic, Work } from '../schema/scenario.ts'
import { fluid, type FluidAnswer, type FluidStep } from './fluid.ts'
import type { Setting } from './plan-answer.ts'
import { type Flow, spanOf, type Span, type Traffic, trafficOf } from './traffic.ts'

/** Why a setting cannot hold, in one sentence; null: nothing is known against it. */
export type RuleOut = (setting: Setting) => string | null

const STEPS_MAX = 600
const US_PER_SECOND = 1_000_000

interface Grid {
  readonly stepSeconds: number
  readonly times: readonly number[]
}

interface Bounding {
  readonly scenario: Scenario
  readonly plan: Plan
  readonly traffic: Traffic
  readonly span: Span
  readonly grid: Grid
}

export function ruleOutOf(scenario: Scenario, plan: Plan): RuleOut {
  const traffic = trafficOf(scenario)
  const span = spanOf(traffic, plan.window)
  const bounding = { scenario, plan, traffic, span, grid: gridOf(span) }
  const thresholds = plan.thresholds.filter(({ drill }) => drill === null || drill === 'normal')
  return (setting) => {
    const tooFew = misplaced(setting, scenario)
    if (tooFew !== null) return tooFew
    return (
      network(setting, bounding, thresholds) ??
      consumers(setting, bounding, thresholds) ??
      loaded(setting, bounding)
    )
  }
}

function gridOf({ fromUs, untilUs }: Span): Grid {
  const steps = Math.max(1, Math.min(STEPS_MAX, Math.ceil((untilUs - fromUs) / 100_000)))
  const stepUs = (untilUs - fromUs) / steps
  const times = Array.from({ length: steps }, (_none, at) => fromUs + (at + 0.5) * stepUs)
  return { stepSeconds: stepUs / US_PER_SECOND, times }
}

/** Fewer replicas than must be in sync, and nothing is ever acknowledged. */
function misplaced(setting: Setting, scenario: Scenario): string | null {
  const broker = brokerConfig(scenario.cluster.config)
  for (const topic of scenario.topics) {
    const { minInsyncReplicas } = topicConfig(topic.config, broker)
    if (minInsyncReplicas <= setting.replicationFactor) continue
    return `${topic.name} has min.insync.replicas ${minInsyncReplicas} and only ${setting.replicationFactor} replicas`
  }
  return null
}

/** Bytes that the cards of all brokers must carry for each byte that is produced. */
interface Fan {
  readonly in: (flow: Flow) => number
  readonly out: (flow: Flow) => number
}

function network(
  setting: Setting,
  bounding: Bounding,
  thresholds: readonly PlanThreshold[],
): string | null {
  const capacity = cardsOf(setting, bounding.scenario)
  if (capacity === 0) return null
  const sure = fanOf(bounding.scenario, (topic) => inSync(topic, bounding.scenario))
  const ways = [
    { way: 'in', fan: sure.in, phases: ['produce', 'end-to-end'] },
    { way: 'out', fan: sure.out, phases: ['end-to-end'] },
  ] as const
  for (const { way, fan, phases } of ways) {
    const steps = stepsOf(bounding, (flow) => (flow.recordBytes * fan(flow)) / capacity)
    const answer = fluid(steps, bounding.grid.stepSeconds)
    for (const { threshold } of thresholds) {
      const phase = threshold.tags['phase'] ?? 'end-to-end'
      if (threshold.measure !== 'latency' || !phases.some((one) => one === phase)) continue
      if (Object.keys(threshold.tags).some((tag) => tag !== 'phase')) continue
      const least = secondsOf(threshold, answer)
      if (least === null || !misses(threshold, least * US_PER_SECOND)) continue
      const need = peakNeed(bounding, (flow) => flow.recordBytes * fan(flow))
      return (
        `the network cards of ${setting.brokers} brokers carry ${bytesText(capacity)} ${way}, ` +
        `the peak needs ${bytesText(need)}: ${textOf(threshold)} would be ${secondsText(least)} at best`
      )
    }
  }
  return null
}

function consumers(
  setting: Setting,
  bounding: Bounding,
  thresholds: readonly PlanThreshold[],
): string | null {
  for (const consumer of bounding.scenario.consumers) {
    const each = meanWorkSeconds(consumer.work)
    if (each === 0) continue
    const servers = activeMembers(setting, consumer)
    const steps = stepsOf(bounding, (flow) =>
      consumer.topics.includes(flow.topic) ? each / servers : 0,
    )
    const answer = fluid(steps, bounding.grid.stepSeconds)
    for (const { threshold } of thresholds) {
      const least = ofGroup(threshold, consumer, answer)
      if (least === null || !misses(threshold, least)) continue
      const shown =
        threshold.measure === 'backlog'
          ? `${Math.round(least)} records`
          : secondsText(least / US_PER_SECOND)
      return (
        `${servers} members of ${consumer.group} work off ${Math.floor(servers / each)} records/s, ` +
        `the peak brings ${Math.round(peakNeed(bounding, (flow) => (consumer.topics.includes(flow.topic) ? 1 : 0)))}: ` +
        `${textOf(threshold)} would be ${shown} at best`
      )
    }
  }
  return null
}

/** The least value of a threshold that waits for the group, in its own unit. */
function ofGroup(threshold: Threshold, consumer: Consumer, answer: FluidAnswer): number | null {
  const { measure, tags } = threshold
  const others = Object.keys(tags).filter((tag) => tag !== 'group' && tag !== 'phase')
  if (others.length > 0 || (tags['group'] ?? consumer.group) !== consumer.group) return null
  if (measure === 'backlog') return threshold.aggregate === 'max' ? answer.backlogMax : null
  if (measure === 'lateness') {
    return threshold.aggregate === 'max' ? answer.delayMax * US_PER_SECOND : null
  }
  // Without its tag a latency is of all groups together.
  const ofOne = tags['group'] !== undefined && tags['phase'] !== 'produce'
  if (measure !== 'latency' || !ofOne) return null
  const seconds = secondsOf(threshold, answer)
  return seconds === null ? null : seconds * US_PER_SECOND
}

/** The peak alone uses more of the cards than the plan wants to see in use. */
function loaded(setting: Setting, bounding: Bounding): string | null {
  const { utilisation } = bounding.plan
  const capacity = cardsOf(setting, bounding.scenario)
  if (utilisation === null || capacity === 0) return null
  const fan = fanOf(bounding.scenario, () => setting.replicationFactor)
  for (const way of ['in', 'out'] as const) {
    const need = peakNeed(bounding, (flow) => flow.recordBytes * fan[way](flow))
    if (need / capacity < utilisation) continue
    return (
      `the network cards of ${setting.brokers} brokers carry ${bytesText(capacity)} ${way}, and the ` +
      `peak needs ${bytesText(need)}: more than ${Math.round(utilisation * 100)} % of it`
    )
  }
  return null
}

/** Bytes a second of all brokers in one direction; 0: without limit. */
function cardsOf(setting: Setting, scenario: Scenario): number {
  return setting.brokers * (hardwareOf(setting, scenario)?.nicBytesPerSecond ?? 0)
}

export function hardwareOf({ hardware }: Setting, scenario: Scenario): Hardware | undefined {
  return scenario.hardware[hardware]
}

/** Replicas that must have a record before it is acknowledged and read. */
function inSync(topic: Topic, scenario: Scenario): number {
  return topicConfig(topic.config, brokerConfig(scenario.cluster.config)).minInsyncReplicas
}

function fanOf(scenario: Scenario, replicasOf: (topic: Topic) => number): Fan {
  const replicas = new Map(scenario.topics.map((topic) => [topic.name, replicasOf(topic)]))
  const copies = (flow: Flow): number => (flow.acksAll ? (replicas.get(flow.topic) ?? 1) : 1)
  const readers = (flow: Flow): number =>
    scenario.consumers.filter(({ topics }) => topics.includes(flow.topic)).length
  return { in: copies, out: (flow) => copies(flow) - 1 + readers(flow) }
}

/** For each step the work of its records: `each` is that of one record, in seconds. */
function stepsOf({ traffic, grid }: Bounding, each: (flow: Flow) => number): FluidStep[] {
  const works = traffic.flows.map(each)
  return grid.times.map((atUs) => {
    let work = 0
    let records = 0
    traffic.flows.forEach(({ curve, records: perArrival }, at) => {
      const one = works[at] as number
      const arrived = rateAt(curve, atUs) * perArrival * grid.stepSeconds
      work += arrived * one
      if (one > 0) records += arrived
    })
    return { work, records }
  })
}

function peakNeed({ traffic, span }: Bounding, each: (flow: Flow) => number): number {
  return traffic.flows.reduce(
    (sum, flow) => sum + rateAt(flow.curve, span.peakAtUs) * flow.records * each(flow),
    0,
  )
}

/** Members that have a partition to read. */
function activeMembers({ topics, groups }: Setting, consumer: Consumer): number {
  const members = groups.find(({ group }) => group === consumer.group)?.members ?? consumer.members
  const partitions = topics
    .filter(({ topic }) => consumer.topics.includes(topic))
    .reduce((sum, one) => sum + one.partitions, 0)
  return Math.max(1, Math.min(members, partitions))
}

/** Of a log-normal time through its two percentiles; 2.3263 is the 99th of the normal one. */
export function meanWorkSeconds({ p50Us, p99Us, meanUs }: Work): number {
  if (meanUs !== undefined) return meanUs / US_PER_SECOND
  if (p50Us === 0 || p99Us <= p50Us) return p50Us / US_PER_SECOND
  const sigma = naturalLog(p99Us / p50Us) / 2.3263
  return (p50Us * powerOfE((sigma * sigma) / 2)) / US_PER_SECOND
}

function secondsOf(threshold: Threshold, answer: FluidAnswer): number | null {
  switch (threshold.aggregate) {
    case 'max':
      return answer.delayMax
    case 'avg':
      return answer.delayMean
    case 'med':
      return answer.delayAt(0.5)
    case 'p':
      return answer.delayAt((threshold.percentile ?? 50) / 100)
    case 'min':
    case 'count':
      return null
  }
}

/** Even the least possible value breaks the rule. */
function misses({ operator, limit }: Threshold, least: number): boolean {
  if (operator === '<') return least >= limit
  return operator === '<=' && least > limit
}

function textOf({ text }: Threshold): string {
  return `${text.measure} ${text.rule}`
}

function secondsText(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1_000)} ms`
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`
}

function bytesText(perSecond: number): string {
  return perSecond < 1e9
    ? `${(perSecond / 1e6).toFixed(0)} MB/s`
    : `${(perSecond / 1e9).toFixed(1)} GB/s`
}
