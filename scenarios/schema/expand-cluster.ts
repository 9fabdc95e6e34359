/**
 * Expands the hosts of the cluster, the network and the supervisor.
 */

import { brokerConfig } from '../../model/kafka/config/broker-config.ts'
import { zookeeperConfig } from '../../model/kafka/config/zookeeper-config.ts'
import { checkView, expandConfig } from './expand-config.ts'
import { duplicateNames, type Expansion } from './expansion.ts'
import type { Path } from './findings.ts'
import { disksOf, hardwareName } from './hardware.ts'
import { presetOf } from './preset.ts'
import type { Broker, Cluster, Latency, Network, Restart, ZooKeeperServer } from './scenario.ts'
import type { LatencyEntry } from './surface.ts'
import { parseDuration } from './units.ts'

const DEFAULT_HOSTS = 3
const MOST_RACKS = 26

export function expandCluster(expansion: Expansion): Cluster {
  const entry = expansion.file.cluster ?? {}
  const preset = presetOf(expansion.timeouts)
  const { findings, notices } = expansion
  const brokers = expandBrokers(expansion)
  const zookeeper = expandZooKeeper(expansion)
  const ofBrokers = {
    kind: 'broker',
    path: ['cluster', 'config'],
    config: entry.config,
    preset: preset.broker,
  } as const
  const config = expandConfig(ofBrokers, findings, notices)
  for (const broker of brokers) {
    checkView(ofBrokers, findings, () => brokerConfig({ ...config, ...broker.config }))
  }
  const ofServers = {
    kind: 'zookeeper',
    path: ['cluster', 'zookeeperConfig'],
    config: entry.zookeeperConfig,
    preset: { tickTime: 3_000, initLimit: 10, syncLimit: 5, ...preset.zookeeper },
  } as const
  const servers = expandConfig(ofServers, findings, notices)
  checkView(ofServers, findings, () => zookeeperConfig(servers))
  return { brokers, zookeeper, config, zookeeperConfig: servers }
}

function expandBrokers(expansion: Expansion): readonly Broker[] {
  const entry = expansion.file.cluster ?? {}
  const brokers = entry.brokers ?? DEFAULT_HOSTS
  const path = ['cluster', 'brokers']
  if (typeof brokers === 'number') {
    const hardware = hardwareName(entry.hardware, ['cluster', 'hardware'], expansion)
    const disks = disksOf(hardware, expansion)
    return counted(brokers, expansion).map((host) => ({ ...host, disks, hardware, config: {} }))
  }
  duplicateNames(
    brokers.map((broker) => broker.id),
    path,
    'id',
    expansion,
  )
  return brokers.map((broker, index) => {
    const hardware = hardwareName(
      broker.hardware ?? entry.hardware,
      broker.hardware === undefined ? ['cluster', 'hardware'] : [...path, index, 'hardware'],
      expansion,
    )
    return {
      id: broker.id,
      rack: broker.rack ?? rackOf(index, expansion),
      disks: broker.disks ?? disksOf(hardware, expansion),
      hardware,
      config: expandConfig(
        { kind: 'broker', path: [...path, index, 'config'], config: broker.config, preset: {} },
        expansion.findings,
        expansion.notices,
      ),
    }
  })
}

function expandZooKeeper(expansion: Expansion): readonly ZooKeeperServer[] {
  const entry = expansion.file.cluster ?? {}
  const servers = entry.zookeeper ?? DEFAULT_HOSTS
  const path = ['cluster', 'zookeeper']
  const count = typeof servers === 'number' ? servers : servers.length
  if (![1, 3, 5].includes(count)) {
    expansion.findings.add(path, `an ensemble has 1, 3 or 5 servers, not ${count}`)
  }
  if (typeof servers === 'number') {
    const hardware = hardwareName(entry.hardware, ['cluster', 'hardware'], expansion)
    return counted(servers, expansion).map((host) => ({ ...host, hardware }))
  }
  duplicateNames(
    servers.map((server) => server.id),
    path,
    'id',
    expansion,
  )
  return servers.map((server, index) => ({
    id: server.id,
    rack: server.rack ?? rackOf(index, expansion),
    hardware: hardwareName(
      server.hardware ?? entry.hardware,
      server.hardware === undefined ? ['cluster', 'hardware'] : [...path, index, 'hardware'],
      expansion,
    ),
  }))
}

function counted(count: number, expansion: Expansion): { id: number; rack: string }[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    rack: rackOf(index, expansion),
  }))
}

/** Hosts go over the racks in turn, which are called a, b, c and so on. */
function rackOf(index: number, expansion: Expansion): string {
  const racks = Math.min(expansion.file.cluster?.racks ?? 1, MOST_RACKS)
  return String.fromCharCode('a'.charCodeAt(0) + (index % racks))
}

export function expandNetwork(expansion: Expansion): Network {
  const entry = expansion.file.network ?? {}
  const read = (key: 'withinRack' | 'betweenRacks' | 'toClients', otherwise: Latency): Latency =>
    latencyOf(entry[key], otherwise, ['network', key], expansion)
  return {
    withinRack: read('withinRack', { baseUs: 150, jitterUs: 50 }),
    betweenRacks: read('betweenRacks', { baseUs: 500, jitterUs: 150 }),
    toClients: read('toClients', { baseUs: 500, jitterUs: 150 }),
  }
}

function latencyOf(
  entry: LatencyEntry | undefined,
  otherwise: Latency,
  path: Path,
  expansion: Expansion,
): Latency {
  if (entry === undefined) return otherwise
  const read = (text: string, at: Path): number =>
    expansion.findings.attempt(at, 0, () => parseDuration(text))
  if (typeof entry === 'string') return { baseUs: read(entry, path), jitterUs: 0 }
  return {
    baseUs: read(entry.base, [...path, 'base']),
    jitterUs: entry.jitter === undefined ? 0 : read(entry.jitter, [...path, 'jitter']),
  }
}

export function expandRestart(expansion: Expansion): Restart {
  const entry = expansion.file.restart ?? {}
  const read = (key: 'after' | 'max', otherwise: string): number =>
    expansion.findings.attempt(['restart', key], 0, () => parseDuration(entry[key] ?? otherwise))
  return {
    afterUs: read('after', '1s'),
    backoff: entry.backoff ?? 2,
    maxUs: read('max', '30s'),
  }
}
