/**
 * Random clients against the coordinator: members that come, go, crash, fall silent, commit late;
 * appends that end late or fail; fail-overs. After each step the invariants of KC 8 are looked at.
 */

import { describe, expect, test } from 'vitest'
import type { KnownTopic } from '../../../../model/kafka/assignors/assignor.ts'
import { range } from '../../../../model/kafka/assignors/range.ts'
import type { KafkaError } from '../../../../model/kafka/errors.ts'
import { Guard } from '../../../../model/kafka/group/guards.ts'
import { readLog } from '../../../../model/kafka/group/loading.ts'
import type { CoordinatorRecord, GroupRecord } from '../../../../model/kafka/group/records.ts'
import type {
  JoinGroupResponse,
  OffsetCommitResponse,
  SyncGroupResponse,
} from '../../../../model/kafka/messages.ts'
import { type PartitionId, partitionId, recordsOf } from '../../../../model/record.ts'
import type { GuardId } from '../../../../sim/registry.ts'
import { type Stream, stream } from '../../../../sim/random.ts'
import {
  type Asked,
  GROUP,
  HandHeldGroups,
  INITIAL_DELAY_MS,
  ORDERS,
  PLACE,
  REBALANCE_MS,
} from './hand-held-groups.ts'

const topics: readonly KnownTopic[] = [{ name: 'orders', topic: 2, partitions: ORDERS }]
const offsetsPartition = partitionId(0, PLACE)

const zombieChecks: readonly GuardId[] = [
  Guard.joinMember,
  Guard.syncMember,
  Guard.syncPreparing,
  Guard.assignmentCurrent,
  Guard.heartbeatMember,
  Guard.heartbeatGeneration,
  Guard.heartbeatPreparing,
  Guard.sessionExpired,
  Guard.commitMember,
  Guard.commitGeneration,
  Guard.commitCompleting,
  Guard.commitLogOrder,
]

/** Whom a request says it comes from. */
interface Identity {
  readonly memberId: string
  readonly generation: number
}

class Client {
  readonly name: string
  memberId = ''
  /** −1 while it has to join. */
  generation = -1
  owned: readonly PartitionId[] = []
  /** Epoch of the coordinator that it asked last. */
  joinedIn = 0
  join: Asked<JoinGroupResponse> | null = null
  sync: Asked<SyncGroupResponse> | null = null

  constructor(name: string) {
    this.name = name
  }

  get identity(): Identity {
    return { memberId: this.memberId, generation: this.generation }
  }

  get stable(): boolean {
    return this.generation !== -1 && this.join === null && this.sync === null
  }

  /** What a Java consumer does with an error of join, sync, heartbeat or commit. */
  take(error: KafkaError): void {
    if (error === 'UNKNOWN_MEMBER_ID') this.memberId = ''
    if (['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS'].includes(error)) {
      this.generation = -1
    }
  }

  forget(): void {
    this.memberId = ''
    this.generation = -1
    this.join = null
    this.sync = null
  }
}

interface SentCommit {
  readonly asked: Asked<OffsetCommitResponse>
  readonly partition: PartitionId
  /** Each commit is higher than all before it, so that the newest is the highest. */
  readonly offset: number
}

/** Cheaper than an expectation, for what is looked at after every step. */
function must(condition: boolean, rule: string): void {
  if (!condition) throw new Error(rule)
}

