import { beforeAll, describe, expect, test } from 'vitest'
import { Outcome } from '../../../../../model/history.ts'
import { groupPairInspections as pairs } from '../../../../../model/kafka/clients/inspector/group-pair-inspections.ts'
import { endInspections as ends } from '../../../../../model/kafka/clients/inspector/end-inspections.ts'
import { groupLoadInspections as loads } from '../../../../../model/kafka/clients/inspector/group-load-inspections.ts'
import { inspections } from '../../../../../model/kafka/clients/inspector/subjects.ts'
import { plainCase } from '../../../../../scenarios/explore/cases.ts'
import type { Result } from '../../../../../scenarios/result.ts'
import { run } from '../../../../../scenarios/run.ts'
import { loadScenario } from '../../../../../scenarios/schema/load.ts'
import type { Scenario } from '../../../../../scenarios/schema/scenario.ts'

/** Names of the inspections that ended so. */
function ended({ history }: Result, outcome: Outcome): ReadonlySet<string> {
  const { data, length } = history.inspections
  const names = new Set<string>()
  for (let row = 0; row < length; row += 1) {
    if (data.outcome[row] === outcome)
      names.add(history.names[data.inspection[row] as number] ?? '')
  }
  return names
}

let scenario: Scenario
let ofGroups: Scenario
let churn: Scenario
let ofLoads: Scenario

beforeAll(async () => {
  scenario = (await loadScenario('refusals')).scenario
  churn = (await loadScenario('ensemble-churn')).scenario
  ofGroups = (await loadScenario('group-refusals')).scenario
  ofLoads = (await loadScenario('coordinator-loading')).scenario
})

describe('the inspector', () => {
  test('has everything refused, and nearly everything answered', () => {
    const result = run(plainCase(scenario, 1))

    const refused = ended(result, Outcome.failed)
    expect(ended(result, Outcome.ok)).toEqual(new Set())
    // An election out of sync can be asked only while a preferred replica is behind.
    const elsewhere = [...pairs, ...ends, ...loads]
    const asked = inspections.filter((one) => !elsewhere.includes(one))
    expect(asked.filter(({ name }) => !refused.has(name)).length).toBeLessThan(4)
  })

  test.each([
    ['produce.controlBatch', 'a control batch from a client'],
    ['fetch.offsetRange', 'a fetch beyond the end of the log'],
    ['leader.controllerEpoch', 'LeaderAndIsr of an older controller'],
    ['controller.newTopic', 'a topic that is there already'],
    ['commit.generation', 'a commit of an older generation'],
    ['zk.noNode', 'the data of no znode'],
    ['producer.idBlockVersion', 'a block of producer ids that is taken meanwhile'],
    ['zk.sessionExpired', 'a write of a session that has ended'],
    ['zk.sessionMoved', 'a write by a server that its session has left'],
    ['zk.sessionPassword', 'a session under a wrong password'],
    ['produce.requiredAcks', 'a produce with acks=2'],
    ['produce.timestampBounds', 'a record from the future'],
    ['fetch.partition', 'a fetch of an unknown partition'],
    ['fetch.leader', 'a fetch by a replica from a follower'],
    ['leader.topicKnown', 'the description of an unknown topic'],
    ['isr.alterKnownPartition', 'an ISR change of nothing known'],
    ['controller.shutdownBrokerEpoch', 'the shutdown of an earlier incarnation'],
    ['leader.electionNeeded', 'an election that is not needed'],
    ['registration.beforeServing', 'UpdateMetadata for an incarnation of long ago'],
  ])('has something taken without %s', (guard, name) => {
    // What is asked first is drawn, and some of it stands open for a few seconds only.
    const taken = [1, 2, 3].some((seed) => {
      const result = run({ ...plainCase(scenario, seed), guardsOff: [guard] })
      return ended(result, Outcome.ok).has(name)
    })

    expect(taken).toBe(true)
  })

  test('notices that its session ends while it is in touch, without zk.sessionTouched', () => {
    const guardsOff = ['zk.sessionTouched']
    const taken = [1, 2, 3].some((seed) => {
      const result = run({ ...plainCase(churn, seed), guardsOff })
      return ended(result, Outcome.ok).has('the end of a session that is in touch')
    })

    expect(taken).toBe(true)
  })

  test('takes no leader at its word that wakes and tells what it missed as the end of a session', () => {
    // It was paused for longer than a session lasts, and its successor lost power before it woke.
    const timeline = [
      { kind: 'pause', target: { of: 'zookeeper-leader' }, atUs: 17_800_000, forUs: 5_800_000 },
      { kind: 'power-loss', target: { of: 'zookeeper-leader' }, atUs: 21_600_000, forUs: 100_000 },
    ] as const
    const results = Array.from({ length: 16 }, (_, seed) =>
      run({ ...plainCase({ ...churn, durationUs: 30_000_000 }, seed + 1), timeline }),
    )

    for (const result of results) expect(ended(result, Outcome.ok)).toEqual(new Set())
  })

  test('asks of groups alone where it is told to, with two members too', () => {
    const result = run(plainCase(ofGroups, 4))

    const refused = ended(result, Outcome.failed)
    expect(ended(result, Outcome.ok)).toEqual(new Set())
    const unasked = pairs.filter(({ name }) => !refused.has(name)).map(({ name }) => name)
    expect(unasked).toEqual([])
    expect(refused).not.toContain('a topic that is there already')
  })

  test.each([
    ['group.syncPreparing', 'a sync while others join'],
    ['group.unjoined', 'a heartbeat of one that did not rejoin'],
    ['group.assignmentByLeader', 'an assignment by a follower'],
    ['offsetFetch.stable', 'a committed offset while its successor is under way'],
    ['group.joinMember', 'a member id in a group that is not there'],
    ['group.assignmentCurrent', 'an assignment that another member overtook'],
  ])('has a member’s request taken without %s', (guard, name) => {
    const result = run({ ...plainCase(ofGroups, 4), guardsOff: [guard] })

    expect(ended(result, Outcome.ok)).toContain(name)
  })

  test('has what a coordinator that loads must not say yet refused', () => {
    const refused = [1, 2, 3, 4].flatMap((seed) => {
      const result = run(plainCase(ofLoads, seed))
      expect(ended(result, Outcome.ok)).toEqual(new Set())
      return [...ended(result, Outcome.failed)]
    })

    expect(new Set(refused)).toEqual(new Set(loads.map(({ name }) => name)))
  })

  test.each([
    ['offsetFetch.loading', 'a committed offset while its coordinator loads'],
    ['group.heartbeatLoading', 'a member while its coordinator loads'],
    ['commit.loading', 'a member while its coordinator loads'],
  ])('has a coordinator speak before it knows without %s', (guard, name) => {
    const taken = [1, 2, 3, 4, 5, 6].some((seed) => {
      const result = run({ ...plainCase(ofLoads, seed), guardsOff: [guard] })
      return ended(result, Outcome.ok).has(name)
    })

    expect(taken).toBe(true)
  })
})
