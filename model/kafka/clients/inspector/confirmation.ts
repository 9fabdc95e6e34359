/**
 * Asking again what was taken, by brokers that know what is true now (KB C9).
 *
 * Metadata has no date: a broker that the controller does not reach tells what was, and answers by
 * it. So whoever is asked again first tells what it knows, and afterwards the inspector reads
 * ZooKeeper: what was taken counts only if that is what still stands there. LeaderAndIsr comes
 * before UpdateMetadata, so a broker knows its roles by then too.
 */

import {
  type ControllerNode,
  CONTROLLER_PATH,
  type StateNode,
  statePath,
} from '../../controller/znodes.ts'
import type { MetadataPartition, MetadataResponse } from '../../messages.ts'
import { topicOf } from '../../../record.ts'
import { OFFSETS_TOPIC, type Topics } from '../../topics.ts'
import { readNode } from './control-inspections.ts'
import type { Answer, Ask, Asked, Ending, Inspection, Script, View } from './script.ts'

/** What one broker tells of the cluster. */
interface Telling {
  readonly controller: number
  readonly partitions: readonly MetadataPartition[]
}

type Step<Value> = Generator<Ask, Value, Answer>

/** The same inspection, which counts as accepted only where nobody who was asked is behind. */
export function* confirmed(inspection: Inspection, view: View): Script {
  const script = inspection.play(view)
  if (script === null) return 'unsure'
  const told = new Map<number, Telling | null>()
  const ending = yield* afterTelling(script, view, told)
  if (ending !== 'accepted') return ending
  const tellings: Telling[] = [{ controller: view.controller, partitions: view.partitions }]
  for (const telling of told.values()) {
    if (telling === null) return 'unsure'
    tellings.push(telling)
  }
  return (yield* stillStands(view, tellings)) ? 'accepted' : 'unsure'
}

/** Plays a script; each broker tells what it knows before it is asked for the first time. */
function* afterTelling(
  script: Script,
  view: View,
  told: Map<number, Telling | null>,
): Step<Ending> {
  let answer: Answer = null
  for (;;) {
    const step = script.next(answer)
    if (step.done === true) return step.value
    const ask = step.value
    if (ask.to === 'broker' && !told.has(ask.broker)) {
      told.set(ask.broker, yield* tellingOf(ask.broker, view))
    }
    answer = yield ask
  }
}

function* tellingOf(broker: number, { topic }: View): Step<Telling | null> {
  const request: Asked = { type: 'MetadataRequest', apiVersion: 12, topics: [topic, OFFSETS_TOPIC] }
  const answer = yield { to: 'broker', broker, request }
  if (answer === null || !('type' in answer) || answer.type !== 'MetadataResponse') return null
  const { controllerId, topics }: MetadataResponse = answer
  return { controller: controllerId, partitions: topics.flatMap(({ partitions }) => partitions) }
}

/** Whether all that was told is what ZooKeeper holds now. */
function* stillStands(view: View, tellings: readonly Telling[]): Step<boolean> {
  const synced = yield { to: 'zookeeper', operation: { op: 'sync', path: CONTROLLER_PATH } }
  if (synced === null) return false
  const held = yield* readNode(CONTROLLER_PATH)
  const controller = held === null ? undefined : (held.data as ControllerNode).brokerId
  if (tellings.some((telling) => telling.controller !== controller)) return false
  const states = new Map<number, StateNode | null>()
  for (const { partitions } of tellings) {
    for (const telling of partitions) {
      const { partition } = telling
      if (!states.has(partition)) {
        const state = yield* readNode(statePath(view.topics, partition))
        states.set(partition, state === null ? null : (state.data as StateNode))
      }
      const state = states.get(partition) ?? null
      if (state === null || !isOf(telling, state, view.topics)) return false
    }
  }
  return true
}

/** Who coordinates a group depends on the leader alone. */
function isOf(telling: MetadataPartition, state: StateNode, topics: Topics): boolean {
  const { partition, leader, leaderEpoch, isr } = telling
  if (leader !== state.leader || leaderEpoch !== state.leaderEpoch) return false
  if (topicOf(partition) === topics.id(OFFSETS_TOPIC)) return true
  return isr.length === state.isr.length && isr.every((id) => state.isr.includes(id))
}
