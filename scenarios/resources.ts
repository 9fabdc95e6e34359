/**
 * What a run used of its hardware: for each host and resource how much of it in each step.
 *
 * Only hosts with a hardware profile are watched: on `ideal` nothing has a limit. The words are
 * the field's: utilisation is busy time over time, or bytes held over space.
 */

/**
 * `cpu`, `nic-in`, `nic-out`; `disk` and `disk-space`, one for each disk; thread pools:
 * `network-threads`, `handler-threads`, `fetcher-threads`, `controller-thread`,
 * `scheduler-thread` of a broker, `server-thread` of ZooKeeper, `app-thread`,
 * `sender-thread` and the like of a client.
 */
export type ResourceName = string

/** One resource of one host over time. */
export interface ResourceUse {
  readonly resource: ResourceName
  /** Of a host with several disks, which: `data-1`; else empty. */
  readonly part: string
  /**
   * Share in use in each step: 0 to 1; null where no process of the host ran and nothing was used.
   * What a disk wrote back meanwhile is use all the same.
   */
  readonly utilisation: readonly (number | null)[]
  /** Over the load, from t = 0 to its end. */
  readonly mean: number
  readonly peak: number
  /** End of the step with the peak. */
  readonly peakAtUs: number
  /** Through a NIC or disk in each step, or held on a disk at its end. */
  readonly bytes?: readonly number[]
  /**
   * Of `disk-space`: when the disk is full, reckoned from how it fills in the second half of the
   * load unless it was full in the run; null if it is not filling, or has no end.
   */
  readonly fullAtUs?: number | null
  /** Most inputs that waited for a thread, in each step. */
  readonly queue?: readonly number[]
}

export interface HostResources {
  readonly host: string
  readonly uses: readonly ResourceUse[]
  /** Read from disks in each step because it was in memory no more; absent: nothing ever was. */
  readonly missedBytes?: readonly number[]
}

export interface Resources {
  readonly stepUs: number
  /** Ends of the steps since t = 0; the first entry of each series belongs to the first. */
  readonly atUs: readonly number[]
  readonly hosts: readonly HostResources[]
}
