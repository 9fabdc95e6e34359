import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Case } from '../scenarios/case.ts'
import { plainCase } from '../scenarios/explore/cases.ts'
import { run } from '../scenarios/run.ts'
import { BootError } from '../scenarios/run/boot.ts'
import { scenarioNames } from '../scenarios/schema/files.ts'
import { guardEntries, probeEntries } from '../sim/registry.ts'
import { guardUses, modelSources, unguardedErrors } from './guard-scan.ts'
import { tenSeconds } from './ten-seconds.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The areas of contracts §4. */
const areas = [
  'fetch',
  'produce',
  'producer',
  'isr',
  'hw',
  'leader',
  'follower',
  'controller',
  'stopReplica',
  'registration',
  'zk',
  'group',
  'commit',
  'offsetFetch',
  'txn',
  'consumer',
  'log',
]

describe('the registry of guards', () => {
  test('names each `<area>.<camelCase>`, with an area that exists', () => {
    const odd = guardEntries()
      .map(({ name }) => name)
      .filter((name) => {
        const [area = '', rest = '', ...more] = name.split('.')
        return !areas.includes(area) || !/^[a-z][A-Za-z0-9]*$/.test(rest) || more.length > 0
      })

    expect(guardEntries().length).toBeGreaterThan(100)
    expect(odd).toEqual([])
  })

  test('has no name twice, nor has that of the probes', () => {
    const guards = guardEntries().map(({ name }) => name)
    const probes = probeEntries().map(({ name }) => name)

    expect(new Set(guards).size).toBe(guards.length)
    expect(new Set(probes).size).toBe(probes.length)
    expect(probes.filter((name) => !/^[a-z][A-Za-z]*\.[a-z][A-Za-z0-9]*$/.test(name))).toEqual([])
  })

  test('exercises each in a scenario that exists', () => {
    const scenarios = scenarioNames(root).map(({ name }) => name)

    const missing = guardEntries()
      .filter(({ exercise }) => !scenarios.includes(exercise))
      .map(({ name, exercise }) => `${name}: ${exercise}`)

    expect(missing).toEqual([])
  })

  test('names one that exists behind each that cannot be missed alone', () => {
    const known = guardEntries().map(({ name }) => name)

    const odd = guardEntries().filter(
      ({ name, behind }) => behind !== undefined && (behind === name || !known.includes(behind)),
    )

    expect(odd).toEqual([])
  })

  test('says of each what it protects, what comes without it, and which rule it is', () => {
    const silent = guardEntries()
      .filter(
        ({ rule, sentence, protects, whenOff }) =>
          !/^(KB|KC|HZ) /.test(rule) ||
          !sentence.endsWith('.') ||
          protects === '' ||
          whenOff === '',
      )
      .map(({ name }) => name)

    expect(silent).toEqual([])
  })
})

describe('the sources of the models', () => {
  const sources = modelSources(root)

  test('ask every registered guard, by its name in code', () => {
    const definitions = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/^ {2}(\w+): \{\n {4}name: '([^']+)',\n {4}rule:/gm)].map(
        ([, code = '', name = '']) => ({ path, code, name }),
      ),
    )
    const codeNames = new Map(definitions.map(({ code, name }) => [name, code]))
    const asked = new Set(sources.flatMap(guardUses).map(({ name }) => name))

    const idle = guardEntries()
      .map(({ name }) => ({ name, code: codeNames.get(name) }))
      .filter(({ code }) => code === undefined || !asked.has(code))
      .map(({ name, code }) => `${name} as Guard.${code}`)

    expect(idle).toEqual([])
  })

  test('give an error that answers a check only under a guard', () => {
    const given = sources.flatMap(unguardedErrors)
    const places = [...new Set(given.map(({ path, error }) => `${path} ${error}`))]

    expect(places.filter((place) => !(place in unguarded))).toEqual([])
    expect(Object.keys(unguarded).filter((place) => !places.includes(place))).toEqual([])
  })
})

