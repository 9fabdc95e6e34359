import { expect, test } from 'vitest'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import { build } from '../../../scenarios/run/build.ts'
import { audit } from '../../../scenarios/run/drain.ts'
import { tenSeconds } from '../../ten-seconds.ts'

test('an audit that finds no broker tells every log as unread, and none as empty', async () => {
  const cluster = build(plainCase(await tenSeconds(), 1))
  for (const { name } of cluster.brokers) {
    cluster.world.holdDown(name)
    cluster.world.crash(name)
  }

  const logs = audit(cluster, 'read_uncommitted')

  expect(logs).toMatchObject([
    { topic: 'orders', number: 0, entries: [], unread: 'no broker told of it' },
    { topic: 'orders', number: 1, entries: [], unread: 'no broker told of it' },
  ])
})

test('an audit of a whole cluster reads every log', async () => {
  const cluster = build(plainCase(await tenSeconds(), 1))

  const logs = audit(cluster, 'read_uncommitted')

  expect(logs.map(({ number, unread }) => [number, unread])).toEqual([
    [0, null],
    [1, null],
  ])
})
