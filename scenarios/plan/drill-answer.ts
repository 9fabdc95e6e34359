/**
 * The runs of one drill put together: means with their 95 % intervals over seeds, what was met,
 * and which resource was nearest to its limit.
 */

import { meanInterval } from '../measures/intervals.ts'
import type { PlanDrill } from '../schema/plan.ts'
import { bottleneckOf } from './bottleneck.ts'
import type {
  DrillAnswer,
  DrillGroup,
  Estimate,
  PlanMeasure,
  ResourceUse,
  Setting,
  ThresholdResult,
} from './plan-answer.ts'
import type { Sample } from './simulate.ts'
import { drillTitle } from './words.ts'

export function drillAnswer(
  drill: PlanDrill,
  setting: Setting,
  samples: readonly Sample[],
): DrillAnswer {
  // Of the part of a run that a threshold ended nobody can say how the rest would have been.
  const whole = samples.filter(({ endedEarly }) => !endedEarly)
  const resources = resourcesOf(whole)
  const bottleneck = bottleneckOf(
    resources.map(({ host, resource, peak }) => ({ host, resource, peak: peak.value })),
  )
  return {
    name: drill.name,
    title: drillTitle(drill),
    group: drill.name === 'consumer-outage' ? drill.group : null,
    seeds: samples.length,
    endedEarly: samples.length - whole.length,
    met: samples.length > 0 && samples.every(({ met }) => met),
    thresholds: thresholdsOf(samples),
    bottleneck,
    headroom: bottleneck === null ? null : Math.max(0, 1 - bottleneck.utilisation),
    measures: measuresOf(whole),
    groups: groupsOf(whole, setting),
    resources,
    broken: brokenOf(samples),
    curves: samples.find(({ curves }) => curves !== null)?.curves ?? null,
  }
}

/** Null of no values; none of what a plan estimates can be negative. */
export function estimateOf(values: readonly number[]): Estimate | null {
  const interval = meanInterval(values)
  if (interval === null) return null
  const { value, low, high } = interval
  return { value, ci: low === null || high === null ? null : [Math.max(0, low), high] }
}

function certain(values: readonly number[]): Estimate {
  return estimateOf(values) ?? { value: 0, ci: null }
}

function thresholdsOf(samples: readonly Sample[]): readonly ThresholdResult[] {
  const first = samples.find(({ thresholds }) => thresholds.length > 0)?.thresholds ?? []
  return first.map(({ measure, rule, unit }, at) => {
    const all = samples.flatMap(({ thresholds }) => thresholds[at] ?? [])
    const estimate = estimateOf(all.flatMap(({ value }) => value ?? []))
    const judged = all.filter(({ met }) => met !== null).length
    const runsMet = all.filter(({ met }) => met === true).length
    return {
      measure,
      rule,
      value: estimate === null ? null : { ...estimate, unit },
      runsMet,
      runsJudged: judged,
      met: judged === 0 ? null : runsMet === judged,
    }
  })
}

function measuresOf(samples: readonly Sample[]): Readonly<Record<string, PlanMeasure>> {
  const names = [...new Set(samples.flatMap(({ measures }) => Object.keys(measures)))]
  const found: Record<string, PlanMeasure> = {}
  for (const name of names) {
    const all = samples.flatMap(({ measures }) => measures[name] ?? [])
    found[name] = { ...certain(all.map(({ value }) => value)), unit: all[0]?.unit ?? 'count' }
  }
  return found
}

function groupsOf(samples: readonly Sample[], setting: Setting): readonly DrillGroup[] {
  const first = samples.find(({ groups }) => groups.length > 0)?.groups ?? []
  return first.map(({ group, topic }, at) => {
    const all = samples.flatMap(({ groups }) => groups[at] ?? [])
    const drains = all.flatMap(({ drainMs }) => drainMs ?? [])
    return {
      group,
      topic,
      members: setting.groups.find((one) => one.group === group)?.members ?? 0,
      backlogPeak: certain(all.map(({ backlogPeak }) => backlogPeak)),
      latenessPeakMs: certain(all.map(({ latenessPeakMs }) => latenessPeakMs)),
      drainMs: drains.length < all.length ? null : estimateOf(drains),
      latencyP50Ms: estimateOf(all.flatMap(({ latencyMs }) => latencyMs?.['p(50)'] ?? [])),
      latencyP99Ms: estimateOf(all.flatMap(({ latencyMs }) => latencyMs?.['p(99)'] ?? [])),
    }
  })
}

function resourcesOf(samples: readonly Sample[]): readonly ResourceUse[] {
  const found = new Map<
    string,
    { host: string; resource: string; mean: number[]; peak: number[] }
  >()
  for (const { resources } of samples) {
    for (const { host, resource, mean, peak } of resources) {
      const key = `${host} ${resource}`
      const one = found.get(key) ?? { host, resource, mean: [], peak: [] }
      one.mean.push(mean)
      one.peak.push(peak)
      found.set(key, one)
    }
  }
  return [...found.values()].map(({ host, resource, mean, peak }) => ({
    host,
    resource,
    mean: certain(mean),
    peak: certain(peak),
  }))
}

function brokenOf(samples: readonly Sample[]): DrillAnswer['broken'] {
  const runs = new Map<string, { check: string; scope: string; runs: number }>()
  for (const { broken } of samples) {
    for (const { check, scope } of broken) {
      const key = `${check}:${scope}`
      const one = runs.get(key) ?? { check, scope, runs: 0 }
      one.runs += 1
      runs.set(key, one)
    }
  }
  return [...runs.values()]
}
