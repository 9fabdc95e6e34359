/**
 * Lets V8 allocate everything in its young generation.
 *
 * V8 may allocate at once among the old ones what a place in the code makes, if what it made before
 * has survived. In the first runs of a thread nearly everything of a world survives; worlds that
 * later runs leave among the old ones seem to keep others alive with them. A run makes nothing that
 * outlives it but its answer.
 */

import { setFlagsFromString } from 'node:v8'

/** For this process, and threads that it starts from now on. */
export function allocateYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
}
