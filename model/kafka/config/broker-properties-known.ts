/**
 * The broker properties of Kafka 3.9 that change nothing here, each group with the reason.
 *
 * Names, types and defaults are facts of 3.9.0. The list is whole, so that a name outside of it
 * is a slip of the pen and not one of Kafka's.
 */

import { known, type Property } from './property.ts'
import { brokerSecurityProperties } from './security-properties.ts'

/** Kafka writes 2^63 - 1 for "never". */
const NEVER = Number.MAX_SAFE_INTEGER

const layout = known('The scenario says which brokers, disks, racks and servers there are.', [
  ['broker.id', 'int', -1],
  ['broker.id.generation.enable', 'boolean', true],
  ['broker.rack', 'string', null],
  ['log.dir', 'string', '/tmp/kafka-logs'],
  ['log.dirs', 'string', null],
  ['node.id', 'int', -1],
  ['reserved.broker.max.id', 'int', 1_000],
  ['zookeeper.connect', 'string', null],
])

const kraft = known('The metadata is kept by ZooKeeper here.', [
  ['broker.heartbeat.interval.ms', 'int', 2_000],
  ['broker.session.timeout.ms', 'int', 9_000],
  ['controller.listener.names', 'string', null],
  ['controller.quorum.append.linger.ms', 'int', 25],
  ['controller.quorum.bootstrap.servers', 'list', ''],
  ['controller.quorum.election.backoff.max.ms', 'int', 1_000],
  ['controller.quorum.election.timeout.ms', 'int', 1_000],
  ['controller.quorum.fetch.timeout.ms', 'int', 2_000],
  ['controller.quorum.request.timeout.ms', 'int', 2_000],
  ['controller.quorum.retry.backoff.ms', 'int', 20],
  ['controller.quorum.voters', 'list', ''],
  ['early.start.listeners', 'string', null],
  ['eligible.leader.replicas.enable', 'boolean', false],
  ['initial.broker.registration.timeout.ms', 'int', 60_000],
  ['log.dir.failure.timeout.ms', 'long', 30_000],
  ['metadata.log.dir', 'string', null],
  ['metadata.log.max.record.bytes.between.snapshots', 'long', 20_971_520],
  ['metadata.log.max.snapshot.interval.ms', 'long', 3_600_000],
  ['metadata.log.segment.bytes', 'int', 1_073_741_824],
  ['metadata.log.segment.min.bytes', 'int', 8_388_608],
  ['metadata.log.segment.ms', 'long', 604_800_000],
  ['metadata.max.idle.interval.ms', 'int', 500],
  ['metadata.max.retention.bytes', 'long', 104_857_600],
  ['metadata.max.retention.ms', 'long', 604_800_000],
  ['process.roles', 'list', ''],
  ['server.max.startup.time.ms', 'long', NEVER],
  ['unclean.leader.election.interval.ms', 'long', 300_000],
  ['unstable.api.versions.enable', 'boolean', false],
  ['unstable.feature.versions.enable', 'boolean', false],
  ['zookeeper.metadata.migration.enable', 'boolean', false],
  ['zookeeper.metadata.migration.min.batch.size', 'int', 200],
])

const tiered = known('Logs stay on the disks of the brokers here.', [
  ['log.local.retention.bytes', 'long', -2],
  ['log.local.retention.ms', 'long', -2],
  ['remote.fetch.max.wait.ms', 'int', 500],
  ['remote.log.index.file.cache.total.size.bytes', 'long', 1_073_741_824],
  ['remote.log.manager.copier.thread.pool.size', 'int', -1],
  ['remote.log.manager.copy.max.bytes.per.second', 'long', NEVER],
  ['remote.log.manager.copy.quota.window.num', 'int', 11],
  ['remote.log.manager.copy.quota.window.size.seconds', 'int', 1],
  ['remote.log.manager.expiration.thread.pool.size', 'int', -1],
  ['remote.log.manager.fetch.max.bytes.per.second', 'long', NEVER],
  ['remote.log.manager.fetch.quota.window.num', 'int', 11],
  ['remote.log.manager.fetch.quota.window.size.seconds', 'int', 1],
  ['remote.log.manager.task.interval.ms', 'long', 30_000],
  ['remote.log.manager.task.retry.backoff.max.ms', 'long', 30_000],
  ['remote.log.manager.task.retry.backoff.ms', 'long', 500],
  ['remote.log.manager.task.retry.jitter', 'double', 0.2],
  ['remote.log.manager.thread.pool.size', 'int', 10],
  ['remote.log.metadata.custom.metadata.max.bytes', 'int', 128],
  [
    'remote.log.metadata.manager.class.name',
    'string',
    'org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager',
  ],
  ['remote.log.metadata.manager.class.path', 'string', null],
  ['remote.log.metadata.manager.impl.prefix', 'string', 'rlmm.config.'],
  ['remote.log.metadata.manager.listener.name', 'string', null],
  ['remote.log.reader.max.pending.tasks', 'int', 100],
  ['remote.log.reader.threads', 'int', 10],
  ['remote.log.storage.manager.class.name', 'string', null],
  ['remote.log.storage.manager.class.path', 'string', null],
  ['remote.log.storage.manager.impl.prefix', 'string', 'rsm.config.'],
  ['remote.log.storage.system.enable', 'boolean', false],
])

