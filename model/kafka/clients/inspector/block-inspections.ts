/**
 * Inspections of blocks of producer ids: none is given away twice (KB P19).
 *
 * The inspector takes a block as another controller would, by a write under the version that it
 * read, while the controller is about to do the same. One of the two is too late and has to know.
 */

import {
  brokerPath,
  PRODUCER_ID_BLOCK_PATH,
  type ProducerIdBlockNode,
} from '../../controller/znodes.ts'
import { readNode } from './control-inspections.ts'
import type { Inspection, Script, View } from './script.ts'

const BLOCK_BYTES = 70

function* takingBlock(view: View, brokerId: number): Script {
  const broker = yield* readNode(brokerPath(brokerId))
  const opened = yield { to: 'line', line: 0, send: 'open' }
  if (broker === null || opened === null || !('granted' in opened) || !opened.granted)
    return 'unsure'
  const node = yield* readNode(PRODUCER_ID_BLOCK_PATH)
  const last = node?.data as ProducerIdBlockNode | null | undefined
  if (node === null || last === null || last === undefined) return 'unsure'
  const taken = { ...last, start: last.start + last.length }
  yield {
    to: 'line',
    line: 0,
    send: {
      op: 'setData',
      path: PRODUCER_ID_BLOCK_PATH,
      data: taken,
      bytes: BLOCK_BYTES,
      version: node.version,
    },
    later: true,
  }
  const given = yield {
    to: 'broker',
    broker: view.controller,
    request: {
      type: 'AllocateProducerIdsRequest',
      apiVersion: 0,
      brokerId,
      brokerEpoch: broker.czxid,
    },
  }
  const written = yield { to: 'line', line: 0, send: 'hear' }
  yield { to: 'line', line: 0, send: 'end' }
  // Where the controller was first, the write that was refused is the inspector's own.
  if (written === null || !('granted' in written) || !written.granted) return 'unsure'
  if (given === null || !('type' in given) || given.type !== 'AllocateProducerIdsResponse')
    return 'unsure'
  if (given.error !== 'NONE') return 'unsure'
  return given.producerIdStart === taken.start ? 'accepted' : 'refused'
}

export const blockInspections: readonly Inspection[] = [
  {
    name: 'a block of producer ids that is taken meanwhile',
    // Two writes under one version went through: nothing excuses that, and asked later it is no
    // race.
    certain: true,
    play(view: View): Script | null {
      const [broker] = view.brokers
      return view.controller < 0 || broker === undefined ? null : takingBlock(view, broker)
    },
  },
]
