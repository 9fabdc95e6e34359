import { describe, expect, test } from 'vitest'
import { settled, ToldPartition, orders } from './told-partition.ts'

describe('truth of a run in which the protocol holds', () => {
  test('finds nothing when a leader dies and another one of the ISR takes over', () => {
    const partition = settled().write(0).fetch(0, 1).stop(0)

    partition
      .commit(1, 1, [1, 2])
      .lead(1, 1, [1, 2])
      .write(1)
      .fetch(1, 2)
      .watermark(1, 3)
      .start(0)
      .truncate(0, 2)
      .fetch(1, 0)
      .watermark(0, 3)
      .commit(1, 1, [0, 1, 2])
      .isr(1, [0, 1, 2])

    expect(partition.truth.breaches).toEqual([])
    expect(partition.truth.excuses).toEqual([])
  })

  test('lets a superseded leader keep a frozen high watermark', () => {
    const partition = settled().write(0)

    partition
      .commit(1, 1, [1, 2])
      .lead(1, 1, [1, 2])
      .write(1)
      .fetch(1, 2)
      .watermark(1, 2)
      .follow(0)
      .truncate(0, 1)
      .fetch(1, 0)

    expect(partition.truth.breaches).toEqual([])
  })

  test('lets a follower outside the ISR have nothing', () => {
    const partition = new ToldPartition([0, 1])

    partition.commit(0, 0, [0]).lead(0, 0, [0]).write(0).watermark(0, 1)

    expect(partition.truth.breaches).toEqual([])
  })

  test('records each durable change as a leader change', () => {
    const partition = new ToldPartition().commit(0, 0, [0, 1, 2]).commit(-1, 1, [0], false)

    const { leaders } = partition.truth.report(1_000)

    expect(leaders).toMatchObject([
      { atUs: 0, partition: orders, leader: 0, leaderEpoch: 0, isr: [0, 1, 2], clean: true },
      { atUs: 1_000, partition: orders, leader: -1, leaderEpoch: 1, isr: [0], clean: false },
    ])
  })
})

describe('TypeOk', () => {
  test.each([
    ['a gap', (partition: ToldPartition) => partition.place(1, 3, 0), 'after a gap at the end 1'],
    ['an overlap', (partition: ToldPartition) => partition.place(1, 0, 0), 'over the end 1'],
    [
      'a high watermark beyond the log',
      (partition: ToldPartition) => partition.watermark(1, 9),
      'high watermark 9 outside its log, which ends at 1',
    ],
    [
      'a high watermark that falls while its replica leads',
      (partition: ToldPartition) => partition.watermark(0, 0),
      'lowered its high watermark from 1 to 0 in epoch 0',
    ],
    [
      'a durable state that falls back',
      (partition: ToldPartition) => partition.commit(1, 2, [1]).commit(0, 1, [0]),
      'fell back to leader epoch 1',
    ],
    [
      'an empty durable ISR',
      (partition: ToldPartition) => partition.commit(-1, 1, []),
      'the durable ISR is empty',
    ],
  ])('breaks with %s', (_name, tell, sentence) => {
    const partition = settled()

    tell(partition)

    const [breach] = partition.truth.breaches
    expect(breach?.property).toBe('TypeOk')
    expect(breach?.sentence).toContain(sentence)
  })

  test('breaks with leader epochs that fall along a log', () => {
    const partition = settled().commit(0, 1, [0, 1, 2]).lead(0, 1, [0, 1, 2]).write(0).fetch(0, 1)

    partition.place(1, 2, 0)

    expect(partition.properties()).toEqual(['TypeOk'])
    expect(partition.truth.breaches[0]?.sentence).toContain('leader epoch 0 after one of epoch 1')
  })

  test('breaks when a reader sees more than the high watermark', () => {
    const partition = settled().write(0)

    partition.truth.exposed(0, orders, 1)
    partition.truth.exposed(0, orders, 2)

    expect(partition.properties()).toEqual(['TypeOk'])
    expect(partition.truth.breaches[0]?.sentence).toContain('see records below 2')
  })
})

describe('LeaderInIsr', () => {
  test('breaks when the durable leader is outside the durable ISR', () => {
    const partition = settled().commit(2, 1, [0, 1])

    expect(partition.properties()).toEqual(['LeaderInIsr'])
  })

  test('holds while there is no leader', () => {
    expect(settled().commit(-1, 1, [0]).properties()).toEqual([])
  })
})

