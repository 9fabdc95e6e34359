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
import {
  type FaultKind,
  faultKinds,
  type OperationKind,
  operationKinds,
  type TimelineEntry,
  type Trigger,
} from './timeline.ts'
import { faultVerbs } from './timeline-fault-words.ts'
import { operationVerbs } from './timeline-operation-words.ts'
import type { Verb } from './timeline-verb.ts'
import { readTrigger } from './trigger-words.ts'

type Kind = FaultKind | OperationKind

const verbs: Readonly<Record<Kind, Verb>> = { ...faultVerbs, ...operationVerbs }

const allVerbs: readonly Kind[] = [...faultKinds, ...operationKinds]
const WHEN = ['at', 'on', 'for', 'atUs', 'forUs', 'permanent']

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
    const unknown = found.find((name) => !isVerb(name))
    if (unknown === undefined) {
      findings.add(path, `has ${found.length} verbs (${found.join(', ')}): write one entry each`)
    } else {
      findings.addKey([...path, unknown], unknownWord(unknown))
    }
    return undefined
  }
  if (isVerb(word)) return word
  const message = unknownWord(word)
  if (written === undefined) findings.addKey(place(word), message)
  else findings.add(place(word), message)
  return undefined
}

function isVerb(word: string): word is Kind {
  return Object.hasOwn(verbs, word)
}

function unknownWord(word: string): string {
  const words = [...allVerbs, 'at', 'on', 'for', 'kind']
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
  readonly permanent?: true
}

function readWhen(when: Options, verb: Verb, kind: Kind): When {
  const atUs = when.duration('at')
  const trigger = when.value('on')
  const permanent = when.value('for') === 'ever' || when.value('permanent') === true
  const forUs = permanent ? undefined : when.duration('for')
  if (atUs === undefined && trigger === undefined) {
    when.findings.add(when.path, 'needs a time: at: 10s, or on: { probe: … }')
  }
  if (atUs !== undefined && trigger !== undefined) {
    when.findings.add(when.path, 'has both "at" and "on": one of them says when')
  }
  if (forUs !== undefined && !verb.interval) {
    when.findings.addKey([...when.path, 'for'], `${kind} happens at once and takes no "for"`)
  }
  if (permanent && verb.permanent !== true) {
    when.findings.addKey([...when.path, 'for'], `${kind} cannot stay for ever`)
  }
  const on = trigger === undefined ? undefined : readTrigger(trigger, when)
  return {
    ...(atUs === undefined ? {} : { atUs }),
    ...(on === undefined ? {} : { on }),
    ...(forUs === undefined ? {} : { forUs }),
    ...(permanent ? { permanent: true } : {}),
  }
}
