/**
 * A hardware profile of a scenario, and where each of its figures is from.
 */

/** What work costs on a host. All zeros is `ideal`: the path is the same, the time is none. */
export interface Hardware {
  /** CPU servers; 0: as many as are asked for. */
  readonly cores: number
  readonly requestCpuNs: number
  readonly batchCpuNs: number
  readonly recordCpuNs: number
  /** For 1024 bytes that a network thread copies in, or a handler into the log. */
  readonly kibibyteCpuNs: number
  /** For each partition of a fetch, on the handler. */
  readonly partitionCpuNs: number
  /** For 1024 bytes whose checksum is looked at. */
  readonly checksumCpuNs: number
  /** For 1024 bytes that a response carries, on the network thread. */
  readonly sendCpuNs: number
  /** For 1024 bytes that are encrypted or decrypted; 0: plaintext. */
  readonly tlsCpuNs: number
  /** Time of compression as a share of the table's, in percent; 0: none. */
  readonly codecPercent: number
  /** Of a client: for each request, batch and record that it sends or gets. */
  readonly clientRequestCpuNs: number
  readonly clientBatchCpuNs: number
  readonly clientRecordCpuNs: number
  /** Of a broker that is the controller, for each operation of ZooKeeper. */
  readonly controllerCpuNs: number
  /** For each message of a ZooKeeper server. */
  readonly zookeeperCpuNs: number
  /** Memory that caches pages; 0: as much as is needed. */
  readonly pageCacheBytes: number
  /** Of a broker that does not say how many it has. */
  readonly disks: number
  /** 0: without limit. */
  readonly diskBytesPerSecond: number
  /** Of a switch to another file. */
  readonly diskOperationUs: number
  /** Of each disk; 0: without end. */
  readonly diskSpaceBytes: number
  readonly syncUs: number
  /** In each direction; 0: without limit. */
  readonly nicBytesPerSecond: number
  /** Where the figures are from; absent: all of them stand in the scenario. */
  readonly origin?: HardwareOrigin
}

/**
 * Where a figure is from: published by who sells it, reckoned from that, fitted, a guess, or given.
 */
export type FigureSource = 'published' | 'derived' | 'fitted' | 'assumed' | 'given'

export interface HardwareOrigin {
  /** The profile that came with dmqsim; null: only the calibration did. */
  readonly profile: string | null
  readonly calibration: string | null
  /** By field. */
  readonly sources: Readonly<Record<string, FigureSource>>
}