describe('OneLeaderPerEpoch', () => {
  test('breaks when a second broker leads in the same epoch', () => {
    const partition = settled().lead(1, 0, [0, 1, 2])

    expect(partition.properties()).toEqual(['OneLeaderPerEpoch'])
    expect(partition.truth.breaches[0]?.brokers).toEqual([0, 1])
  })

  test('breaks when a broker appends as a leader of an epoch that is not its own', () => {
    const partition = settled().write(2)

    expect(partition.properties()).toEqual(['OneLeaderPerEpoch'])
  })

  test('holds when the same broker leads again in its epoch', () => {
    expect(settled().stop(0).start(0).lead(0, 0, [0, 1, 2]).properties()).toEqual([])
  })
})

describe('WeakIsr and StrongIsr', () => {
  test('WeakIsr alone breaks when only the own view of the leader counts on the member', () => {
    const partition = settled().commit(0, 0, [0, 2]).write(0).fetch(0, 2)

    partition.watermark(0, 2)

    expect(partition.properties()).toEqual(['WeakIsr'])
    expect(partition.truth.breaches[0]).toMatchObject({ brokers: [0, 1], partition: orders })
    expect(partition.truth.breaches[0]?.sentence).toContain('up to offset 1')
  })

  test('StrongIsr alone breaks when only the durable ISR has the member', () => {
    const partition = settled().isr(0, [0, 2]).write(0).fetch(0, 2)

    partition.watermark(0, 2)

    expect(partition.properties()).toEqual(['StrongIsr'])
  })

  test('break once for one member, however often the leader goes on', () => {
    const partition = settled().isr(0, [0, 2])

    for (let offset = 2; offset < 6; offset += 1) {
      partition.write(0).fetch(0, 2).watermark(0, offset)
    }

    expect(partition.properties()).toEqual(['StrongIsr'])
  })

  test('break when a member truncates what is committed, at that moment', () => {
    const partition = settled()

    partition.truncate(1, 0)

    expect(partition.properties()).toEqual(['WeakIsr', 'StrongIsr'])
  })

  test('break when a member without the records joins the durable ISR', () => {
    const partition = settled().commit(0, 0, [0, 2]).isr(0, [0, 2])
    partition.write(0).fetch(0, 2).watermark(0, 2)

    partition.commit(0, 0, [0, 1, 2])

    expect(partition.properties()).toEqual(['StrongIsr'])
  })

  test('judge a stopped member by its disk', () => {
    const partition = settled().write(0).fetch(0, 1).fetch(0, 2).stop(1)

    partition.watermark(0, 2)

    expect(partition.properties()).toEqual([])
  })

  test('excuse a member whose disk was cut until its log is as long again', () => {
    const partition = settled().losePower(1, 0).write(0).fetch(0, 2).watermark(0, 2)
    const whileShort = partition.properties()
    partition.fetch(0, 1)

    partition.truncate(1, 0)

    expect(whileShort).toEqual([])
    expect(partition.properties()).toEqual(['WeakIsr', 'StrongIsr'])
  })

  test('say nothing of a leader that has stopped', () => {
    expect(settled().stop(0).truncate(1, 0).properties()).toEqual([])
  })
})

describe('LogMatching', () => {
  test('says nothing of a replica that an unclean election has passed over', () => {
    const partition = new ToldPartition([0, 1]).commit(0, 0, [0]).lead(0, 0, [0]).write(0)
    partition.watermark(0, 1).stop(0).commit(1, 1, [1], false).lead(1, 1, [1]).write(1)

    partition.watermark(1, 1).start(0).watermark(0, 1)

    expect(partition.properties()).toEqual([])
  })

  test('breaks between two leaders that both commit at one offset', () => {
    const partition = new ToldPartition([0, 1])
    partition.commit(0, 0, [0]).lead(0, 0, [0]).write(0)
    partition.lead(1, 1, [1]).write(1)

    partition.watermark(0, 1).watermark(1, 1)

    expect(partition.properties()).toEqual(['StrongIsr', 'LogMatching'])
    expect(partition.truth.breaches[1]?.sentence).toContain('from offset 0 on')
  })

  test('holds while they differ above one of the high watermarks', () => {
    const partition = new ToldPartition([0, 1])
    partition.commit(0, 0, [0]).lead(0, 0, [0]).write(0)
    partition.lead(1, 1, [1]).write(1)

    partition.watermark(0, 1)

    expect(partition.properties()).toEqual([])
  })
})

