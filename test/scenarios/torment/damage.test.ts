import { beforeAll, describe, expect, test } from 'vitest'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import type { Result } from '../../../scenarios/result.ts'
import { run } from '../../../scenarios/run.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import type { Target, TimelineEntry } from '../../../scenarios/schema/timeline.ts'
import { tenSeconds } from '../../ten-seconds.ts'

let scenario: Scenario

beforeAll(async () => {
  const plain = await tenSeconds()
  const { cluster } = plain
  const brokers = cluster.brokers.map((broker) => ({ ...broker, disks: 2 }))
  scenario = { ...plain, cluster: { ...cluster, brokers } }
})

const leader: Target = { of: 'leader', topic: 'orders', partition: 0 }
const follower: Target = { of: 'follower', topic: 'orders', partition: 0, nth: 1 }

function tormented(
  timeline: readonly TimelineEntry[],
  budget: 'within' | 'edge' | 'beyond' = 'edge',
): Result {
  const swarm = { families: [], operations: [], faults: { min: 0, max: 0 }, budget } as const
  return run(plainCase({ ...scenario, timeline, swarm }, 1))
}

const at = { atUs: 2_000_000 }

describe('a disk that fails', () => {
  test.each(['disk-full', 'io-error'] as const)(
    '%s takes one log directory offline, and the controller moves what it led',
    (kind) => {
      const { probes, struck, ended } = tormented([
        { kind, target: leader, disk: 0, ...at, forUs: 3_000_000 },
        { kind, target: leader, disk: 1, atUs: 2_000_001, forUs: 3_000_000 },
      ])

      expect(struck.map(({ refused }) => refused)).toEqual([null, null])
      expect(struck[0]?.untilUs).toBe(5_000_000)
      expect(probes['log.directoryFailed']).toBeGreaterThan(0)
      expect(ended).toBe('drained')
    },
  )

  test('with one directory left tells the controller, which elects others', () => {
    const hit = (disk: number): Result =>
      tormented([{ kind: 'io-error', target: leader, disk, ...at, forUs: 4_000_000 }])

    // Which of the two holds orders-0 is the broker's choice.
    const found = [hit(0), hit(1)].filter(({ probes }) => probes['controller.replicaOffline'])

    expect(found.length).toBeGreaterThan(0)
    for (const { probes, ended, leaders } of found) {
      expect(probes['controller.logDirectoryEvent']).toBeGreaterThan(0)
      expect(leaders.some(({ atUs }) => atUs > 2_000_000 && atUs < 6_000_000)).toBe(true)
      expect(ended).toBe('drained')
    }
  })

  test('every directory of a broker ends the broker, which comes back when they are mended', () => {
    const { probes, ended } = tormented([
      { kind: 'io-error', target: { of: 'broker', id: 1 }, ...at, forUs: 3_000_000 },
    ])

    expect(probes['log.directoryFailed']).toBeGreaterThan(0)
    expect(probes['isr.removedByController']).toBeGreaterThan(0)
    expect(ended).toBe('drained')
  })

  test('for ever is not waited for', () => {
    const { struck, ended } = tormented([
      { kind: 'crash', target: { of: 'broker', id: 1 }, ...at, permanent: true },
    ])

    expect(struck[0]?.untilUs).toBeNull()
    expect(ended).toBe('drained')
  })
})

describe('a disk that loses', () => {
  test('wiped is filled again by the leaders, and nothing is lost', () => {
    const { struck, ended, removals, excuses } = tormented([
      { kind: 'wipe', target: follower, ...at, forUs: 1_000_000 },
    ])

    expect(struck[0]?.refused).toBeNull()
    expect(removals?.some(({ how, fromOffset }) => how === 'disk' && fromOffset === 0)).toBe(true)
    expect(excuses).toEqual([])
    expect(ended).toBe('drained')
  })

  test('rotten at the tail is cut at the next start and fetched again', () => {
    const { probes, ended } = tormented([
      {
        kind: 'bit-rot',
        target: follower,
        entries: 3,
        log: { topic: 'orders', partition: 0 },
        ...at,
      },
      { kind: 'crash', target: follower, atUs: 2_100_000, forUs: 500_000 },
    ])

    expect(probes['log.unsyncedLost']).toBeGreaterThan(0)
    expect(ended).toBe('drained')
  })

  test.each<[TimelineEntry, string]>([
    [{ kind: 'bit-rot', target: follower, entries: 1, ...at }, 'nothing repairs bit rot'],
    [
      { kind: 'wipe', target: { of: 'replicas', topic: 'orders', partition: 0 }, ...at },
      'no other live in-sync replica',
    ],
    [
      { kind: 'wipe', target: { of: 'zookeeper', id: 1 }, ...at },
      'it would take transactions that the ensemble confirmed',
    ],
  ])('is refused within the budget: %j', (entry, why) => {
    const { struck } = tormented([entry], 'within')

    expect(struck[0]?.refused).toContain(why)
  })
})

