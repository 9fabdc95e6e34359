/**
 * The properties of `zoo.cfg` (ZooKeeper 3.8) that the model acts on, and with them all names.
 *
 * `tickTime`, `initLimit` and `syncLimit` have the values of ZooKeeper's sample file, since the
 * server itself starts without a default for the limits.
 */

import { listOf, type Property, type PropertyList, simulated } from './property.ts'
import { knownZooKeeperProperties } from './zookeeper-properties-known.ts'

const time: readonly Property[] = [
  simulated(
    'tickTime',
    3_000,
    { unit: 'ms', least: 1 },
    'The unit of every other time; expiry of sessions is rounded up to it (KB Z1).',
  ),
  simulated(
    'initLimit',
    10,
    { unit: 'ticks', least: 1 },
    'Ticks a follower has to connect to a new leader and synchronise (KB 5).',
  ),
  simulated(
    'syncLimit',
    5,
    { unit: 'ticks', least: 1 },
    'Ticks a follower may be silent before the leader drops it (KB 5).',
  ),
  simulated(
    'minSessionTimeout',
    -1,
    { type: 'int', unit: 'ms', least: -1 },
    'A session that asks for less gets this; two ticks unless set (KB Z1).',
  ),
  simulated(
    'maxSessionTimeout',
    -1,
    { type: 'int', unit: 'ms', least: -1 },
    'A session that asks for more gets this; twenty ticks unless set (KB Z1).',
  ),
]

/** Every property of a ZooKeeper server, by name. */
export const zookeeperProperties: PropertyList = listOf(time, knownZooKeeperProperties)
