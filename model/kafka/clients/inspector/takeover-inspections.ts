/**
 * Inspections of a controller that is being replaced: it decides nothing any more (KB C4, C8).
 *
 * The inspector does in ZooKeeper what an operator does who wants another controller, and what the
 * next one does when it is elected: `/controller` goes and the epoch rises, in one write. At the
 * same time it asks the old controller for an election. What stands in the state afterwards tells:
 * it must not be of the old epoch and younger than the new one. The cluster elects a controller
 * anew, so this is asked only where a scenario says so.
 */

import type { MetadataPartition } from '../../messages.ts'
import {
  CONTROLLER_EPOCH_PATH,
  CONTROLLER_PATH,
  type ControllerNode,
  type StateNode,
  statePath,
} from '../../controller/znodes.ts'
import { readNode } from './control-inspections.ts'
import type { Inspection, Script, View } from './script.ts'

const EPOCH_BYTES = 1
/**
 * Until then a controller is left alone: brokers watch its node again only when they have heard
 * that it came, and of one that came and went meanwhile nobody hears.
 */
const IN_OFFICE_MS = 1_000

function* decidingAfterTakeover(view: View, { partition }: MetadataPartition): Script {
  const opened = yield { to: 'line', line: 0, send: 'open' }
  if (opened === null || !('granted' in opened) || !opened.granted) return 'unsure'
  const controller = yield* readNode(CONTROLLER_PATH)
  const epoch = yield* readNode(CONTROLLER_EPOCH_PATH)
  if (controller === null || epoch === null) return 'unsure'
  const { brokerId, timestampMs } = controller.data as ControllerNode
  if (brokerId !== view.controller || view.nowMs - timestampMs < IN_OFFICE_MS) return 'unsure'
  const before = epoch.data as number
  yield {
    to: 'line',
    line: 0,
    send: {
      op: 'multi',
      writes: [
        { op: 'delete', path: CONTROLLER_PATH, version: -1 },
        {
          op: 'setData',
          path: CONTROLLER_EPOCH_PATH,
          data: before + 1,
          bytes: EPOCH_BYTES,
          version: epoch.version,
        },
      ],
    },
    later: true,
  }
  yield {
    to: 'broker',
    broker: view.controller,
    request: {
      type: 'ElectLeadersRequest',
      apiVersion: 2,
      electionType: 'preferred',
      partitions: [partition],
    },
  }
  const taken = yield { to: 'line', line: 0, send: 'hear' }
  yield { to: 'line', line: 0, send: 'end' }
  if (taken === null || !('granted' in taken) || !taken.granted) return 'unsure'
  return yield* judged(view, partition, before)
}

/** Whether the state was written after the takeover by the controller from before it. */
function* judged(view: View, partition: number, before: number): Script {
  const risen = yield* readNode(CONTROLLER_EPOCH_PATH)
  const state = yield* readNode(statePath(view.topics, partition))
  // A server may be behind the one that took the write.
  if (risen === null || state === null || (risen.data as number) <= before) return 'unsure'
  // What came before a further controller was elected the check of fencing knows better.
  const { controllerEpoch } = state.data as StateNode
  return controllerEpoch <= before && state.mzxid > risen.mzxid ? 'accepted' : 'refused'
}

/** A partition that is not led by whom it should be, and could be. */
function misled(view: View): MetadataPartition | undefined {
  return view.partitions.find(({ leader, replicas, isr }) => {
    const [preferred] = replicas
    return leader >= 0 && preferred !== undefined && preferred !== leader && isr.includes(preferred)
  })
}

export const takeoverInspections: readonly Inspection[] = [
  {
    name: 'a decision of a controller that was replaced',
    certain: true,
    play(view: View): Script | null {
      const partition = misled(view)
      if (view.controller < 0 || partition === undefined) return null
      return decidingAfterTakeover(view, partition)
    },
  },
]