const transactions = known('Transactions are not in this version.', [
  ['transaction.abort.timed.out.transaction.cleanup.interval.ms', 'int', 10_000],
  ['transaction.max.timeout.ms', 'int', 900_000],
  ['transaction.partition.verification.enable', 'boolean', true],
  ['transaction.remove.expired.transaction.cleanup.interval.ms', 'int', 3_600_000],
  ['transaction.state.log.load.buffer.size', 'int', 5_242_880],
  ['transaction.state.log.min.isr', 'int', 2],
  ['transaction.state.log.num.partitions', 'int', 50],
  ['transaction.state.log.replication.factor', 'int', 3],
  ['transaction.state.log.segment.bytes', 'int', 104_857_600],
  ['transactional.id.expiration.ms', 'int', 604_800_000],
])

const groups = known('Only the classic group protocol is simulated.', [
  ['group.consumer.assignors', 'list', 'uniform,range'],
  ['group.consumer.heartbeat.interval.ms', 'int', 5_000],
  ['group.consumer.max.heartbeat.interval.ms', 'int', 15_000],
  ['group.consumer.max.session.timeout.ms', 'int', 60_000],
  ['group.consumer.max.size', 'int', 2_147_483_647],
  ['group.consumer.migration.policy', 'string', 'disabled'],
  ['group.consumer.min.heartbeat.interval.ms', 'int', 5_000],
  ['group.consumer.min.session.timeout.ms', 'int', 45_000],
  ['group.consumer.session.timeout.ms', 'int', 45_000],
  ['group.coordinator.append.linger.ms', 'int', 10],
  ['group.coordinator.new.enable', 'boolean', false],
  ['group.coordinator.rebalance.protocols', 'list', 'classic'],
  ['group.coordinator.threads', 'int', 1],
  ['group.share.delivery.count.limit', 'int', 5],
  ['group.share.enable', 'boolean', false],
  ['group.share.heartbeat.interval.ms', 'int', 5_000],
  ['group.share.max.groups', 'int', 10],
  ['group.share.max.heartbeat.interval.ms', 'int', 15_000],
  ['group.share.max.record.lock.duration.ms', 'int', 60_000],
  ['group.share.max.session.timeout.ms', 'int', 60_000],
  ['group.share.max.size', 'int', 200],
  ['group.share.min.heartbeat.interval.ms', 'int', 5_000],
  ['group.share.min.record.lock.duration.ms', 'int', 15_000],
  ['group.share.min.session.timeout.ms', 'int', 45_000],
  ['group.share.partition.max.record.locks', 'int', 200],
  ['group.share.record.lock.duration.ms', 'int', 30_000],
  ['group.share.session.timeout.ms', 'int', 45_000],
])

const quotas = known('No quota holds anybody back here.', [
  ['alter.log.dirs.replication.quota.window.num', 'int', 11],
  ['alter.log.dirs.replication.quota.window.size.seconds', 'int', 1],
  ['client.quota.callback.class', 'class', null],
  ['controller.quota.window.num', 'int', 11],
  ['controller.quota.window.size.seconds', 'int', 1],
  ['follower.replication.throttled.rate', 'long', NEVER],
  ['leader.replication.throttled.rate', 'long', NEVER],
  ['max.connection.creation.rate', 'int', 2_147_483_647],
  ['max.connections', 'int', 2_147_483_647],
  ['max.connections.per.ip', 'int', 2_147_483_647],
  ['max.connections.per.ip.overrides', 'string', ''],
  ['num.replica.alter.log.dirs.threads', 'int', null],
  ['quota.window.num', 'int', 11],
  ['quota.window.size.seconds', 'int', 1],
  ['replica.alter.log.dirs.io.max.bytes.per.second', 'long', NEVER],
  ['replication.quota.window.num', 'int', 11],
  ['replication.quota.window.size.seconds', 'int', 1],
])

const metrics = known('The simulation measures for itself.', [
  ['auto.include.jmx.reporter', 'boolean', true],
  ['kafka.metrics.polling.interval.secs', 'int', 10],
  ['kafka.metrics.reporters', 'list', ''],
  ['metric.reporters', 'list', ''],
  ['metrics.num.samples', 'int', 2],
  ['metrics.recording.level', 'string', 'INFO'],
  ['metrics.sample.window.ms', 'long', 30_000],
  ['telemetry.max.bytes', 'int', 1_048_576],
])

