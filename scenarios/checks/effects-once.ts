/**
 * effects-once, also exactly-once-effects: an effect keyed by a message id happens exactly once.
 *
 * Twice: a store applied one message id more than once. Never: a group processed a record, and no
 * store has its effect. Promised by the pattern `idempotent` (KC A8), of every group that causes
 * the effect.
 */

import type { History } from '../../model/history.ts'
import type { Consumer } from '../schema/scenario.ts'
import type { Check } from './check.ts'
import { type Finding, kept, Tally, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { counted, grouped, seconds } from './words.ts'

export const effectsOnce: Check = {
  name: 'effects-once',
  statement:
    'Each effect of a message id is applied once: never twice, and never not at all when the ' +
    'record that causes it was processed.',
  promise: 'By the pattern idempotent.',
  scopes: effectNames,
  judge: judgeEffect,
}

/** An effect, and the group whose effects of that name are meant; null: all of them. */
interface Of {
  readonly effect: string
  readonly group: string | null
}

/**
 * Effects of services bear the service's name, those of a group's own store the group's. Where
 * several groups call one service each has a scope, `bank:payment`: message ids are the caller's.
 */
function effectNames(judgement: Judgement): readonly string[] {
  const names: string[] = []
  const add = (name: string): void => {
    if (!names.includes(name)) names.push(name)
  }
  for (const { calls } of judgement.scenario.consumers)
    for (const { service } of calls) add(service)
  const { history } = judgement.result
  const { effects } = history
  const { effect } = effects.data
  const seen: boolean[] = []
  for (let row = 0; row < effects.length; row += 1) {
    const id = effect[row] as number
    if (seen[id] === true) continue
    seen[id] = true
    add(history.names[id] ?? '')
  }
  return names.flatMap((name) => {
    const groups = causedBy(judgement, name)
    return groups.length < 2 ? [name] : groups.map(({ group }) => `${name}:${group}`)
  })
}

function ofScope(scope: string): Of {
  const colon = scope.indexOf(':')
  if (colon === -1) return { effect: scope, group: null }
  return { effect: scope.slice(0, colon), group: scope.slice(colon + 1) }
}

/** The groups of which processing a record causes the effect. */
function causedBy(judgement: Judgement, effect: string): readonly Consumer[] {
  return judgement.scenario.consumers.filter(
    ({ group, calls }) => group === effect || calls.some(({ service }) => service === effect),
  )
}

/** Rows of the table of effects that are meant. */
function rowsOf(judgement: Judgement, { effect, group }: Of): (row: number) => boolean {
  const { history } = judgement.result
  const { data } = history.effects
  const id = history.names.indexOf(effect)
  if (group === null) return (row) => data.effect[row] === id
  const caller = history.names.indexOf(group)
  return (row) => data.effect[row] === id && data.group[row] === caller
}

function judgeEffect(judgement: Judgement, scope: string): Finding {
  const of = ofScope(scope)
  const name = of.group === null ? of.effect : `${of.effect} for ${of.group}`
  const groups = causedBy(judgement, of.effect).filter(
    ({ group }) => of.group === null || group === of.group,
  )
  const promised = groups.length > 0 && groups.every(({ pattern }) => pattern === 'idempotent')
  const excuse = promised ? null : 'not promised: not every group that causes it is idempotent'
  const breaches = new Tally()
  const applied =
    countTwice(judgement, of, breaches, excuse) + countRangesTwice(judgement, of, breaches, excuse)
  for (const consumer of groups) countMissing(judgement, of, { consumer, breaches, excuse })
  if (breaches.count > 0) {
    const what = breaches.mechanism === 'no effect' ? 'did not happen' : 'happened more than once'
    return breaches.broken(`${counted(breaches.count, 'effect')} of ${name} ${what}`)
  }
  if (applied === 0) return vacuous(promised, `${name} had no effect`)
  const what = applied === 1 ? 'The one effect' : `Each of the ${grouped(applied)} effects`
  return kept(promised, `${what} of ${name} happened once`)
}

/** Records of each effect: one, but for ranges of counted ones. */
function countsOf({ effects, effectRanges }: History): Float64Array {
  const counts = new Float64Array(effects.length).fill(1)
  const { data } = effectRanges
  for (let range = 0; range < effectRanges.length; range += 1) {
    counts[data.effect[range] as number] = data.count[range] as number
  }
  return counts
}

/** As `countTwice`, of counted records: each is known by its own id. */
function countRangesTwice(
  judgement: Judgement,
  of: Of,
  breaches: Tally,
  excuse: string | null,
): number {
  const { atoms, result } = judgement
  const { effectRanges, effects } = result.history
  if (effectRanges.length === 0) return 0
  const { data } = effects
  const isMeant = rowsOf(judgement, of)
  const times = new Int32Array(atoms.count)
  let applied = 0
  for (let range = 0; range < effectRanges.length; range += 1) {
    const row = effectRanges.get('effect', range)
    if (data.applied[row] !== 1 || !isMeant(row)) continue
    const stream = data.stream[row] as number
    const index = data.index[row] as number
    const end = atoms.at(stream, index + effectRanges.get('count', range))
    for (let atom = atoms.at(stream, index); atom < end; atom += 1) {
      const before = times[atom] as number
      times[atom] = before + 1
      if (before === 0) applied += atoms.weight(atom)
      if (before !== 1) continue
      const atUs = judgement.since(data.atUs[row] as number)
      breaches.add('applied twice', atoms.weight(atom), excuse, () => ({
        sentence: `the effect of ${judgement.recordText(atom)} was applied again by ${of.effect} at ${seconds(atUs)}`,
        atUs,
        partition: null,
        offset: null,
        records: [atoms.name(atom)],
      }))
    }
  }
  return applied
}

/** Counts the message ids that were applied, and those applied more than once. */
function countTwice(judgement: Judgement, of: Of, breaches: Tally, excuse: string | null): number {
  const { history } = judgement.result
  const { effects } = history
  const { data } = effects
  const isMeant = rowsOf(judgement, of)
  const times = new Int32Array(history.messages.length)
  let applied = 0
  for (let row = 0; row < effects.length; row += 1) {
    if (data.applied[row] !== 1 || !isMeant(row)) continue
    const message = data.message[row] as number
    // Ranges of counted records have no message of their own.
    if (message < 0) continue
    const before = times[message] as number
    times[message] = before + 1
    if (before === 0) applied += 1
    if (before !== 1) continue
    breaches.add('applied twice', 1, excuse, () => ({
      sentence:
        `the effect of message ${history.messages.text(message)} was applied again by ${of.effect} at ` +
        seconds(judgement.since(data.atUs[row] as number)),
      atUs: judgement.since(data.atUs[row] as number),
      partition: null,
      offset: null,
      records: [`${data.stream[row]}:${data.index[row]}`],
    }))
  }
  return applied
}

interface Cause {
  readonly consumer: Consumer
  readonly breaches: Tally
  readonly excuse: string | null
}

function countMissing(judgement: Judgement, of: Of, cause: Cause): void {
  const { consumer } = cause
  if (consumer.effectPer === 'key') missingKeys(judgement, of, cause)
  else missingRecords(judgement, of, cause)
}

/** Atoms of which a store knows the effect, applied or refused as known. */
function knownAtoms(judgement: Judgement, of: Of): Uint8Array {
  const { atoms, result } = judgement
  const { effects } = result.history
  const { data } = effects
  const isMeant = rowsOf(judgement, of)
  const counts = countsOf(result.history)
  const known = new Uint8Array(atoms.count)
  for (let row = 0; row < effects.length; row += 1) {
    if (!isMeant(row)) continue
    const stream = data.stream[row] as number
    const index = data.index[row] as number
    known.fill(1, atoms.at(stream, index), atoms.at(stream, index + (counts[row] as number)))
  }
  return known
}

function missingRecords(judgement: Judgement, of: Of, cause: Cause): void {
  const { atoms } = judgement
  const { consumer } = cause
  const { times } = judgement.processed(consumer.group)
  const known = knownAtoms(judgement, of)
  for (let stream = 0; stream < atoms.streams; stream += 1) {
    if (!judgement.reads(consumer, stream)) continue
    const end = atoms.end(stream)
    for (let atom = atoms.first(stream); atom < end; atom += 1) {
      if (times[atom] === 0 || known[atom] === 1) continue
      missing(judgement, of, cause, atom)
    }
  }
}

/** One effect for each key: it may have been caused by another record, of another incarnation. */
function missingKeys(judgement: Judgement, of: Of, cause: Cause): void {
  const { atoms, result } = judgement
  const { consumer } = cause
  const { times } = judgement.processed(consumer.group)
  const { effects, streams } = result.history
  const { data } = effects
  const isMeant = rowsOf(judgement, of)
  const known = new Set<string | null>()
  for (let row = 0; row < effects.length; row += 1) {
    if (isMeant(row)) known.add(streams[data.stream[row] as number]?.key ?? null)
  }
  for (let stream = 0; stream < atoms.streams; stream += 1) {
    if (!judgement.reads(consumer, stream)) continue
    const key = streams[stream]?.key ?? null
    if (key === null || known.has(key)) continue
    const end = atoms.end(stream)
    for (let atom = atoms.first(stream); atom < end; atom += 1) {
      if (times[atom] === 0) continue
      known.add(key)
      missing(judgement, of, cause, atom)
      break
    }
  }
}

function missing(judgement: Judgement, of: Of, cause: Cause, atom: number): void {
  const { consumer, breaches, excuse } = cause
  const processedUs = judgement.since(judgement.processed(consumer.group).firstUs(atom))
  breaches.add('no effect', 1, excuse, () => ({
    sentence:
      `${judgement.recordText(atom)} was processed by ${consumer.group} at ` +
      `${seconds(processedUs)}, and ${of.effect} knows nothing of it`,
    atUs: processedUs,
    partition: null,
    offset: null,
    records: [judgement.atoms.name(atom)],
  }))
}
