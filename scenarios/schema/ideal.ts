/**
 * The hardware that costs nothing: the path is the same, the time is none.
 */

import type { Hardware } from './scenario.ts'

/** Every cost is zero and nothing has a limit. */
export const IDEAL: Hardware = {
  cores: 0,
  requestCpuNs: 0,
  batchCpuNs: 0,
  recordCpuNs: 0,
  kibibyteCpuNs: 0,
  partitionCpuNs: 0,
  checksumCpuNs: 0,
  sendCpuNs: 0,
  tlsCpuNs: 0,
  codecPercent: 0,
  clientRequestCpuNs: 0,
  clientBatchCpuNs: 0,
  clientRecordCpuNs: 0,
  controllerCpuNs: 0,
  zookeeperCpuNs: 0,
  pageCacheBytes: 0,
  disks: 1,
  diskBytesPerSecond: 0,
  diskOperationUs: 0,
  diskSpaceBytes: 0,
  syncUs: 0,
  nicBytesPerSecond: 0,
}
