/**
 * Reads timeline entries as authors write them and makes the canonical ones.
 *
 * `{ at: 10s, crash: leader of orders-0, for: 8s }` has one verb; its value is a target or the
 * verb's options. `{ kind: crash, target: …, at: 10s }` says the same without sugar, and a
 * canonical entry is read back as it is. `verbs` is the list of everything that can happen.
 */

import type { Findings, Path } from './findings.ts'
import type { Names } from './names.ts'
import { didYouMean } from './nearest.ts'
import { Options } from './options.ts'
import type { TimelineWords } from './surface.ts'
import { groupIn, nameIn, parsePartition } from './target.ts'
import {
  type FaultKind,
  faultKinds,
  laterFaults,
  laterOperations,
  type OperationKind,
  operationKinds,
  type TimelineEntry,
  type Trigger,
} from './timeline.ts'
import { readTrigger } from './trigger-words.ts'

type Kind = FaultKind | OperationKind

/** An entry without its time. */
type Deed<Entry = TimelineEntry> = Entry extends TimelineEntry
  ? Omit<Entry, 'atUs' | 'on' | 'forUs'>
  : never

interface Verb {
  /** The option that a value stands for when it is a phrase or a list. */
  readonly subject: string
  /** An interval takes `for`. */
  readonly interval: boolean
  readonly read: (options: Options) => Deed
}

const BROKER = 'broker 1'

function hostVerb(kind: 'crash' | 'power-loss' | 'pause'): Verb {
  const read = (options: Options): Deed => ({ kind, target: options.target('target', BROKER) })
  return { subject: 'target', interval: true, read }
}

function linkVerb(kind: 'cut' | 'hold'): Verb {
  return {
    subject: 'between',
    interval: true,
    read: (options) => ({ kind, ...ends(options), direction: direction(options) }),
  }
}

const verbs: Readonly<Record<Kind, Verb>> = {
  crash: hostVerb('crash'),
  'power-loss': hostVerb('power-loss'),
  pause: hostVerb('pause'),
  restart: {
    subject: 'target',
    interval: true,
    read: (options) => ({
      kind: 'restart',
      target: options.target('target', BROKER),
      clean: options.boolean('clean', true),
    }),
  },
  cut: linkVerb('cut'),
  hold: linkVerb('hold'),
  reset: {
    subject: 'between',
    interval: false,
    read: (options) => ({ kind: 'reset', ...ends(options) }),
  },
  'slow-link': { subject: 'between', interval: true, read: readSlowLink },
  'slow-disk': { subject: 'target', interval: true, read: readSlowDisk },
  'slow-cpu': {
    subject: 'target',
    interval: true,
    read: (options) => ({
      kind: 'slow-cpu',
      target: options.target('target', BROKER),
      factor: options.factor('factor'),
    }),
  },
  'clock-step': { subject: 'target', interval: false, read: readClockStep },
  'clock-drift': {
    subject: 'target',
    interval: true,
    read: (options) => ({
      kind: 'clock-drift',
      target: options.target('target', BROKER),
      ppm: options.number('ppm'),
    }),
  },
  'add-partitions': { subject: 'topic', interval: false, read: readAddPartitions },
  'add-members': {
    subject: 'group',
    interval: false,
    read: (options) => ({
      kind: 'add-members',
      group: readGroup(options),
      count: options.count('count', 1, 1),
    }),
  },
  'stop-members': {
    subject: 'group',
    interval: false,
    read: (options) => ({
      kind: 'stop-members',
      group: readGroup(options),
      count: options.count('count', 1, 1),
      clean: options.boolean('clean', true),
    }),
  },
  'elect-leader': { subject: 'partition', interval: false, read: readElectLeader },
  'slow-work': { subject: 'target', interval: true, read: readSlowWork },
}

const allVerbs: readonly Kind[] = [...faultKinds, ...operationKinds]
const laterVerbs: readonly string[] = [...laterFaults, ...laterOperations]
const WHEN = ['at', 'on', 'for', 'atUs', 'forUs']

/** The canonical entry, or undefined where a finding was made. */
export function readTimelineEntry(
  words: TimelineWords,
  path: Path,
  names: Names,
  findings: Findings,
): TimelineEntry | undefined {
  const before = findings.list.length
  const kind = kindOf(words, path, findings)
  if (kind === undefined) return undefined
  const verb = verbs[kind]
  const when = new Options(pick(words, WHEN), path, names, findings)
  const options = optionsOf(words, kind, when)
  const deed = verb.read(options)
  options.refuseRest()
  const entry = { ...deed, ...readWhen(when, verb, kind) } as TimelineEntry
  return findings.list.length === before ? entry : undefined
}

function kindOf(words: TimelineWords, path: Path, findings: Findings): Kind | undefined {
  const written = words['kind']
  const others = Object.keys(words).filter((key) => !WHEN.includes(key))
  const found = written === undefined ? others : [typeof written === 'string' ? written : '']
  const place = (word: string): Path => [...path, written === undefined ? word : 'kind']
  const [word] = found
  if (word === undefined) {
    findings.add(path, 'says nothing to do: add a verb, such as crash: leader of orders-0')
    return undefined
  }
  if (found.length > 1) {
    const unknown = found.find((name) => !isVerb(name) && !laterVerbs.includes(name))
    if (unknown === undefined) {
      findings.add(path, `has ${found.length} verbs (${found.join(', ')}): write one entry each`)
    } else {
      findings.addKey([...path, unknown], unknownWord(unknown))
    }
    return undefined
  }
  if (isVerb(word)) return word
  const message = laterVerbs.includes(word) ? `"${word}" is not in this version` : unknownWord(word)
  if (written === undefined) findings.addKey(place(word), message)
  else findings.add(place(word), message)
  return undefined
}

