/**
 * Reads `on: { probe: isr.shrinkSent, of: orders-3, nth: 2 }`: the moment of a protocol that an
 * entry of the timeline waits for.
 *
 * Whether a probe of that name exists is for the runner to say, which has the registry.
 */

import type { Names } from './names.ts'
import { Options } from './options.ts'
import { parsePartition } from './target.ts'
import type { Trigger, TriggerSubject } from './timeline.ts'

export function readTrigger(value: unknown, when: Options): Trigger | undefined {
  const path = [...when.path, 'on']
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    when.findings.add(path, 'needs a probe, such as on: { probe: isr.shrinkSent, of: orders-0 }')
    return undefined
  }
  const options = new Options(value as Record<string, unknown>, path, when.names, when.findings)
  const of = options.value('of')
  const subject =
    of === undefined
      ? undefined
      : when.findings.attempt<TriggerSubject | undefined>([...path, 'of'], undefined, () =>
          readSubject(of, when.names),
        )
  const trigger: Trigger = {
    probe: options.text('probe', 'isr.shrinkSent'),
    ...(subject === undefined ? {} : { of: subject }),
    nth: options.count('nth', 1, 1),
    afterUs: options.duration('after') ?? 0,
  }
  options.refuseRest()
  return trigger
}

/** `orders-3`, `payment` or `broker 2`, or the same in canonical form. */
function readSubject(value: unknown, names: Names): TriggerSubject {
  if (typeof value === 'object' && value !== null && 'of' in value) {
    return readSubject(subjectText(value as TriggerSubject), names)
  }
  if (typeof value !== 'string') throw new Error('needs orders-0, a group or a broker')
  const broker = /^broker (\d+)$/.exec(value)
  if (broker !== null) {
    const id = Number(broker[1])
    if (names.brokers.includes(id)) return { of: 'broker', id }
    throw new Error(`there is no broker ${id}: there are ${names.brokers.join(', ')}`)
  }
  if (names.groups.has(value)) return { of: 'group', group: value }
  return { of: 'partition', ...parsePartition(value, names) }
}

/** What a trigger waits for, as a phrase. */
export function subjectText(subject: TriggerSubject): string {
  if (subject.of === 'partition') return `${subject.topic}-${subject.partition}`
  return subject.of === 'group' ? subject.group : `broker ${subject.id}`
}
