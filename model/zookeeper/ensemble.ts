/**
 * An ensemble: the configurations of its servers and their behaviours around one recorder (KB Z22).
 */

import type { ProcessName } from '../../sim/process.ts'
import { CommitRecorder } from './commit-recorder.ts'
import type { EnsembleObserver } from './observer.ts'
import { type ZooKeeperServerBehaviour, zooKeeperServer } from './server.ts'
import type { Peer, ZooKeeperServerConfig } from './server-state.ts'

export interface EnsembleMember {
  readonly name: ProcessName
  readonly behaviour: ZooKeeperServerBehaviour
}

/** Everything but the ids; limits of sessions are 2 and 20 ticks unless given. */
export interface EnsembleConfig {
  /** 1, 3 or 5 in practice. */
  readonly servers: number
  /** 2000 ms in the sample configuration. */
  readonly tickMs?: number
  /** 10 in the sample configuration. */
  readonly initLimit?: number
  /** 5 in the sample configuration. */
  readonly syncLimit?: number
  readonly minSessionTimeoutMs?: number
  readonly maxSessionTimeoutMs?: number
  /** 200 ms by default. */
  readonly finalizeWaitMs?: number
  /** 500 by default. */
  readonly commitLogCount?: number
}

/** The servers `zookeeper-1` … of one run; `observer` hears of each commit once. */
export function createEnsemble(
  config: EnsembleConfig,
  observer: EnsembleObserver | null,
): readonly EnsembleMember[] {
  const recorder = new CommitRecorder(observer)
  return serverConfigs(config, observer).map((server) => ({
    name: zooKeeperName(server.id),
    behaviour: zooKeeperServer(server, recorder),
  }))
}

export function zooKeeperName(id: number): ProcessName {
  return `zookeeper-${id}`
}

function serverConfigs(
  config: EnsembleConfig,
  observer: EnsembleObserver | null,
): readonly ZooKeeperServerConfig[] {
  const peers: Peer[] = []
  for (let id = 1; id <= config.servers; id += 1) peers.push({ id, name: zooKeeperName(id) })
  const tickMs = config.tickMs ?? 2000
  return peers.map(({ id }) => ({
    id,
    peers,
    tickMs,
    initLimit: config.initLimit ?? 10,
    syncLimit: config.syncLimit ?? 5,
    minSessionTimeoutMs: config.minSessionTimeoutMs ?? 2 * tickMs,
    maxSessionTimeoutMs: config.maxSessionTimeoutMs ?? 20 * tickMs,
    finalizeWaitMs: config.finalizeWaitMs ?? 200,
    commitLogCount: config.commitLogCount ?? 500,
    observer,
  }))
}
