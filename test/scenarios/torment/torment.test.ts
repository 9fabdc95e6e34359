import { beforeAll, describe, expect, test } from 'vitest'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import type { Result, Struck } from '../../../scenarios/result.ts'
import { run } from '../../../scenarios/run.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import type { Target, TimelineEntry } from '../../../scenarios/schema/timeline.ts'
import { tenSeconds } from '../../ten-seconds.ts'

let scenario: Scenario

beforeAll(async () => {
  scenario = await tenSeconds()
})

const leader: Target = { of: 'leader', topic: 'orders', partition: 0 }
const follower: Target = { of: 'follower', topic: 'orders', partition: 0, nth: 1 }

function tormented(
  timeline: readonly TimelineEntry[],
  budget: 'within' | 'beyond' = 'within',
): Result {
  const swarm = { families: [], operations: [], faults: { min: 0, max: 0 }, budget } as const
  return run(plainCase({ ...scenario, timeline, swarm }, 1))
}

function struck(
  timeline: readonly TimelineEntry[],
  budget: 'within' | 'beyond' = 'within',
): readonly Struck[] {
  return tormented(timeline, budget).struck
}

describe('the budget of faults', () => {
  test('admits a power loss on a cluster that is whole, unless it strikes the controller', () => {
    const struckOne = (id: number): string | null | undefined =>
      struck([
        { kind: 'power-loss', target: { of: 'broker', id }, atUs: 4_000_000, forUs: 2_000_000 },
      ])[0]?.refused

    const refused = [1, 2, 3].map(struckOne)

    expect(refused.filter((why) => why === null)).toHaveLength(2)
    expect(refused).toContain('it would strike the controller')
  })

  test.each<[string, TimelineEntry, string]>([
    [
      'a follower is cut off',
      {
        kind: 'cut',
        between: follower,
        and: { of: 'others' },
        direction: 'both',
        atUs: 1_000_000,
        forUs: 8_000_000,
      },
      'a power loss strikes only a whole cluster',
    ],
    [
      'another broker is down',
      { kind: 'crash', target: follower, atUs: 2_000_000, forUs: 6_000_000 },
      'a power loss strikes only a whole cluster: broker-',
    ],
    [
      'a ZooKeeper server is down',
      { kind: 'crash', target: { of: 'zookeeper', id: 1 }, atUs: 2_000_000, forUs: 6_000_000 },
      'zookeeper-1 is not running',
    ],
  ])('refuses a power loss while %s, and says why', (_what, first, why) => {
    const [before, after] = struck([
      first,
      { kind: 'power-loss', target: leader, atUs: 4_000_000, forUs: 1_000_000 },
    ])

    expect(before?.refused).toBeNull()
    expect(after?.refused).toContain(why)
    expect(after?.atUs).toBe(4_000_000)
    expect(after?.resolved).toBeNull()
    expect(after?.untilUs).toBeNull()
  })

  test('refuses a power loss of the whole cluster: no other replica would hold what is committed', () => {
    const [one] = struck([
      { kind: 'power-loss', target: { of: 'all-brokers' }, atUs: 4_000_000, forUs: 1_000_000 },
    ])

    expect(one?.refused).toContain('no other live in-sync replica holds')
  })

  test('admits what it would refuse where the campaign goes beyond it', () => {
    const all = struck(
      [{ kind: 'power-loss', target: { of: 'all-brokers' }, atUs: 4_000_000, forUs: 1_000_000 }],
      'beyond',
    )

    expect(all.map(({ refused }) => refused)).toEqual([null])
    expect(all[0]?.resolved).toEqual(['broker-1', 'broker-2', 'broker-3'])
  })

  test('leaves the ensemble a majority', () => {
    const [first, second] = struck([
      { kind: 'crash', target: { of: 'zookeeper', id: 1 }, atUs: 2_000_000, forUs: 6_000_000 },
      { kind: 'pause', target: { of: 'zookeeper', id: 2 }, atUs: 3_000_000, forUs: 2_000_000 },
    ])

    expect(first?.refused).toBeNull()
    expect(second?.refused).toBe('it would leave the ensemble without a majority')
  })

  test('does not count what strikes clients alone', () => {
    const all = struck([
      { kind: 'crash', target: follower, atUs: 2_000_000, forUs: 6_000_000 },
      {
        kind: 'crash',
        target: { of: 'group', group: 'payment' },
        atUs: 3_000_000,
        forUs: 1_000_000,
      },
    ])

    expect(all.map(({ refused }) => refused)).toEqual([null, null])
  })
})

