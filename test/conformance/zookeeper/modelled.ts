/**
 * The modelled ZooKeeper under a script: one server in a simulated world.
 */

import type {
  Stat,
  ZooKeeperOperation,
  ZooKeeperResult,
} from '../../../model/zookeeper/messages.ts'
import { EnsembleWorld } from '../../model/zookeeper/ensemble-world.ts'
import {
  type Answer,
  below,
  type ComparedStat,
  type Heard,
  sorted,
  type Step,
  type Transcript,
  type ZooKeeperUnderTest,
} from './script.ts'

const ROOT = '/run'

export const modelledZooKeeper: ZooKeeperUnderTest = {
  async play(clients, steps) {
    return playInWorld(clients, steps)
  },
}

function playInWorld(clients: readonly string[], steps: readonly Step[]): Transcript {
  const world = new EnsembleWorld({ servers: 1, clients: clients.length + 1 })
  world.start()
  world.settle()
  const processOf = (client: string): string => world.clients[clients.indexOf(client)] as string
  world.do(world.clients.at(-1) as string, create(ROOT))
  const sessions = new Map(
    clients.map((client) => [world.client(processOf(client)).sessionId, client]),
  )
  for (const step of steps) {
    if ('end' in step) world.endSession(processOf(step.client))
    else world.do(processOf(step.client), below(ROOT, step.operation))
    world.runFor(50)
  }
  const asked = (client: string): readonly ZooKeeperOperation[] =>
    steps.flatMap((step) => ('end' in step || step.client !== client ? [] : [step.operation]))
  const heardBy = (client: string): readonly Heard[] => {
    const operations = asked(client)
    let answers = 0
    return world.heardBy(processOf(client)).flatMap((one): readonly Heard[] => {
      if (one.kind === 'watch' && one.event !== null)
        return [{ kind: 'watch', event: one.event, path: one.path.slice(ROOT.length) }]
      if (one.kind !== 'reply' || one.result === null) return []
      const operation = operations[answers] as ZooKeeperOperation
      answers += 1
      return [{ kind: 'answer', answer: answerOf(operation, one.result, sessions) }]
    })
  }
  return Object.fromEntries(clients.map((client) => [client, heardBy(client)]))
}

function create(path: string): ZooKeeperOperation {
  return { op: 'create', path, data: '', bytes: 0, mode: 'persistent' }
}

function answerOf(
  operation: ZooKeeperOperation,
  result: ZooKeeperResult,
  sessions: ReadonlyMap<number, string>,
): Answer {
  const { error, path, data, stat, children, results } = result
  if (operation.op === 'multi') {
    const parts = operation.writes.map((write, index) => {
      const part = results?.[index]
      if (part === undefined) return { error }
      // A multi that failed has made nothing: its parts are errors and no more.
      return error === 'OK' ? answerOf(write, part, sessions) : { error: part.error }
    })
    return { error, results: parts }
  }
  if (error !== 'OK') return { error }
  return {
    error,
    ...(operation.op === 'create' ? { path: (path ?? '').slice(ROOT.length) } : {}),
    ...(operation.op === 'getData' ? { data: String(data) } : {}),
    // ZooKeeper's first form of create, which the real client uses, answers with the path alone.
    ...(stat === undefined || operation.op === 'create' ? {} : { stat: statOf(stat, sessions) }),
    ...(children === undefined ? {} : { children: sorted(children) }),
  }
}

function statOf(stat: Stat, sessions: ReadonlyMap<number, string>): ComparedStat {
  return {
    version: stat.version,
    cversion: stat.cversion,
    owner: stat.ephemeralOwner === 0 ? null : (sessions.get(stat.ephemeralOwner) ?? 'nobody'),
    changed: stat.mzxid > stat.czxid,
    childrenChanged: stat.pzxid > stat.czxid,
  }
}
