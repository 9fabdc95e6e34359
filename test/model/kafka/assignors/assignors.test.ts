import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JoinedMembers, KnownTopic } from '../../../../model/kafka/assignors/assignor.ts'
import { assignorNamed, assignors } from '../../../../model/kafka/assignors/assignors.ts'
import type { MemberAssignment } from '../../../../model/kafka/messages.ts'
import { partitionId, topicOf } from '../../../../model/record.ts'

const topicNames = ['orders', 'payments', 'stock', 'views']

const topicsOf: fc.Arbitrary<readonly KnownTopic[]> = fc
  .uniqueArray(fc.constantFrom(0, 1, 2, 3), { minLength: 1 })
  .chain((ids) => fc.tuple(...ids.map((id) => knownTopic(id))))

function knownTopic(id: number): fc.Arbitrary<KnownTopic> {
  return fc
    .integer({ min: 0, max: 17 })
    .map((partitions) => ({ name: topicNames[id] ?? '', topic: id + 2, partitions }))
}

const subscriptions = fc.subarray(topicNames, { minLength: 1 })

function membersOf(topics: fc.Arbitrary<readonly string[]>): fc.Arbitrary<JoinedMembers> {
  const member = fc.record({
    memberId: fc.stringMatching(/^c-[0-9a-f]{4}$/),
    groupInstanceId: fc.constant(null),
    subscription: topics.map((names) => ({ topics: names, ownedPartitions: [], generation: 1 })),
  })
  return fc.uniqueArray(member, {
    selector: ({ memberId }) => memberId,
    minLength: 1,
    maxLength: 9,
  })
}

function allPartitions(topics: readonly KnownTopic[], names: ReadonlySet<string>): number[] {
  return topics
    .filter(({ name }) => names.has(name))
    .flatMap(({ topic, partitions }) =>
      Array.from({ length: partitions }, (_, number) => partitionId(topic, number)),
    )
    .toSorted((one, other) => one - other)
}

function given(assignments: readonly MemberAssignment[]): number[] {
  return assignments.flatMap(({ partitions }) => partitions).toSorted((one, other) => one - other)
}

describe.each(assignors)('the assignor $name', (assignor) => {
  test('gives every partition that someone subscribes to exactly once', () => {
    fc.assert(
      fc.property(membersOf(subscriptions), topicsOf, (members, topics) => {
        const assignments = assignor.assign(members, topics)

        const wanted = new Set(members.flatMap(({ subscription }) => subscription.topics))
        expect(given(assignments)).toEqual(allPartitions(topics, wanted))
      }),
    )
  })

  test('gives no member a topic that it did not subscribe to, and has a row for each', () => {
    fc.assert(
      fc.property(membersOf(subscriptions), topicsOf, (members, topics) => {
        const assignments = assignor.assign(members, topics)

        expect(assignments.map(({ memberId }) => memberId)).toEqual(
          members.map(({ memberId }) => memberId),
        )
        for (const [place, { partitions }] of assignments.entries()) {
          const wanted = members[place]?.subscription.topics ?? []
          const names = partitions.map((id) => topicNames[topicOf(id) - 2])
          expect(wanted).toEqual(expect.arrayContaining(names))
        }
      }),
    )
  })

  test('gives the same to the same members, in whatever order they are listed', () => {
    fc.assert(
      fc.property(membersOf(subscriptions), topicsOf, (members, topics) => {
        const forwards = new Map(rows(assignor.assign(members, topics)))
        const backwards = new Map(rows(assignor.assign(members.toReversed(), topics.toReversed())))

        expect(backwards).toEqual(forwards)
      }),
    )
  })
})

function rows(assignments: readonly MemberAssignment[]): [string, readonly number[]][] {
  return assignments.map(({ memberId, partitions }) => [memberId, partitions])
}

describe('balance', () => {
  const everything = membersOf(fc.constant(topicNames))

  test('range keeps each topic even to one partition, and in one piece for each member', () => {
    fc.assert(
      fc.property(everything, topicsOf, (members, topics) => {
        const assignments = assignorNamed('range')?.assign(members, topics) ?? []

        for (const { topic, partitions } of topics) {
          const counts = assignments.map(({ partitions: mine }) => {
            const pieces = mine.filter((id) => topicOf(id) === topic)
            for (const [place, id] of pieces.entries()) expect(id).toBe((pieces[0] ?? 0) + place)
            return pieces.length
          })
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(partitions)
        }
      }),
    )
  })

  test('round robin is even to one partition over all topics', () => {
    fc.assert(
      fc.property(everything, topicsOf, (members, topics) => {
        const assignments = assignorNamed('roundrobin')?.assign(members, topics) ?? []

        const counts = assignments.map(({ partitions }) => partitions.length)
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('range gives the first members of every topic the partitions that are left over', () => {
    const members = ['b', 'a', 'c'].map((memberId) => ({
      memberId,
      groupInstanceId: null,
      subscription: { topics: ['orders', 'stock'], ownedPartitions: [], generation: -1 },
    }))
    const topics = [
      { name: 'stock', topic: 3, partitions: 4 },
      { name: 'orders', topic: 2, partitions: 5 },
    ]

    const assignments = new Map(rows(assignorNamed('range')?.assign(members, topics) ?? []))

    expect(assignments.get('a')).toEqual([
      partitionId(2, 0),
      partitionId(2, 1),
      partitionId(3, 0),
      partitionId(3, 1),
    ])
    expect(assignments.get('b')).toEqual([partitionId(2, 2), partitionId(2, 3), partitionId(3, 2)])
    expect(assignments.get('c')).toEqual([partitionId(2, 4), partitionId(3, 3)])
  })

  test('round robin deals topic after topic by name, and passes over those not subscribed', () => {
    const member = (memberId: string, topics: string[]) => ({
      memberId,
      groupInstanceId: null,
      subscription: { topics, ownedPartitions: [], generation: -1 },
    })
    const members = [member('a', ['orders', 'stock']), member('b', ['stock'])]
    const topics = [
      { name: 'stock', topic: 3, partitions: 3 },
      { name: 'orders', topic: 2, partitions: 2 },
    ]

    const assignments = new Map(rows(assignorNamed('roundrobin')?.assign(members, topics) ?? []))

    expect(assignments.get('a')).toEqual([partitionId(2, 0), partitionId(2, 1), partitionId(3, 1)])
    expect(assignments.get('b')).toEqual([partitionId(3, 0), partitionId(3, 2)])
  })

  test('a static member comes before the others, ordered by its instance id', () => {
    const subscription = { topics: ['orders'], ownedPartitions: [], generation: -1 }
    const members = [
      { memberId: 'a', groupInstanceId: null, subscription },
      { memberId: 'b', groupInstanceId: 'z', subscription },
      { memberId: 'c', groupInstanceId: 'y', subscription },
    ]
    const topics = [{ name: 'orders', topic: 2, partitions: 3 }]

    const assignments = new Map(rows(assignorNamed('range')?.assign(members, topics) ?? []))

    expect(assignments.get('c')).toEqual([partitionId(2, 0)])
    expect(assignments.get('b')).toEqual([partitionId(2, 1)])
    expect(assignments.get('a')).toEqual([partitionId(2, 2)])
  })
})