const retention = known('Nothing is deleted by size and nothing is compacted in this version.', [
  ['delete.records.purgatory.purge.interval.requests', 'int', 1],
  ['log.cleaner.backoff.ms', 'long', 15_000],
  ['log.cleaner.dedupe.buffer.size', 'long', 134_217_728],
  ['log.cleaner.delete.retention.ms', 'long', 86_400_000],
  ['log.cleaner.enable', 'boolean', true],
  ['log.cleaner.io.buffer.load.factor', 'double', 0.9],
  ['log.cleaner.io.buffer.size', 'int', 524_288],
  ['log.cleaner.io.max.bytes.per.second', 'double', Number.MAX_VALUE],
  ['log.cleaner.max.compaction.lag.ms', 'long', NEVER],
  ['log.cleaner.min.cleanable.ratio', 'double', 0.5],
  ['log.cleaner.min.compaction.lag.ms', 'long', 0],
  ['log.cleaner.threads', 'int', 1],
  ['log.flush.start.offset.checkpoint.interval.ms', 'int', 60_000],
  ['log.index.interval.bytes', 'int', 4_096],
  ['log.index.size.max.bytes', 'int', 10_485_760],
  ['log.preallocate', 'boolean', false],
  ['log.retention.bytes', 'long', -1],
  ['log.segment.delete.delay.ms', 'long', 60_000],
  ['offsets.retention.check.interval.ms', 'long', 600_000],
  ['offsets.retention.minutes', 'int', 10_080],
])

const records = known('Records keep their timestamps, and a codec has one level.', [
  ['compression.gzip.level', 'int', -1],
  ['compression.lz4.level', 'int', 9],
  ['compression.zstd.level', 'int', 3],
  ['log.message.downconversion.enable', 'boolean', true],
  ['log.message.format.version', 'string', '3.0-IV1'],
  ['log.message.timestamp.difference.max.ms', 'long', NEVER],
  ['log.message.timestamp.type', 'string', 'CreateTime'],
  ['offsets.topic.compression.codec', 'int', 0],
])

const transport = known(
  'Hosts find each other by name; sockets are those of the simulated network.',
  [
    ['advertised.listeners', 'string', null],
    ['control.plane.listener.name', 'string', null],
    ['inter.broker.listener.name', 'string', null],
    ['listeners', 'string', 'PLAINTEXT://:9092'],
    ['queued.max.request.bytes', 'long', -1],
    ['replica.socket.receive.buffer.bytes', 'int', 65_536],
    ['socket.connection.setup.timeout.max.ms', 'long', 30_000],
    ['socket.connection.setup.timeout.ms', 'long', 10_000],
    ['socket.listen.backlog.size', 'int', 50],
  ],
)

const administration = known('The scenario makes topics and stops brokers, in this version.', [
  ['alter.config.policy.class.name', 'class', null],
  ['auto.create.topics.enable', 'boolean', true],
  ['create.topic.policy.class.name', 'class', null],
  ['delete.topic.enable', 'boolean', true],
  ['inter.broker.protocol.version', 'string', '3.9-IV0'],
  ['replica.selector.class', 'string', null],
])

const idle = known('Idle connections stay.', [['connections.max.idle.ms', 'long', 600_000]])

const commits = known('Commits carry no text, and their topic is neither compacted nor cut here.', [
  ['offset.metadata.max.bytes', 'int', 4_096],
  ['offsets.topic.segment.bytes', 'int', 104_857_600],
])

const interBroker = known('What brokers ask of each other has time-outs of its own.', [
  ['request.timeout.ms', 'int', 30_000],
])

const memory = known('Only bounds memory or spreads work that costs nothing here.', [
  ['background.threads', 'int', 10],
  ['fetch.purgatory.purge.interval.requests', 'int', 1_000],
  ['max.incremental.fetch.session.cache.slots', 'int', 1_000],
  ['max.request.partition.size.limit', 'int', 2_000],
  ['num.recovery.threads.per.data.dir', 'int', 1],
  ['producer.purgatory.purge.interval.requests', 'int', 1_000],
  ['socket.request.max.bytes', 'int', 104_857_600],
])

export const knownBrokerProperties: readonly Property[] = [
  ...layout,
  ...kraft,
  ...tiered,
  ...transactions,
  ...groups,
  ...quotas,
  ...metrics,
  ...retention,
  ...records,
  ...transport,
  ...administration,
  ...idle,
  ...commits,
  ...interBroker,
  ...memory,
  ...brokerSecurityProperties,
]
