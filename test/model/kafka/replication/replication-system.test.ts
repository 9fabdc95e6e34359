import { describe, expect, it } from 'vitest'
import { brokerName } from '../../../../model/kafka/messages.ts'
import { Guard } from '../../../../model/kafka/replication/guards.ts'
import { ReplicaCluster, type ReplicaClusterOptions } from './replica-cluster.ts'

const brisk = { 'replica.lag.time.max.ms': '1000', 'replica.fetch.backoff.ms': '100' }

/** Writes under elections, crashes, pauses and held control messages; then everything heals. */
function torment(options: ReplicaClusterOptions): ReplicaCluster {
  const cluster = new ReplicaCluster({ broker: brisk, ...options })
  const { random, brokers } = cluster
  for (let round = 0; round < 120; round += 1) {
    const { partition, state } = random.pick(cluster.durable)
    const broker = random.pick(brokers)
    const draw = random.next()
    if (draw < 0.55) cluster.write(partition, random.between(1, 3))
    else if (draw < 0.62) cluster.write(partition, 1, broker)
    else if (draw < 0.66) cluster.repeat(broker)
    else if (draw < 0.8) cluster.elect(partition, random.pick(state.isr))
    else if (draw < 0.86) strike(cluster, broker)
    else if (draw < 0.92) delayControl(cluster, broker)
    else cluster.runFor(random.int(1_500_000))
    cluster.runFor(random.int(3_000))
  }
  heal(cluster)
  return cluster
}

/** Kills a broker and lets it come back, before or after the controller has noticed. */
function strike(cluster: ReplicaCluster, broker: number): void {
  const { world, random } = cluster
  if (!cluster.isUp(broker)) return
  world.crash(brokerName(broker))
  cluster.runFor(random.int(5_000))
  const noticed = random.chance(0.7)
  if (noticed) cluster.live(...cluster.brokers.filter((id) => cluster.isUp(id)))
  cluster.runFor(random.int(2_000_000))
  world.start(brokerName(broker))
  cluster.live(...cluster.brokers.filter((id) => cluster.isUp(id)))
}

/** What the controller says to a broker arrives later than what it says to others. */
function delayControl(cluster: ReplicaCluster, broker: number): void {
  const { world, random } = cluster
  const from = ['host-broker-9']
  const to = [`host-${brokerName(broker)}`]
  world.links.holdOneWay(from, to)
  const us = world.nowUs + random.int(800_000)
  world.at(us, `release/${broker}/${us}`, () => world.links.releaseOneWay(from, to))
}

function heal(cluster: ReplicaCluster): void {
  cluster.runFor(1_000_000)
  cluster.live(...cluster.brokers)
  cluster.runFor(5_000_000)
  for (const { partition } of cluster.durable) cluster.write(partition)
  cluster.runFor(5_000_000)
}

function lost(cluster: ReplicaCluster): number {
  return Math.max(...cluster.brokers.map((broker) => cluster.missing(broker)))
}

/** True if some seed loses an acknowledged batch or breaks a truth property. */
function breaks(options: Omit<ReplicaClusterOptions, 'seed'>, seeds = 60): boolean {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const cluster = torment({ ...options, seed })
    if (cluster.truth.breaches.length > 0 || lost(cluster) > 0) return true
  }
  return false
}

const allSeeds = Array.from({ length: 40 }, (_, index) => index + 1)

describe('brokers under elections, crashes and late control messages', () => {
  it('replicate a batch and acknowledge it when all have it', () => {
    const cluster = new ReplicaCluster({ seed: 1 })
    const [first] = cluster.durable
    if (first === undefined) throw new Error('there is a partition')

    cluster.write(first.partition, 3)
    cluster.runFor(1_000_000)

    expect(cluster.acknowledged).toHaveLength(1)
    for (const id of cluster.brokers) {
      expect(cluster.log(id, first.partition)).toEqual(['0@1'])
      const log = cluster.broker(id).replicas.partitions.get(first.partition)?.log
      expect(log?.highWatermark).toBe(3)
    }
  })

  it.each(allSeeds)('keep every acknowledged batch and agree in the end: seed %i', (seed) => {
    const cluster = torment({ seed })

    expect(cluster.truth.breaches).toEqual([])
    expect(lost(cluster)).toBe(0)
    for (const { partition, state } of cluster.durable) {
      expect(state.isr.toSorted((a, b) => a - b)).toEqual(cluster.brokers)
      const logs = cluster.brokers.map((id) => cluster.log(id, partition))
      expect(logs[1]).toEqual(logs[0])
      expect(logs[2]).toEqual(logs[0])
    }
  })

  it.each(['kip320', 'kip279'] as const)('keep them at truncation level %s too', (truncation) => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const cluster = torment({ seed, protocols: { truncation } })

      expect(lost(cluster)).toBe(0)
    }
  })

  it('give the same trace for the same seed', () => {
    const hashes = [3, 3, 4].map((seed) => torment({ seed }).world.kernel.hash())

    expect(hashes[0]).toBe(hashes[1])
    expect(hashes[0]).not.toBe(hashes[2])
  })

  it('lose acknowledged batches where followers cut to their own watermark', () => {
    expect(breaks({ protocols: { truncation: 'hw' } })).toBe(true)
  })

  // Some checks stand behind each other: only without all of them does it show.
  it.each([
    ['the eligibility for the ISR', [Guard.eligibility]],
    ['the last fetched epoch', [Guard.lastFetchedEpoch]],
    ['the order of leader epochs', [Guard.leaderEpoch, Guard.partitionEpoch]],
    ['the refusal to append as a follower', [Guard.produceLeader, Guard.minIsr]],
  ] as const)('break a promise without the guards on %s', (_what, guardsOff) => {
    expect(breaks({ guardsOff })).toBe(true)
  })
})
