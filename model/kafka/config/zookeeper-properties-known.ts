/**
 * The properties of `zoo.cfg` (ZooKeeper 3.8) that change nothing here, each group with the
 * reason.
 *
 * A real server hands a key that it does not know to the Java system properties and says
 * nothing. So the list also has the documented system properties in their short form.
 */

import { known, type Property } from './property.ts'

const layout = known('The scenario says which servers there are; a server has one disk.', [
  ['dataDir', 'string', null],
  ['dataLogDir', 'string', null],
  ['dynamicConfigFile', 'string', null],
  ['peerType', 'string', 'participant'],
  ['standaloneEnabled', 'boolean', true],
  ['reconfigEnabled', 'boolean', false],
  ['electionAlg', 'int', 3],
  ['oraclePath', 'string', null],
  ['syncEnabled', 'boolean', true],
])

const transport = known('Hosts find each other by name; sockets are those of the simulation.', [
  ['clientPort', 'int', null],
  ['clientPortAddress', 'string', null],
  ['clientPortListenBacklog', 'int', -1],
  ['secureClientPort', 'int', null],
  ['secureClientPortAddress', 'string', null],
  ['observerMasterPort', 'int', null],
  ['connectToLearnerMasterLimit', 'int', 0],
  ['maxClientCnxns', 'int', 60],
  ['maxCnxns', 'int', 0],
  ['quorumListenOnAllIPs', 'boolean', false],
  ['quorum.cnxn.threads.size', 'int', 20],
  ['cnxTimeout', 'int', 5],
  ['tcpKeepAlive', 'boolean', false],
  ['serverCnxnFactory', 'class', null],
  ['multiAddress.enabled', 'boolean', false],
  ['multiAddress.reachabilityCheckTimeoutMs', 'int', 1_000],
  ['multiAddress.reachabilityCheckEnabled', 'boolean', true],
  ['nio.numSelectorThreads', 'int', null],
  ['nio.numWorkerThreads', 'int', null],
  ['nio.sessionlessCnxnTimeout', 'int', 10_000],
])

const storage = known('Snapshots, purging and limits on memory are not simulated.', [
  ['autopurge.snapRetainCount', 'int', 3],
  ['autopurge.purgeInterval', 'int', 0],
  ['snapCount', 'int', 100_000],
  ['snapSizeLimitInKb', 'long', 4_194_304],
  ['preAllocSize', 'int', 65_536],
  ['commitLogCount', 'int', 500],
  ['forceSync', 'string', 'yes'],
  ['fsync.warningthresholdms', 'long', 1_000],
  ['globalOutstandingLimit', 'int', 1_000],
  ['globalOutstandingRequestThreshold', 'int', 1_000],
  ['maxResponseCacheSize', 'int', 400],
  ['jute.maxbuffer', 'int', 1_048_575],
  ['leaderServes', 'string', 'yes'],
  ['localSessionsEnabled', 'boolean', false],
  ['localSessionsUpgradingEnabled', 'boolean', false],
  ['skipACL', 'string', 'no'],
])

const security = known('Nobody is authenticated here and nothing is encrypted.', [
  ['sslQuorum', 'boolean', false],
  ['sslQuorumReloadCertFiles', 'boolean', false],
  ['portUnification', 'boolean', false],
  ['quorum.auth.enableSasl', 'boolean', false],
  ['quorum.auth.serverRequireSasl', 'boolean', false],
  ['quorum.auth.learnerRequireSasl', 'boolean', false],
  ['quorum.auth.learner.saslLoginContext', 'string', 'QuorumLearner'],
  ['quorum.auth.server.saslLoginContext', 'string', 'QuorumServer'],
  ['quorum.auth.kerberos.servicePrincipal', 'string', 'zkquorum/localhost'],
])

const administration = known('The simulation measures for itself; there is no admin server.', [
  ['4lw.commands.whitelist', 'list', 'srvr'],
  ['admin.enableServer', 'boolean', true],
  ['admin.serverAddress', 'string', '0.0.0.0'],
  ['admin.serverPort', 'int', 8_080],
  ['admin.idleTimeout', 'int', 30_000],
  ['admin.commandURL', 'string', '/commands'],
  ['extendedTypesEnabled', 'boolean', false],
  ['metricsProvider.className', 'class', 'DefaultMetricsProvider'],
  ['jvm.pause.monitor', 'boolean', false],
  ['jvm.pause.info-threshold.ms', 'long', 1_000],
  ['jvm.pause.warn-threshold.ms', 'long', 10_000],
  ['jvm.pause.sleep.time.ms', 'long', 500],
])

export const knownZooKeeperProperties: readonly Property[] = [
  ...layout,
  ...transport,
  ...storage,
  ...security,
  ...administration,
]
