/**
 * rebalance-storm: a group is not rebalanced more often than its members change.
 *
 * A member that comes, stops, dies or is put out costs at most two rebalances: one without it and
 * one with it. The first rebalances of a run, before its load, are its own. Nothing in Kafka bounds
 * them, so that a storm is counted and shown, and fails only where a scenario expects it to.
 */

import { Ownership } from '../../model/history.ts'
import { type Check, groupScopes } from './check.ts'
import { type Finding, kept, Tally, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { counted, seconds } from './words.ts'

const EACH = 2

export const rebalanceStorm: Check = {
  name: 'rebalance-storm',
  statement:
    'A group has at most two rebalances for each member that comes, stops, dies or is put out, ' +
    'and for each change of its partitions.',
  promise: 'Never: Kafka does not bound them.',
  scopes: (judgement) => groupScopes(judgement),
  judge: judgeStorm,
}

function judgeStorm(judgement: Judgement, group: string): Finding {
  const rounds = roundsOf(judgement, group)
  const changes = changesOf(judgement, group)
  if (rounds.count === 0) return vacuous(false, `${group} was never rebalanced under load`)
  const times = `${counted(rounds.count, 'rebalance')} for ${counted(changes, 'change')} of members`
  const long = `${seconds(rounds.lengthUs)} together`
  if (rounds.count <= changes * EACH) return kept(false, `${group} had ${times}, ${long}`)
  const breach = new Tally()
  const excuse = 'not promised: Kafka does not bound them'
  breach.add('more rebalances than changes', rounds.count - changes * EACH, excuse, () => ({
    sentence: `${group} began generation ${rounds.last} at ${seconds(judgement.since(rounds.lastUs))}`,
    atUs: judgement.since(rounds.lastUs),
    partition: null,
    offset: null,
    records: [],
  }))
  return breach.broken(`${group} had ${times}, ${long}`)
}

interface Rounds {
  readonly count: number
  /** From the first partition that was given up to the last that was taken over, added up. */
  readonly lengthUs: number
  readonly last: number
  readonly lastUs: number
}

function roundsOf(judgement: Judgement, group: string): Rounds {
  const { ownerships } = judgement.result.history
  const { data, length } = ownerships
  const id = judgement.groupId(group)
  let [count, lengthUs, last, lastUs, givenUpUs] = [0, 0, -1, 0, -1]
  for (let row = 0; row < length; row += 1) {
    const atUs = data.atUs[row] as number
    if (data.group[row] !== id || data.kind[row] === Ownership.seek) continue
    if (data.kind[row] !== Ownership.assigned) {
      if (givenUpUs === -1) givenUpUs = atUs
      continue
    }
    const generation = data.generation[row] as number
    if (generation > last) {
      last = generation
      if (judgement.since(atUs) > 0) {
        count += 1
        if (givenUpUs !== -1) lengthUs += atUs - givenUpUs
      }
      lastUs = atUs
      givenUpUs = -1
    }
  }
  return { count, lengthUs, last, lastUs }
}

/** Members that came, stopped, died or were put out under load, and partitions that were added. */
function changesOf(judgement: Judgement, group: string): number {
  const { lifecycles, names, ownerships } = judgement.result.history
  let changes = 0
  for (let row = 0; row < lifecycles.length; row += 1) {
    if (judgement.since(lifecycles.get('atUs', row)) <= 0) continue
    const name = names[lifecycles.get('process', row)] ?? ''
    if (name.replace(/-\d+$/, '') === group) changes += 1
  }
  const out = new Set<string>()
  const id = judgement.groupId(group)
  const { data, length } = ownerships
  for (let row = 0; row < length; row += 1) {
    if (data.group[row] !== id || data.kind[row] !== Ownership.lost) continue
    out.add(`${data.process[row]} ${data.generation[row]}`)
  }
  const added = judgement.tookEffect().filter(({ kind }) => kind === 'add-partitions')
  return changes + out.size + added.length
}