describe('LeaderCompleteness', () => {
  test('breaks when an elected leader lacks what an earlier one committed', () => {
    const partition = settled().commit(0, 0, [0, 2]).isr(0, [0, 2])
    partition.write(0).fetch(0, 2).watermark(0, 2)

    partition.commit(1, 1, [1, 2])

    expect(partition.properties()).toEqual(['LeaderCompleteness'])
    expect(partition.truth.breaches[0]?.sentence).toContain('from offset 1 to 1')
  })

  test('is recorded once, though the leader is told and more leaders follow it', () => {
    const partition = settled().commit(0, 0, [0, 2]).isr(0, [0, 2])
    partition.write(0).fetch(0, 2).watermark(0, 2).stop(0)

    partition
      .commit(1, 1, [1, 2])
      .lead(1, 1, [1, 2])
      .truncate(2, 1)
      .write(1)
      .fetch(1, 2)
      .watermark(1, 2)
      .stop(1)
      .commit(2, 2, [2])
      .lead(2, 2, [2])

    expect(partition.properties()).toEqual(['LeaderCompleteness'])
  })

  test('holds for a stale leader that lacks what was committed after its epoch', () => {
    const partition = settled().commit(1, 1, [0, 1, 2]).commit(2, 2, [1, 2])
    partition.lead(2, 2, [1, 2]).follow(0).write(2).fetch(2, 1).watermark(2, 2)

    partition.lead(0, 0, [0, 1, 2])

    expect(partition.properties()).not.toContain('LeaderCompleteness')
  })

  test('breaks when a superseded leader commits what the new one does not have', () => {
    const partition = settled().commit(1, 1, [1, 2]).isr(0, [0])
    partition.write(0)

    partition.watermark(0, 2)

    expect(partition.properties()).toContain('LeaderCompleteness')
  })
})

describe('an excuse', () => {
  test('is written for what an unclean election passes over', () => {
    const partition = settled().commit(0, 0, [0]).isr(0, [0]).write(0, 3).watermark(0, 4).stop(0)

    partition.commit(1, 1, [1], false).lead(1, 1, [1])

    expect(partition.truth.breaches).toEqual([])
    expect(partition.truth.excuses).toMatchObject([
      { fromOffset: 1, untilOffset: 4, cause: 'unclean-election' },
    ])
  })

  test('grows while the leader that was passed over goes on', () => {
    const partition = settled().commit(0, 0, [0]).isr(0, [0]).write(0).watermark(0, 2)
    partition.commit(1, 1, [1], false).lead(1, 1, [1]).write(1).watermark(1, 2)

    partition.write(0).watermark(0, 3)

    expect(partition.truth.breaches).toEqual([])
    expect(partition.truth.excuses).toMatchObject([{ fromOffset: 1, untilOffset: 3 }])
  })

  test('is written when the leader that was passed over commits only afterwards', () => {
    const partition = settled().commit(0, 0, [0]).isr(0, [0])
    partition.commit(1, 1, [1], false).lead(1, 1, [1])

    partition.write(0).watermark(0, 2)

    expect(partition.truth.breaches).toEqual([])
    expect(partition.truth.excuses).toMatchObject([{ fromOffset: 1, untilOffset: 2 }])
  })

  test('is written when a disk took the records from every replica that could be elected', () => {
    const partition = settled().losePower(0, 0).losePower(1, 0).losePower(2, 0)

    partition.commit(1, 1, [0, 1, 2]).lead(1, 1, [0, 1, 2])

    expect(partition.truth.breaches).toEqual([])
    expect(partition.truth.excuses).toMatchObject([
      { fromOffset: 0, untilOffset: 1, cause: 'disk' },
    ])
  })

  test('is none when another replica that could be elected still has them', () => {
    const partition = settled().losePower(0, 0).losePower(1, 0)

    partition.commit(1, 1, [1]).lead(1, 1, [1])

    expect(partition.properties()).toEqual(['LeaderCompleteness'])
    expect(partition.truth.excuses).toEqual([])
  })

  test('does not need a replica that is down to have lost them', () => {
    const partition = settled().losePower(1, 0).stop(0).stop(2)

    partition.commit(1, 1, [1]).lead(1, 1, [1])

    expect(partition.truth.excuses).toMatchObject([{ cause: 'disk' }])
  })

  test('is not asked for while a leader that a disk has cut is named and does not lead', () => {
    const partition = settled().losePower(1, 0)

    partition.commit(1, 1, [0, 1, 2]).commit(0, 2, [0, 1, 2]).lead(0, 2, [0, 1, 2])

    expect(partition.truth.breaches).toEqual([])
    expect(partition.truth.excuses).toEqual([])
  })

  test('covers a second loss before the first was made good', () => {
    const partition = settled().losePower(0, 0).losePower(1, 0).losePower(2, 0)
    partition.commit(1, 1, [1]).lead(1, 1, [1]).write(1).watermark(1, 1)

    partition.losePower(1, 0).commit(1, 2, [1]).lead(1, 2, [1])

    expect(partition.truth.breaches).toEqual([])
    expect(partition.truth.excuses).toHaveLength(2)
  })

  test('leaves divergence found when a replica follows the new leader without truncating', () => {
    const partition = settled().commit(0, 0, [0]).isr(0, [0]).write(0).watermark(0, 2).stop(0)
    partition.commit(1, 1, [1], false).lead(1, 1, [1]).write(1).write(1).watermark(1, 3)

    partition.start(0).watermark(0, 2).fetch(1, 0).watermark(0, 3)

    expect(partition.properties()).toEqual(['LogMatching'])
  })
})

