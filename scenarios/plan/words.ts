/**
 * Words of a plan's sentences: settings, drills, factors, numbers with grouped digits.
 */

import type { PlanDrill } from '../schema/plan.ts'
import { formatDuration } from '../schema/units.ts'
import type { Bottleneck, DrillAnswer, Setting, Wall } from './plan-answer.ts'

/** `583,000` */
export function digits(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1.3×` */
export function times(factor: number): string {
  return `${Number(factor.toFixed(2))}×`
}

function counted(count: number, noun: string): string {
  return `${digits(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** `9 brokers m7g.2xlarge, 360 partitions and 120 consumers` */
export function settingText(setting: Setting): string {
  const { brokers, hardware, partitions, consumers } = setting
  const name = hardware === 'ideal' ? '' : ` ${hardware}`
  const of = consumers === 0 ? '' : ` and ${counted(consumers, 'consumer')}`
  return `${counted(brokers, 'broker')}${name}${of === '' ? ' and ' : ', '}${counted(partitions, 'partition')}${of}`
}

/** Short and different for every drill: `consumer-outage payment`. */
export function drillLabels(drills: readonly PlanDrill[]): readonly string[] {
  return drills.map((drill, at) => {
    const alike = drills.filter(({ name }) => name === drill.name)
    if (alike.length === 1) return drill.name
    if (drill.name === 'consumer-outage') return `${drill.name} ${drill.group}`
    if (drill.name === 'rack-down' && drill.rack !== null) return `${drill.name} ${drill.rack}`
    return at === drills.indexOf(alike[0] ?? drill) ? drill.name : `${drill.name} ${at}`
  })
}

/** `one broker down at the peak` */
export function drillTitle(drill: PlanDrill): string {
  switch (drill.name) {
    case 'normal':
      return 'normal running'
    case 'one-broker-down':
      return 'one broker down at the peak'
    case 'rack-down':
      return drill.rack === null
        ? 'one rack down at the peak'
        : `rack ${drill.rack} down at the peak`
    case 'consumer-outage':
      return `${drill.group} out for ${formatDuration(drill.forUs)} from the peak on`
  }
}

const USED = 0.7

/** What the wall is made of: a resource that is nearly used up, or else the threshold. */
export function wallClause({ resource, host, what, drill, factor }: Wall, used: number): string {
  if (factor === null) return `${what} holds at all that was tried`
  const where = drill === 'normal' ? '' : ` (${drill})`
  if (resource !== null && host !== null && used >= USED) {
    return `${resource} of ${host} is the first wall at ${times(factor)}${where}`
  }
  return `${what} is the first wall at ${times(factor)}${where}`
}

export function bottleneckText({ resource, host, utilisation }: Bottleneck): string {
  return `${resource} of ${host} at ${Math.round(utilisation * 100)} %`
}

/** The first thing that the drills miss: `one-broker-down: lateness max<30s`. */
export function firstMissed(drills: readonly DrillAnswer[]): string {
  for (const { name, thresholds, broken } of drills) {
    const missed = thresholds.find(({ met }) => met === false)
    if (missed !== undefined) return `${name}: ${missed.measure} ${missed.rule}`
    const [first] = broken
    if (first !== undefined) return `${name}: ${first.check}:${first.scope}`
  }
  return 'a run of its drills'
}