describe('an entry', () => {
  test('that nobody answers to is refused in words', () => {
    const [one] = struck([
      {
        kind: 'crash',
        target: { of: 'follower', topic: 'orders', partition: 0, nth: 9 },
        atUs: 2_000_000,
      },
    ])

    expect(one?.refused).toBe('nobody is follower 9 of orders-0 now')
  })

  test('beyond the duration never strikes', () => {
    const [one] = struck([{ kind: 'crash', target: leader, atUs: 11_000_000 }])

    expect(one).toMatchObject({ atUs: null, resolved: null, refused: null, untilUs: null })
  })

  test('without an end lasts until the heal', () => {
    const [one] = struck([{ kind: 'slow-cpu', target: leader, factor: 2, atUs: 3_000_000 }])

    expect(one?.untilUs).toBe(10_000_000)
  })

  test('lasts as long as it says', () => {
    const [one] = struck([{ kind: 'pause', target: leader, atUs: 3_000_000, forUs: 1_500_000 }])

    expect([one?.atUs, one?.untilUs]).toEqual([3_000_000, 4_500_000])
  })

  test('with a trigger strikes at its protocol moment, and not before its time', () => {
    const result = tormented([
      { kind: 'crash', target: leader, atUs: 2_000_000, forUs: 2_000_000 },
      {
        kind: 'pause',
        target: { of: 'controller' },
        on: { probe: 'leader.elected', nth: 1, afterUs: 1_000_000 },
        forUs: 1_000_000,
      },
    ])

    const [crash, pause] = result.struck
    const election = result.leaders.find(
      ({ atUs, leader: elected }) => atUs > (crash?.atUs ?? 0) && elected !== -1,
    )
    expect(pause?.refused).toBeNull()
    expect(pause?.atUs).toBeGreaterThan(2_000_000)
    expect(Math.abs((pause?.atUs ?? 0) - (election?.atUs ?? 0))).toBeLessThan(1_000_000)
  })

  test('that stands twice strikes twice', () => {
    const pause: TimelineEntry = {
      kind: 'pause',
      target: { of: 'member', group: 'payment', index: 1 },
      atUs: 3_000_000,
      forUs: 1_000_000,
    }

    const both = struck([pause, pause])

    expect(both.map(({ atUs }) => atUs)).toEqual([3_000_000, 3_000_000])
  })

  test('is told in the words of its author', () => {
    const all = struck([
      { kind: 'reset', between: leader, and: { of: 'all-clients' }, atUs: 2_000_000 },
      { kind: 'add-members', group: 'payment', count: 1, atUs: 3_000_000 },
      { kind: 'add-partitions', topic: 'orders', to: 3, atUs: 4_000_000 },
      {
        kind: 'elect-leader',
        topic: 'orders',
        partition: 1,
        election: 'preferred',
        atUs: 5_000_000,
      },
      { kind: 'slow-work', target: { of: 'group', group: 'payment' }, factor: 2, atUs: 6_000_000 },
      { kind: 'stop-members', group: 'payment', count: 1, clean: true, atUs: 7_000_000 },
    ])

    expect(all.map(({ kind, target }) => `${kind} ${target}`)).toEqual([
      'reset leader of orders-0 and all clients',
      'add-members payment',
      'add-partitions orders',
      'elect-leader orders-1',
      'slow-work all of payment',
      'stop-members payment',
    ])
    expect(all.map(({ refused }) => refused)).toEqual(all.map(() => null))
    expect(all[1]?.resolved).toEqual(['payment-3'])
    expect(all[5]?.resolved).toEqual(['payment-3'])
  })
})

test('nothing strikes after the heal: no fault lasts, and what was down runs', () => {
  const result = tormented([
    { kind: 'crash', target: leader, atUs: 9_000_000, forUs: 60_000_000 },
    { kind: 'pause', target: { of: 'zookeeper-leader' }, atUs: 9_500_000, forUs: 60_000_000 },
    {
      kind: 'crash',
      target: { of: 'member', group: 'payment', index: 1 },
      on: { probe: 'group.rebalanced', nth: 40, afterUs: 0 },
    },
  ])

  expect(result.ended).toBe('drained')
  expect(result.struck.slice(0, 2).map(({ untilUs }) => untilUs)).toEqual([10_000_000, 10_000_000])
  expect(result.struck[2]?.atUs).toBeNull()
})