/** Errors that no check of ours decides, each with its reason. */
const unguarded: Readonly<Record<string, string>> = {
  'model/kafka/replication/append.ts NOT_LEADER_OR_FOLLOWER':
    'a replica that is not here: there is no log that could take the append',
  'model/kafka/replication/fetch-read.ts NOT_LEADER_OR_FOLLOWER':
    'a replica that is not here: there is no log to read',
  'model/kafka/replication/offsets.ts NOT_LEADER_OR_FOLLOWER':
    'a replica that is not here: there is no log to look into',
  'model/kafka/replication/produce-purgatory.ts NOT_LEADER_OR_FOLLOWER':
    'the replica was deleted while the append waited',
  'model/kafka/replication/produce.ts INVALID_REQUIRED_ACKS':
    'the rows of an answer that the guard before it decided on',
  'model/kafka/controller/alter-partition.ts NOT_CONTROLLER':
    'the event was dropped because the controller resigned: nobody is left to do it',
  'model/kafka/controller/alter-configs.ts NOT_CONTROLLER': 'the same for configurations',
  'model/kafka/controller/create-partitions.ts NOT_CONTROLLER': 'the same for added partitions',
  'model/kafka/controller/create-topics.ts NOT_CONTROLLER': 'the same for topics',
  'model/kafka/controller/controlled-shutdown.ts NOT_CONTROLLER': 'the same for a broker that ends',
  'model/kafka/controller/delete-topics.ts NOT_CONTROLLER': 'the same for topics that go',
  'model/kafka/controller/elect-leaders.ts NOT_CONTROLLER': 'the same for elections',
  'model/kafka/controller/reassign.ts NOT_CONTROLLER': 'the same for moves',
  'model/kafka/controller/producer-id-blocks.ts NOT_CONTROLLER': 'the same for blocks of ids',
  'model/kafka/controller/producer-ids.ts NOT_COORDINATOR':
    'transactions are not modelled: there is no transaction coordinator to ask',
  'model/kafka/group/commit.ts UNKNOWN_TOPIC_OR_PARTITION':
    'the guard is in the list of unknown partitions that this answers',
  'model/kafka/group/join.ts GROUP_MAX_SIZE_REACHED':
    'called only where the guard on the size of the group has struck',
  'model/kafka/group/loading.ts NOT_COORDINATOR':
    'the group was unloaded: nothing here could answer those who wait',
  'model/kafka/group/rebalance.ts REBALANCE_IN_PROGRESS':
    'an assignment is dropped because a new rebalance began, which is no refusal',
  'model/kafka/group/rebalance.ts UNKNOWN_MEMBER_ID':
    'the member was removed: there is nobody whose join could be completed',
  'model/kafka/group/stored.ts NOT_COORDINATOR':
    'translates what the replicas answered to the coordinator’s own append',
  'model/kafka/group/stored.ts REBALANCE_IN_PROGRESS':
    'translates what the replicas answered to the coordinator’s own append',
  'model/kafka/group/stored.ts UNKNOWN_TOPIC_OR_PARTITION':
    'the rows of partitions that the guard of the commit has left out',
}

const names = guardEntries().map(({ name }) => name)

/** Without it brokers race for `/controller` for ever, 30,000 events a second: too dear to run. */
const SPINS = 'zk.sessionOrder'

describe('a run of ten seconds', () => {
  let base: Case
  beforeAll(async () => {
    base = plainCase(await tenSeconds(), 1)
  })

  test('reaches a good part of the guards', () => {
    const decisive = Object.keys(run(base).guards)

    expect(decisive.length).toBeGreaterThan(15)
  })

  test.each(names.filter((name) => name !== SPINS))('ends without %s', (name) => {
    const result = run({ ...base, guardsOff: [name] })

    expect(result.ended).not.toBe('internal-error')
    expect(result.phases.endUs).toBeGreaterThan(10_000_000)
  })

  test('never begins without any guard at all, which is no internal error either', () => {
    const guardsOff = names.filter((name) => name !== SPINS)

    expect(() => run({ ...base, guardsOff })).toThrow(BootError)
  })
})
