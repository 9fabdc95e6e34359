/**
 * no-duplicates, level `delivered-once:<group>`: a group processes no record twice.
 *
 * Judged on processing, not on polls (contracts §5). Promised only where the group commits before
 * it processes (KC A3); every other pattern is at least once, and says so by being counted here.
 */

import { Outcome } from '../../model/history.ts'
import { type Check, groupScopes } from './check.ts'
import { offsetsExcused } from './causes.ts'
import { processesFirst } from './configuration.ts'
import { type Finding, kept, Tally, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { counted, seconds } from './words.ts'

const DELIVERED = 'delivered-once:'

export const noDuplicates: Check = {
  name: 'no-duplicates',
  statement: 'A group processes a record to the end at most once.',
  promise: 'By the pattern commit-then-process, unless committed offsets were lost with an excuse.',
  scopes: (judgement) => groupScopes(judgement, DELIVERED),
  judge: (judgement, scope) => judgeDelivered(judgement, scope.slice(DELIVERED.length)),
}

function judgeDelivered(judgement: Judgement, group: string): Finding {
  const promised = !processesFirst(judgement.consumer(group))
  const processed = judgement.processed(group)
  if (processed.consumed === 0) return vacuous(promised, `${group} processed nothing`)
  if (processed.redelivered === 0) return kept(promised, `${group} processed no record twice`)
  const again = repetitions(judgement, group)
  return again.broken(`${group} processed ${counted(again.count, 'record')} more than once`)
}

/** A second pass, made only where something was processed again. */
function repetitions(judgement: Judgement, group: string): Tally {
  const again = new Tally()
  const { atoms } = judgement
  const { times, firstRow } = judgement.processed(group)
  const id = judgement.groupId(group)
  const { processings } = judgement.result.history
  const { data } = processings
  const told = new Uint8Array(atoms.count)
  for (let row = 0; row < processings.length; row += 1) {
    if (data.group[row] !== id || data.outcome[row] !== Outcome.ok) continue
    const stream = data.stream[row] as number
    const index = data.index[row] as number
    const end = atoms.at(stream, index + (data.count[row] as number))
    for (let atom = atoms.at(stream, index); atom < end; atom += 1) {
      if ((times[atom] as number) < 2 || told[atom] === 1 || firstRow[atom] === row + 1) continue
      told[atom] = 1
      repeat(judgement, again, { atom, group, row })
    }
  }
  return again
}

interface Again {
  readonly atom: number
  readonly group: string
  readonly row: number
}

function repeat(judgement: Judgement, again: Tally, { atom, group, row }: Again): void {
  const { history } = judgement.result
  const { data } = history.processings
  const before = (judgement.processed(group).firstRow[atom] as number) - 1
  const twiceStored = (judgement.stored.copies[atom] as number) > 1
  const elsewhere = data.generation[row] !== data.generation[before]
  const mechanism = twiceStored
    ? 'stored twice'
    : elsewhere
      ? 'processed again in another generation'
      : 'processed again in the same generation'
  again.add(
    mechanism,
    judgement.atoms.weight(atom),
    excuseFor(judgement, group, twiceStored),
    () => {
      const partition = judgement.partitionText(data.partition[row] as number)
      const [first, second] = [before, row].map((at) => {
        const member = history.names[data.process[at] as number] ?? ''
        return `${member} at ${seconds(judgement.since(data.endedUs[at] as number))}`
      })
      return {
        sentence: `${judgement.recordText(atom)} was processed by ${first} and by ${second}`,
        atUs: judgement.since(data.endedUs[row] as number),
        partition,
        offset: data.offset[row] as number,
        records: [judgement.atoms.name(atom)],
      }
    },
  )
}

function excuseFor(judgement: Judgement, group: string, twiceStored: boolean): string | null {
  if (processesFirst(judgement.consumer(group))) return `not promised: ${group} is at least once`
  if (twiceStored) return 'not promised: the record is stored twice'
  return offsetsExcused(judgement) ? 'not promised: committed offsets were lost' : null
}
