/**
 * How long a controller took over what befell it: a broker that died, one that ended in good order,
 * its own predecessor that died.
 *
 * Moments are those of probes and of the durable metadata, in true time; nothing is polled.
 */

import { probeEntries } from '../../sim/registry.ts'
import type { Case } from '../case.ts'
import type { LeaderChange, Result } from '../result.ts'
import { run } from '../run.ts'

/** µs; NaN for what did not happen. */
export interface ControllerFigures {
  /** From the news of a dead broker until the last partition that it led is led by another. */
  readonly electionUs: number
  /** From the request of a broker that wants to end until it has ended. */
  readonly shutdownUs: number
  /** From the win of the election until the new controller writes for the first time. */
  readonly reloadUs: number
}

const FAILED = 'broker.failed'
const SHUTDOWN = 'broker.shutdownBegan'
const ELECTED = 'controller.elected'

export function controllerFigures(one: Case): ControllerFigures {
  const names = probeEntries().map(({ name }) => name)
  /** The last time of each probe. */
  const moments = new Map<string, number>()
  let now = 0
  let stoppedUs = Number.NaN
  const result = run(one, {
    sink: {
      event: ({ atUs }) => {
        now = atUs
      },
      probe: (_sequence, _process, probe) => {
        const name = names[probe] ?? ''
        if (name === FAILED || name === SHUTDOWN || name === ELECTED) moments.set(name, now)
      },
    },
    lives: {
      started: () => {},
      stopped: (name) => {
        if (name.startsWith('broker-')) stoppedUs = now
      },
    },
  })
  const failedUs = moments.get(FAILED) ?? Number.NaN
  const electedUs = moments.get(ELECTED) ?? Number.NaN
  return {
    electionUs: (elections(result, failedUs).at(-1) ?? Number.NaN) - failedUs,
    shutdownUs: stoppedUs - (moments.get(SHUTDOWN) ?? Number.NaN),
    reloadUs: (elections(result, electedUs)[0] ?? Number.NaN) - electedUs,
  }
}

/** Times at which partitions got another leader, or none, after `fromUs`, ascending. */
function elections({ leaders, phases }: Result, fromUs: number): readonly number[] {
  const epochs = new Map<number, number>()
  const found: number[] = []
  for (const change of leaders) {
    const atUs = change.atUs + phases.originUs
    if (isElection(change, epochs) && atUs > fromUs) found.push(atUs)
  }
  return found.sort((a, b) => a - b)
}

function isElection(
  { partition, leaderEpoch }: LeaderChange,
  epochs: Map<number, number>,
): boolean {
  const before = epochs.get(partition) ?? -1
  epochs.set(partition, leaderEpoch)
  return leaderEpoch > before
}
