import { beforeAll, describe, expect, test } from 'vitest'
import { plainCase } from '../../../../scenarios/explore/cases.ts'
import { run } from '../../../../scenarios/run.ts'
import type { Result } from '../../../../scenarios/result.ts'
import type { Scenario } from '../../../../scenarios/schema/scenario.ts'
import { Guard } from '../../../../model/kafka/replication/guards.ts'
import { ISR_TOKENS, onIsrReply } from '../../../../model/kafka/replication/isr-by-znode.ts'
import { type StateNode, writeState } from '../../../../model/kafka/controller/znodes.ts'
import type { ZooKeeperOperation, ZooKeeperResult } from '../../../../model/zookeeper/messages.ts'
import type { Partition, PendingIsr } from '../../../../model/kafka/replication/state.ts'
import type { GuardId } from '../../../../sim/registry.ts'
import { tenSeconds } from '../../../ten-seconds.ts'
import { leading, P0 } from './hand-held-replicas.ts'

let scenario: Scenario

beforeAll(async () => {
  scenario = await tenSeconds()
})

/** Ten seconds in which a broker is paused for longer than the others wait for it. */
function churned(isrUpdate: string, more: Partial<Scenario> = {}): Result {
  const pause = {
    kind: 'pause',
    target: { of: 'broker', id: 2 },
    atUs: 2_000_000,
    forUs: 1_700_000,
  } as const
  const timeline = [pause]
  return run(plainCase({ ...scenario, protocols: { isrUpdate }, timeline, ...more }, 1))
}

test('a leader that writes its ISR itself shrinks and expands it, and the controller hears of it', () => {
  const { probes, truth, ended } = churned('zk', { durationUs: 20_000_000 })

  expect(ended).toBe('drained')
  expect(truth).toEqual([])
  expect(probes['isr.shrunk']).toBeGreaterThan(0)
  expect(probes['isr.expanded']).toBeGreaterThan(0)
  expect(probes['isr.changeHeard']).toBeGreaterThan(0)
  expect(probes['isr.alterPartitionAccepted'] ?? 0).toBe(0)
})

test('at the level of today it asks the controller', () => {
  const { probes } = churned('async')

  expect(probes['isr.shrunk']).toBeGreaterThan(0)
  expect(probes['isr.changeHeard'] ?? 0).toBe(0)
})

test('brokers of both levels work together', () => {
  const { truth, ended } = churned('zk', {
    timeline: [
      {
        kind: 'rolling-restart',
        target: { of: 'all-brokers' },
        clean: true,
        waitForIsr: true,
        downUs: 500_000,
        pauseUs: 0,
        protocols: { isrUpdate: 'async' },
        atUs: 2_000_000,
      },
    ],
  })

  expect(ended).toBe('drained')
  expect(truth).toEqual([])
})

/** A leader that has asked for the ISR [1, 2] hears what came of an operation about it. */
function hears(
  op: 'getData' | 'setData',
  resultOf: (node: StateNode) => ZooKeeperResult,
  guardsOff: readonly GuardId[] = [],
): Partition {
  const replicas = leading({ protocols: { isrUpdate: 'zk' }, guardsOff })
  const partition = replicas.partition()
  const { leaderEpoch, partitionEpoch, controllerEpoch } = partition
  const change: PendingIsr = { kind: 'shrink', isr: [1, 2], leaderEpoch, partitionEpoch }
  const node = { leader: 1, leaderEpoch, controllerEpoch, isr: change.isr }
  const operation: ZooKeeperOperation =
    op === 'getData'
      ? { op, path: '/state', watch: false }
      : writeState('/state', node, partitionEpoch)
  const { state } = replicas.hand
  partition.pendingIsr = change
  state.replicas.isrWrites.set(ISR_TOKENS, { partition: P0, change, node, operation })
  onIsrReply(state, ISR_TOKENS, resultOf(node), replicas.context as never)
  return partition
}

test('a leader whose session ends while it writes its ISR leaves the change pending', () => {
  const partition = hears('setData', () => ({ error: 'SESSIONEXPIRED', zxid: 9 }))

  expect(partition).toMatchObject({ isr: [1, 2, 3], pendingIsr: { isr: [1, 2] } })
})

describe('a leader that wrote over another version than it knew', () => {
  function finds(isr: readonly number[], guardsOff: readonly GuardId[] = []): Partition {
    const stat = { czxid: 1, mzxid: 9, pzxid: 1, version: 9, cversion: 0, ephemeralOwner: 0 }
    const found = (node: StateNode): ZooKeeperResult => ({
      error: 'OK',
      zxid: 9,
      stat,
      data: { ...node, isr },
    })
    return hears('getData', found, guardsOff)
  }

  test('takes what it wrote itself before', () => {
    expect(finds([1, 2])).toMatchObject({ isr: [1, 2], partitionEpoch: 9, pendingIsr: null })
  })

  test('takes nothing else, and its change stays pending', () => {
    expect(finds([1, 3])).toMatchObject({ isr: [1, 2, 3], pendingIsr: { isr: [1, 2] } })
  })

  test('takes whatever stands there without isr.replyState', () => {
    const partition = finds([1, 3], [Guard.isrReply])

    expect(partition).toMatchObject({ isr: [1, 3], partitionEpoch: 9, pendingIsr: null })
  })
})
