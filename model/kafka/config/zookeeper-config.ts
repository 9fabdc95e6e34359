/**
 * What a server of the ensemble reads from its `zoo.cfg` (KB 5, last lines of KB 7).
 *
 * ZooKeeper counts in ticks and so do the limits; the session bounds default to 2 and 20 ticks.
 * Left out: the election algorithm, quotas, snapshots, TLS and the admin server.
 */

import { createReader, type Properties } from './reader.ts'
import { zookeeperProperties } from './zookeeper-properties.ts'

export interface ZooKeeperConfig {
  readonly tickTime: number
  readonly initLimit: number
  readonly syncLimit: number
  /** Milliseconds, as in zoo.cfg. */
  readonly minSessionTimeout: number
  readonly maxSessionTimeout: number
}

/** Reads a server's properties; throws `ConfigException` on a value out of range. */
export function zookeeperConfig(properties: Properties): ZooKeeperConfig {
  const read = createReader(zookeeperProperties, properties)
  const tickTime = read.int('tickTime')
  const least = read.optional('minSessionTimeout') ?? -1
  const most = read.optional('maxSessionTimeout') ?? -1
  const config: ZooKeeperConfig = {
    tickTime,
    initLimit: read.int('initLimit'),
    syncLimit: read.int('syncLimit'),
    minSessionTimeout: least === -1 ? tickTime * 2 : least,
    maxSessionTimeout: most === -1 ? tickTime * 20 : most,
  }
  if (config.minSessionTimeout > config.maxSessionTimeout) {
    read.refuse('minSessionTimeout', 'must be at most maxSessionTimeout')
  }
  return config
}
