/**
 * one-owner: within one generation of a group a partition has at most one owner (KC 2.7, I14).
 *
 * A member owns from its assignment until it gives the partition back, loses it, stops or dies.
 * Owners of different generations may overlap: the older one is a zombie then, which is counted in
 * the sentence and judged by `fencing`. A member that is in no generation is given nothing.
 */

import { Lifecycle, Ownership } from '../../model/history.ts'
import { type Check, groupScopes } from './check.ts'
import { offsetsExcused } from './causes.ts'
import { type Finding, kept, Tally, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { counted, seconds } from './words.ts'

export const oneOwner: Check = {
  name: 'one-owner',
  statement:
    'Within one generation of a group a partition has at most one owner, and nobody is given one ' +
    'outside of every generation.',
  promise: 'Always, unless the metadata of groups was lost with an excuse.',
  scopes: (judgement) => groupScopes(judgement),
  judge: (judgement, group) => new Owners(judgement, group).judge(),
}

interface Owner {
  readonly process: number
  readonly generation: number
  readonly sinceUs: number
}

class Owners {
  readonly #judgement: Judgement
  readonly #group: string
  readonly #excuse: string | null
  readonly #owners = new Map<number, Owner[]>()
  readonly #breaches = new Tally()
  #any = false
  /** Overlaps with a zombie, and the longest. */
  #zombies = 0
  #longestUs = 0

  constructor(judgement: Judgement, group: string) {
    this.#judgement = judgement
    this.#group = group
    const lost = offsetsExcused(judgement)
    this.#excuse = lost ? 'not promised: the metadata of the group was lost' : null
  }

  judge(): Finding {
    this.#walk()
    const { count } = this.#breaches
    if (count > 0) {
      return this.#breaches.broken(
        `Partitions of ${this.#group} were given to a second owner of one generation, or to one ` +
          `in none, ${counted(count, 'time')}`,
      )
    }
    const promised = this.#excuse === null
    if (!this.#any) return vacuous(promised, `No member of ${this.#group} owned a partition`)
    const zombies =
      this.#zombies === 0
        ? ''
        : `; a zombie held on to one ${counted(this.#zombies, 'time')}, at most for ${seconds(this.#longestUs)}`
    return kept(promised, `Each partition of ${this.#group} had one owner a generation${zombies}`)
  }

  #walk(): void {
    const { history } = this.#judgement.result
    const { ownerships, lifecycles } = history
    const group = this.#judgement.groupId(this.#group)
    let lived = 0
    const { data } = ownerships
    for (let row = 0; row < ownerships.length; row += 1) {
      const atUs = data.atUs[row] as number
      for (; lived < lifecycles.length; lived += 1) {
        if ((lifecycles.data.atUs[lived] as number) > atUs) break
        this.#died(lived)
      }
      if (data.group[row] === group) this.#changed(row)
    }
  }

  #died(row: number): void {
    const { data } = this.#judgement.result.history.lifecycles
    if (data.kind[row] === Lifecycle.started) return
    const process = data.process[row] as number
    for (const [partition, owners] of this.#owners) {
      this.#leave(partition, owners, { process, atUs: data.atUs[row] as number })
    }
  }

  #changed(row: number): void {
    const { data } = this.#judgement.result.history.ownerships
    const kind = data.kind[row] as Ownership
    if (kind === Ownership.seek) return
    const partition = data.partition[row] as number
    const process = data.process[row] as number
    const atUs = data.atUs[row] as number
    const owners = this.#owners.get(partition) ?? []
    this.#leave(partition, owners, { process, atUs })
    if (kind !== Ownership.assigned) return
    this.#any = true
    const generation = data.generation[row] as number
    const now = this.#owners.get(partition) ?? []
    if (generation < 0) this.#inNone(row)
    for (const other of now) {
      if (other.generation === generation) this.#twoOwners(row, other)
      else this.#zombies += 1
    }
    now.push({ process, generation, sinceUs: atUs })
    this.#owners.set(partition, now)
  }

  #leave(
    partition: number,
    owners: readonly Owner[],
    { process, atUs }: { readonly process: number; readonly atUs: number },
  ): void {
    const gone = owners.find((owner) => owner.process === process)
    if (gone === undefined) return
    const left = owners.filter((owner) => owner.process !== process)
    for (const other of left) {
      const overlapUs = atUs - Math.max(other.sinceUs, gone.sinceUs)
      this.#longestUs = Math.max(this.#longestUs, overlapUs)
    }
    this.#owners.set(partition, left)
  }

  #inNone(row: number): void {
    this.#breach('an owner in no generation', row, (owner, partition, at) => {
      return `${owner} was given ${partition} at ${at} while it was in no generation`
    })
  }

  #twoOwners(row: number, other: Owner): void {
    const { names } = this.#judgement.result.history
    this.#breach('two owners of one generation', row, (owner, partition, at) => {
      const since = seconds(this.#judgement.since(other.sinceUs))
      return (
        `${owner} was given ${partition} at ${at} in generation ${other.generation}, which ` +
        `${names[other.process]} had owned since ${since}`
      )
    })
  }

  #breach(
    mechanism: string,
    row: number,
    sentence: (owner: string | undefined, partition: string, at: string) => string,
  ): void {
    const judgement = this.#judgement
    const { names, ownerships } = judgement.result.history
    const { data } = ownerships
    this.#breaches.add(mechanism, 1, this.#excuse, () => {
      const partition = judgement.partitionText(data.partition[row] as number)
      const atUs = judgement.since(data.atUs[row] as number)
      return {
        sentence: sentence(names[data.process[row] as number], partition, seconds(atUs)),
        atUs,
        partition,
        offset: null,
        records: [],
      }
    })
  }
}