describe('removals', () => {
  test('name the election that passed over an uncommitted record and who truncated it', () => {
    const partition = settled().write(0).stop(0).commit(1, 1, [1, 2]).lead(1, 1, [1, 2])

    partition.start(0).truncate(0, 1)

    expect(partition.truth.removals).toMatchObject([
      { how: 'elected', broker: 1, leaderEpoch: 1, fromOffset: 1, untilOffset: 2 },
      { how: 'truncated', broker: 0, leaderEpoch: -1, fromOffset: 1, untilOffset: 2 },
    ])
  })

  test('name a disk that lost what was not synced', () => {
    const partition = settled().losePower(0, 0)

    expect(partition.truth.removals).toMatchObject([{ how: 'disk', broker: 0, untilOffset: 1 }])
  })
})

describe('the question whom a lossy fault may strike', () => {
  test('is answered with nothing while another live member of the ISR has the records', () => {
    expect(settled().truth.wouldLose([0])).toEqual([])
  })

  test.each([
    ['no other member is live', (told: ToldPartition) => told.stop(1).stop(2)],
    ['no other member is in the durable ISR', (told: ToldPartition) => told.commit(0, 0, [0])],
    [
      'no other member has the records',
      (told: ToldPartition) => told.truncate(1, 0).truncate(2, 0),
    ],
    [
      'the others were struck and have not loaded their logs',
      (told: ToldPartition) => {
        told.stop(1).stop(2)
        told.truth.diskStruck(1)
        told.truth.diskStruck(2)
        return told.start(1).start(2)
      },
    ],
  ])('is answered with the partition when %s', (_name, tell) => {
    expect(tell(settled()).truth.wouldLose([0])).toEqual([orders])
  })

  test('is answered with nothing where nothing is committed', () => {
    const partition = new ToldPartition([0]).commit(0, 0, [0]).lead(0, 0, [0]).write(0)

    expect(partition.truth.wouldLose([0])).toEqual([])
  })

  test('counts brokers that are struck together as gone together', () => {
    expect(settled().truth.wouldLose([0, 1])).toEqual([])
    expect(settled().truth.wouldLose([0, 1, 2])).toEqual([orders])
  })

  test('passes over partitions of which the broker has no replica', () => {
    expect(settled().truth.wouldLose([7])).toEqual([])
  })
})

describe('truth of a replica that its partition has left', () => {
  test('excuses it in the view of a leader that does not know yet', () => {
    const partition = settled()

    partition.commit(1, 1, [1])
    partition.truth.dropped(2, orders)

    expect(partition.truth.breaches.map(({ property }) => property)).toEqual([])
  })

  test('is judged like any other once it is in the durable ISR again', () => {
    const partition = settled()
    partition.truth.dropped(2, orders)

    partition.commit(0, 1, [0, 2])

    expect(partition.truth.breaches.map(({ property }) => property)).toContain('StrongIsr')
  })
})

describe('truth of a log whose oldest records were deleted', () => {
  test('finds nothing missing in a follower that begins where its leader starts', () => {
    const partition = new ToldPartition()
    partition.commit(0, 0, [0]).lead(0, 0, [0]).write(0).write(0).watermark(0, 2)
    partition.truth.trimmed(0, orders, 2)

    partition.truth.trimmed(2, orders, 2)
    partition.watermark(2, 2).isr(0, [0, 2])

    expect(partition.truth.logOf(2, orders)?.end).toBe(2)
    expect(partition.truth.breaches).toEqual([])
  })

  test('tells what a follower deleted when it leads', () => {
    const partition = settled().write(0).fetch(0, 1).fetch(0, 2).watermark(0, 2).watermark(1, 2)
    partition.truth.trimmed(1, orders, 1)
    const before = partition.truth.removals.length

    partition.stop(0).commit(1, 1, [1, 2]).lead(1, 1, [1, 2])

    expect(before).toBe(0)
    expect(partition.truth.breaches).toEqual([])
    expect(partition.truth.removals).toMatchObject([
      { fromOffset: 0, untilOffset: 1, broker: 1, how: 'retention' },
    ])
  })
})