function sameText(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

class Torment {
  readonly groups: HandHeldGroups
  readonly clients: readonly Client[] = ['a', 'b', 'c', 'd'].map((name) => new Client(name))
  /** Who sends late: crashed clients that wake up, and requests that were under way for long. */
  readonly zombies: Identity[] = []
  readonly strict: boolean
  /** The newest generation that this coordinator has given out. */
  issued = 0
  epoch = 1
  offset = 0
  /** The newest acknowledged offset of each partition. */
  readonly acked = new Map<PartitionId, number>()
  /** Commits that were sent, until their answer is seen. */
  commits: SentCommit[] = []
  /** Entries of the log that were looked at, and the last record of the group among them. */
  seen = 0
  stored: GroupRecord | null = null
  readonly #draw: Stream

  constructor(seed: number, guardsOff: readonly GuardId[] = []) {
    this.groups = new HandHeldGroups({ seed, guardsOff })
    this.strict = guardsOff.length === 0
    this.#draw = stream(seed, 'torment')
  }

  run(steps: number): void {
    for (let step = 0; step < steps; step += 1) {
      this.act()
      this.look()
    }
  }

  act(): void {
    const draw = this.#draw
    const dice = draw.next()
    const client = draw.pick(this.clients)
    if (dice < 0.7) this.step(client)
    else if (dice < 0.8) this.groups.advanceMs(draw.int(draw.chance(0.05) ? 20_000 : 800))
    else if (dice < 0.85) this.endAppend()
    else if (dice < 0.86) this.crash(client)
    else if (dice < 0.87) this.leave(client)
    else if (dice < 0.93) this.zombie()
    else if (dice < 0.96) this.zombies.push(client.identity)
    else if (dice < 0.97) this.loseAnswer(client)
    else if (dice < 0.98) this.failOver()
    else this.groups.log.mode = draw.chance(0.5) ? 'hold' : 'commit'
  }

  step(client: Client): void {
    if (client.join !== null) this.#takeJoin(client, client.join.answer)
    else if (client.sync !== null) this.#takeSync(client, client.sync.answer)
    else if (client.generation === -1) {
      client.joinedIn = this.epoch
      client.join = this.groups.join(client.name, { memberId: client.memberId })
    } else if (this.#draw.chance(0.5)) {
      client.take(this.#heartbeat(client.identity))
    } else {
      this.commit(client.identity, client)
    }
  }

  #takeJoin(client: Client, answer: JoinGroupResponse | undefined): void {
    if (answer === undefined) return
    client.join = null
    client.take(answer.error)
    if (answer.error === 'MEMBER_ID_REQUIRED') client.memberId = answer.memberId
    if (answer.error !== 'NONE') return
    client.generation = answer.generationId
    if (client.joinedIn === this.epoch) this.issued = Math.max(this.issued, answer.generationId)
    const assignments = answer.members.length === 0 ? [] : range.assign(answer.members, topics)
    client.sync = this.groups.sync(client.identity, assignments)
  }

  #takeSync(client: Client, answer: SyncGroupResponse | undefined): void {
    if (answer === undefined) return
    client.sync = null
    if (answer.error === 'NONE') {
      client.owned = answer.partitions
      if (this.strict) this.#expectStored(client)
    } else {
      client.take(answer.error)
      client.generation = -1
    }
  }

  /** KC I17: what a member is given is what was stored for its generation, once. */
  #expectStored(client: Client): void {
    const stored = this.groupRecords().filter((one) => one.generation === client.generation)
    const row = stored.at(-1)?.members.find(({ id }) => id === client.memberId)
    must(sameText(row?.assignment, client.owned), 'KC I17: the stored assignment is given')
  }

  #heartbeat(identity: Identity): KafkaError {
    const current = this.#isCurrent(identity)
    const loading = this.groups.broker.groups.ownership[PLACE] === 'loading'
    const error = this.groups.heartbeat(identity)
    const accepted = this.strict && error === 'NONE' && !loading
    must(!accepted || current, 'KC I15: only members of this generation are answered NONE')
    return error
  }

  /** Whether the coordinator has this member in this generation, and no newer one was given out. */
  #isCurrent(identity: Identity): boolean {
    const group = this.groups.broker.groups.groups.get(GROUP)
    return (
      group !== undefined &&
      group.members.has(identity.memberId) &&
      group.generation === identity.generation &&
      identity.generation >= this.issued
    )
  }

  commit(identity: Identity, client: Client | null): void {
    const current = this.#isCurrent(identity)
    const partition = partitionId(2, this.#draw.int(ORDERS))
    this.offset += 1
    const place = this.log().length
    const asked = this.groups.commit(identity, this.offset, partition)
    const error = asked.answer?.partitions[0]?.error
    const stored = this.log().length > place
    must(!this.strict || current || !stored, 'KC I11: only members of this generation commit')
    this.commits.push({ asked, partition, offset: this.offset })
    if (error !== undefined) client?.take(error)
  }

  zombie(): void {
    const recent = Math.min(this.zombies.length, 4)
    const zombie = this.zombies[this.zombies.length - 1 - this.#draw.int(recent + 1)]
    if (zombie === undefined || zombie.generation === -1) return
    if (this.#draw.chance(0.5)) this.commit(zombie, null)
    else this.#heartbeat(zombie)
  }

  crash(client: Client): void {
    this.zombies.push(client.identity)
    client.forget()
  }

  leave(client: Client): void {
    if (client.memberId !== '') this.groups.leave(client.memberId)
    client.forget()
  }

  loseAnswer(client: Client): void {
    if (client.join !== null || client.sync !== null) client.generation = -1
    client.join = null
    client.sync = null
  }

  endAppend(error?: KafkaError): void {
    const { held } = this.groups.log
    if (held.length === 0) return
    const failed = this.#draw.chance(0.1) ? 'REQUEST_TIMED_OUT' : 'NONE'
    this.groups.finishAppend(error ?? failed, this.#draw.int(held.length))
  }

  /** Another broker takes over and this one again at once: all that was in memory is lost. */
  failOver(): void {
    this.groups.resign()
    while (this.groups.log.held.length > 0) this.endAppend('NOT_LEADER_OR_FOLLOWER')
    this.epoch += 1
    this.issued = 0
    this.groups.beginToLead(this.epoch)
    if (this.#draw.chance(0.5)) this.step(this.#draw.pick(this.clients))
    this.groups.lead(this.epoch + 1)
    this.epoch += 1
    if (this.strict) this.#expectCommits()
  }

  /** KC I23: whatever was acknowledged is found, or something later in the log. */
  #expectCommits(): void {
    for (const [partition, offset] of this.acked) {
      const [found] = this.groups.committed(true, partition).partitions
      must(found?.error === 'NONE', 'committed offsets are told after a fail-over')
      must((found?.offset ?? -1) >= offset, 'KC I23: an acknowledged commit is found again')
    }
    const stored = readLog(this.log()).get(GROUP)
    const cached = this.groups.broker.groups.groups.get(GROUP)
    const same = sameText([...(cached?.offsets ?? [])], [...(stored?.offsets ?? [])])
    must(same, 'KC 3.5: a new coordinator has the offsets of the log')
  }

  log() {
    return this.groups.log.entries(this.groups.broker, offsetsPartition)
  }

  groupRecords(): readonly GroupRecord[] {
    return this.log()
      .flatMap((entry) => recordsOf(entry.batch))
      .map(({ value }) => value as CoordinatorRecord)
      .filter((record) => record.kind === 'group')
  }

  look(): void {
    this.lookAtBooks()
    if (!this.strict) return
    this.lookAtCommits()
    this.lookAtRecords()
    this.lookAtAssignment()
    this.lookAtOwners()
  }

  /** What was acknowledged is in force until something newer is. */
  lookAtCommits(): void {
    for (const { asked, partition, offset } of this.commits) {
      if (asked.answer?.partitions[0]?.error !== 'NONE') continue
      this.acked.set(partition, Math.max(offset, this.acked.get(partition) ?? -1))
    }
    this.commits = this.commits.filter(({ asked }) => asked.answer === undefined)
    const cached = this.groups.broker.groups.groups.get(GROUP)?.offsets
    for (const [partition, offset] of this.acked) {
      const found = cached?.get(partition)?.offset ?? -1
      must(found >= offset, 'KC I11: a commit stays until a newer one')
    }
  }

  /** KC I17: the generations of the stored records rise. */
  lookAtRecords(): void {
    const log = this.log()
    for (; this.seen < log.length; this.seen += 1) {
      const entry = log[this.seen]
      for (const { value } of entry === undefined ? [] : recordsOf(entry.batch)) {
        const record = value as CoordinatorRecord
        if (record.kind !== 'group') continue
        const before = this.stored
        // A leader whose answer was lost sends the assignment of its generation once more.
        const again =
          before?.generation === record.generation && sameText(record.members, before.members)
        const rises = record.generation > (before?.generation ?? 0)
        must(rises || again, 'KC I17: generations of stored records rise')
        this.stored = record
      }
    }
  }

  /** The coordinator's own counters and deadlines agree with its members. */
  lookAtBooks(): void {
    const { groups } = this.groups.broker
    const group = groups.groups.get(GROUP)
    if (group === undefined) return
    const members = [...group.members.values()]
    const parked = members.filter((one) => one.awaitingJoin !== null).length
    must(group.joinsParked === parked, 'the joins that wait are counted')
    const missing = members.filter((one) => one.missesSync).length
    must(group.syncsMissing === missing, 'the syncs that are missing are counted')
    must((group.leader === null) === (members.length === 0), 'a group with members has a leader')
    const first = groups.deadlines.first()
    if (first !== undefined) {
      must(groups.armedUs !== -1, 'a timer runs while there is a deadline')
      must(groups.armedUs <= first.atUs, 'the timer goes off before the first deadline')
    }
    if (group.phase !== 'PreparingRebalance') return
    must(group.joinDeadline.position !== -1, 'the joining ends some time')
  }

  /** KC I18: a stable group has divided all partitions among its members. */
  lookAtAssignment(): void {
    const group = this.groups.broker.groups.groups.get(GROUP)
    if (group?.phase !== 'Stable') return
    const given = [...group.members.values()].flatMap((member) => member.assignment)
    const complete = given.length === ORDERS && new Set(given).size === ORDERS
    must(complete, 'KC I18: a stable group has divided all partitions')
  }

  /** KC I14: of two clients that hold a partition, at most one is a member of the generation. */
  lookAtOwners(): void {
    const owners = new Set<PartitionId>()
    for (const client of this.clients) {
      if (!client.stable || !this.#isCurrent(client.identity)) continue
      for (const partition of client.owned) {
        must(!owners.has(partition), 'KC I14: a partition has one owner')
        owners.add(partition)
      }
    }
  }

  /** No more faults: everyone goes on, and nobody is slow. */
  settle(ms: number): void {
    this.groups.log.mode = 'commit'
    while (this.groups.log.held.length > 0) this.endAppend('NONE')
    for (let passed = 0; passed < ms; passed += 500) {
      this.groups.advanceMs(500)
      for (const client of this.clients) this.step(client)
      this.look()
    }
  }
}

describe('the coordinator under random clients', () => {
  test('keeps the invariants of groups and commits', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const torment = new Torment(seed)

      torment.run(400)

      expect(torment.groups.hand.context.exits, `seed ${seed}`).toEqual([])
    }
  })

  test('reaches a stable group of all within the rebalance timeout, and stays there', () => {
    for (let seed = 101; seed <= 130; seed += 1) {
      const torment = new Torment(seed)
      torment.run(200)

      torment.settle(INITIAL_DELAY_MS + 2 * REBALANCE_MS)
      const { generation } = torment.groups.group
      torment.settle(2 * REBALANCE_MS)

      expect(torment.groups.group, `seed ${seed}`).toMatchObject({ phase: 'Stable', generation })
      expect(torment.clients.every((client) => client.stable)).toBe(true)
      expect(torment.groups.group.members.size).toBe(torment.clients.length)
    }
  })

  test('comes to the checks that tell members from zombies', () => {
    const decisive = new Set<GuardId>()

    for (let seed = 1; seed <= 40; seed += 1) {
      const torment = new Torment(seed)
      torment.run(400)
      for (const guard of torment.groups.hand.context.breaches) decisive.add(guard)
    }

    for (const guard of zombieChecks) expect(decisive).toContain(guard)
  })

  test.each(Object.entries(Guard))('keeps its books with the check %s off', (_name, guard) => {
    for (let seed = 201; seed <= 206; seed += 1) {
      const torment = new Torment(seed, [guard])

      torment.run(300)
      torment.settle(REBALANCE_MS)

      expect(torment.groups.hand.context.exits, `seed ${seed}`).toEqual([])
    }
  })
})