describe('bit rot of the ensemble', () => {
  test('strikes one server at most at the edge of the budget, which then never starts again', () => {
    const rot = (id: number, atUs: number): TimelineEntry => {
      return { kind: 'bit-rot', target: { of: 'zookeeper', id }, entries: 1, atUs }
    }

    const { struck, ended } = tormented(
      [
        rot(1, 2_000_000),
        { kind: 'crash', target: { of: 'zookeeper', id: 1 }, atUs: 2_200_000, forUs: 200_000 },
        rot(2, 3_000_000),
        { kind: 'crash', target: { of: 'zookeeper', id: 2 }, atUs: 3_500_000, forUs: 200_000 },
      ],
      'edge',
    )

    expect(struck.map(({ refused }) => refused)).toEqual([
      null,
      null,
      'it would leave the ensemble without a majority',
      'it would leave the ensemble without a majority',
    ])
    expect(ended).toBe('drained')
  })
})

describe('a restart in good order', () => {
  test('moves the leaderships first, and leaves no session behind', () => {
    const restart: TimelineEntry = { kind: 'restart', target: leader, clean: true, ...at }

    const { probes, struck, ended } = tormented([restart])

    expect(probes['leader.moved']).toBeGreaterThan(0)
    expect(probes['registration.refused']).toBeUndefined()
    expect(struck[0]?.untilUs).toBeLessThan(4_000_000)
    expect(ended).toBe('drained')
  })

  test('of all brokers in turn waits for every ISR, and ends by itself', () => {
    const { probes, struck, ended } = tormented([
      {
        kind: 'rolling-restart',
        target: { of: 'all-brokers' },
        clean: true,
        waitForIsr: true,
        downUs: 100_000,
        pauseUs: 0,
        atUs: 1_000_000,
      },
    ])

    expect(struck[0]?.resolved).toEqual(['broker-1', 'broker-2', 'broker-3'])
    expect(probes['broker.shutdownBegan']).toBe(3)
    expect(struck[0]?.untilUs).toBeLessThan(10_000_000)
    expect(ended).toBe('drained')
  })

  test('replaces the members of a group batch by batch, with one more meanwhile', () => {
    const { struck, probes, ended } = tormented([
      {
        kind: 'deploy',
        group: 'payment',
        batch: 1,
        graceUs: 2_000_000,
        startupUs: 500_000,
        surge: 1,
        atUs: 1_000_000,
      },
    ])

    expect(struck[0]?.resolved).toEqual(['payment-1', 'payment-2', 'payment-3'])
    expect(probes['consumer.leftGroup']).toBe(3)
    expect(ended).toBe('drained')
  })
})

describe('a link', () => {
  test.each<[string, TimelineEntry]>([
    [
      'flapping',
      {
        kind: 'flap',
        between: follower,
        and: leader,
        direction: 'both',
        downUs: 1_500_000,
        upUs: 200_000,
        ...at,
        forUs: 5_000_000,
      },
    ],
    [
      'clogged',
      {
        kind: 'clog',
        between: follower,
        and: leader,
        direction: 'both',
        ...at,
        forUs: 4_000_000,
      },
    ],
    [
      'a bridge',
      {
        kind: 'bridge',
        between: leader,
        and: { of: 'all-brokers' },
        over: { of: 'follower', topic: 'orders', partition: 0, nth: 2 },
        ...at,
        forUs: 4_000_000,
      },
    ],
  ])('%s drops the follower from the ISR, and heals', (_what, entry) => {
    const { probes, ended, struck } = tormented([entry])

    expect(struck[0]?.refused).toBeNull()
    expect(probes['isr.shrinkSent']).toBeGreaterThan(0)
    expect(ended).toBe('drained')
  })

  test('half open is found out by whoever sends next', () => {
    const { struck, ended } = tormented([
      { kind: 'half-open', between: leader, and: { of: 'all-clients' }, ...at },
    ])

    expect(struck[0]?.refused).toBeNull()
    expect(ended).toBe('drained')
  })
})

describe('an application', () => {
  test('tries a poisoned record again until it is cured', () => {
    const { struck, ended, history } = tormented([
      { kind: 'poison', topic: 'orders', count: 1, ...at, forUs: 4_000_000 },
    ])

    expect(struck[0]?.untilUs).toBe(6_000_000)
    expect(history.processings.column('outcome').some((outcome) => outcome === 1)).toBe(true)
    expect(ended).toBe('drained')
  })
})