function isVerb(word: string): word is Kind {
  return Object.hasOwn(verbs, word)
}

function unknownWord(word: string): string {
  const words = [...allVerbs, ...laterVerbs, 'at', 'on', 'for', 'kind']
  return `unknown word "${word}"${didYouMean(word, words)}`
}

function optionsOf(words: TimelineWords, kind: Kind, when: Options): Options {
  const { path, names, findings } = when
  if (words['kind'] !== undefined) {
    const rest = Object.keys(words).filter((key) => key !== 'kind' && !WHEN.includes(key))
    return new Options(pick(words, rest), path, names, findings)
  }
  const value = words[kind]
  const inner = [...path, kind]
  const plain = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (plain && !('of' in value)) {
    return new Options(value as Record<string, unknown>, inner, names, findings)
  }
  // One phrase: what is wrong with it stands at the verb.
  return new Options(
    { [verbs[kind].subject]: value ?? undefined },
    inner,
    names,
    findings.at(inner),
  )
}

function pick(words: TimelineWords, keys: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {}
  for (const key of keys) {
    if (words[key] !== undefined) picked[key] = words[key]
  }
  return picked
}

interface When {
  readonly atUs?: number
  readonly on?: Trigger
  readonly forUs?: number
}

function readWhen(when: Options, verb: Verb, kind: Kind): When {
  const atUs = when.duration('at')
  const trigger = when.value('on')
  const forUs = when.duration('for')
  if (atUs === undefined && trigger === undefined) {
    when.findings.add(when.path, 'needs a time: at: 10s, or on: { probe: … }')
  }
  if (atUs !== undefined && trigger !== undefined) {
    when.findings.add(when.path, 'has both "at" and "on": one of them says when')
  }
  if (forUs !== undefined && !verb.interval) {
    when.findings.addKey([...when.path, 'for'], `${kind} happens at once and takes no "for"`)
  }
  const on = trigger === undefined ? undefined : readTrigger(trigger, when)
  return {
    ...(atUs === undefined ? {} : { atUs }),
    ...(on === undefined ? {} : { on }),
    ...(forUs === undefined ? {} : { forUs }),
  }
}

function ends(options: Options): Pick<Extract<Deed, { kind: 'reset' }>, 'between' | 'and'> {
  const between = options.target('between', BROKER)
  if (between.of === 'others') options.refuse('between', '"others" can only be the other end')
  if (options.value('and') === undefined) return { between, and: { of: 'others' } }
  return { between, and: options.target('and', 'broker 2') }
}

function direction(options: Options): 'both' | 'to' | 'from' {
  return options.word('direction', ['both', 'to', 'from'], 'both')
}

function readSlowLink(options: Options): Deed {
  const deed: Deed = {
    kind: 'slow-link',
    ...ends(options),
    direction: direction(options),
    delayUs: options.duration('delay') ?? 0,
    jitterUs: options.duration('jitter') ?? 0,
    bytesPerSecond: options.bandwidth('bandwidth', 'bytesPerSecond') ?? 0,
  }
  if (deed.delayUs + deed.jitterUs + deed.bytesPerSecond === 0) {
    options.refuse('delay', 'slows nothing: give a delay, a jitter or a bandwidth')
  }
  return deed
}

function readSlowDisk(options: Options): Deed {
  const deed: Deed = {
    kind: 'slow-disk',
    target: options.target('target', BROKER),
    delayUs: options.duration('delay') ?? 0,
    factor: options.factor('factor', 1),
  }
  if (deed.delayUs === 0 && deed.factor === 1) {
    options.refuse('delay', 'slows nothing: give a delay or a factor')
  }
  return deed
}

function readClockStep(options: Options): Deed {
  const target = options.target('target', BROKER)
  const byUs = options.signedDuration('by')
  if (byUs === undefined) options.needs('by', '-5s')
  return { kind: 'clock-step', target, byUs: byUs ?? 0 }
}

function readAddPartitions(options: Options): Deed {
  const topic = options.text('topic', 'orders')
  const known = [...options.names.topics.keys()]
  if (topic !== '') {
    options.findings.attempt([...options.path, 'topic'], '', () => nameIn(topic, known, 'topic'))
  }
  return { kind: 'add-partitions', topic, to: options.count('to', 1) }
}

function readGroup(options: Options): string {
  const group = options.text('group', 'payment')
  if (group === '') return group
  return options.findings.attempt([...options.path, 'group'], group, () =>
    groupIn(group, options.names),
  )
}

function readElectLeader(options: Options): Deed {
  const election = options.word('election', ['preferred', 'unclean'], 'preferred')
  if (options.has('topic')) {
    const topic = options.text('topic', 'orders')
    const partition = options.count('partition', 0)
    const place = options.findings.attempt([...options.path, 'topic'], { topic, partition }, () =>
      parsePartition(`${topic}-${partition}`, options.names),
    )
    return { kind: 'elect-leader', ...place, election }
  }
  const written = options.text('partition', 'orders-0')
  const place = options.findings.attempt(
    [...options.path, 'partition'],
    { topic: '', partition: 0 },
    () => parsePartition(written, options.names),
  )
  return { kind: 'elect-leader', ...place, election }
}

function readSlowWork(options: Options): Deed {
  const target = options.target('target', 'service bank')
  if (!['group', 'member', 'half', 'service', 'list'].includes(target.of)) {
    options.refuse('target', 'only a group, a member or a service works: payment, service bank')
  }
  return { kind: 'slow-work', target, factor: options.factor('factor') }
}
