/**
 * An exploration made by hand: four runs, one of which loses records and one of which gets stuck.
 */

import type { ExploreAnswer, ScoreAnswer } from '../../reports/answer.ts'
import type { Exploration } from '../../scenarios/explore/explore.ts'
import { failureFrom, tokenOf } from '../../scenarios/explore/failure.ts'
import type { RunSummary, VerdictSummary } from '../../scenarios/explore/summary.ts'
import {
  plantedConfiguration,
  plantedHead,
  plantedJudged,
  plantedScenario,
  plantedVerdicts,
} from './planted.ts'

export function plantedVerdictSummary(changes: Partial<VerdictSummary> = {}): VerdictSummary {
  return {
    check: 'no-loss',
    scope: 'stored',
    verdict: 'kept',
    signature: 'kept',
    key: 'kept',
    asExpected: true,
    expected: 'kept',
    count: 0,
    ...changes,
  }
}

export function plantedRun(index: number, changes: Partial<RunSummary> = {}): RunSummary {
  return {
    index,
    bias: ['uniform', 'bursts'][index % 2] ?? null,
    given: null,
    parent: null,
    seed: 1_000 + index,
    traceHash: `00000000000000${10 + index}`,
    ended: 'drained',
    reason: null,
    virtualUs: 60_000_000,
    events: 20_000,
    drainEvents: 4_000,
    vacuous: null,
    reached: { crash: ['isr.shrunk', 'leader.elected'] },
    missed: [],
    verdicts: [plantedVerdictSummary()],
    probes: ['leader.elected'],
    guards: { 'fetch.leaderEpoch': 2 },
    faults: 3,
    refused: 0,
    unknown: 0,
    lost: 0,
    duplicated: 0,
    redelivered: 0,
    reordered: 0,
    electionUnderLoad: true,
    ...changes,
  }
}

export function plantedExploration(changes: Partial<Exploration> = {}): Exploration {
  const lost = plantedVerdictSummary({
    verdict: 'broken',
    asExpected: false,
    signature: 'no-loss stored: leader elected without the record',
    key: 'no-loss stored: leader elected without the record',
    count: 37,
  })
  return {
    scenario: plantedScenario(),
    seed: 7,
    jobs: 2,
    runs: [
      plantedRun(0),
      plantedRun(1, { verdicts: [lost], lost: 37, refused: 2 }),
      plantedRun(2, {
        ended: 'stuck',
        reason: 'the ensemble has no quorum: 2 of 3 down',
        verdicts: [plantedVerdictSummary({ verdict: 'unknown' })],
      }),
      plantedRun(3, { verdicts: [plantedVerdictSummary({ verdict: 'vacuous' })], probes: [] }),
    ],
    determinism: { checked: 1, different: [] },
    spent: { runMs: 900, checkMs: 100 },
    ...changes,
  }
}

export function plantedExploreAnswer(changes: Partial<ExploreAnswer> = {}): ExploreAnswer {
  const judged = plantedJudged()
  const [verdict] = plantedVerdicts()
  if (verdict === undefined) throw new Error('nothing is planted')
  const failure = failureFrom(judged, verdict, {
    index: 1,
    shrunkFrom: { faults: 9, records: 2_000, brokers: 5 },
    shrinkRuns: 181,
  })
  return {
    head: { ...plantedHead, command: 'explore' },
    exploration: plantedExploration(),
    failures: [
      {
        failure,
        runs: 1,
        most: 37,
        elements: 12,
        bias: 'bursts',
        token: tokenOf(failure.case),
        file: '.dmqsim/planted-7/failures/no-loss-1.json',
      },
    ],
    configuration: plantedConfiguration,
    again: 'npx dmqsim explore planted 7 --runs 4',
    folder: '.dmqsim/planted-7',
    hashes: true,
    exploredMs: 1_000,
    stopped: null,
    runsAsked: 4,
    probesKnown: ['leader.elected', 'leader.truncated', 'zk.watchFired'],
    shards: null,
    baseline: null,
    ...changes,
  }
}

export function plantedScore(): ScoreAnswer {
  const guard = {
    name: 'fetch.leaderEpoch',
    exercise: 'isr-churn',
    decisive: 900,
    pairs: 3,
    noticed: true,
    by: 'StrongIsr',
    oracle: 'truth',
    firstPair: 2,
    internalErrors: 0,
    reason: null,
  } as const
  const silent = { noticed: false, by: null, oracle: null, firstPair: null }
  return {
    head: { ...plantedHead, command: 'score' },
    guards: [
      guard,
      {
        ...guard,
        ...silent,
        name: 'zk.sessionPassword',
        decisive: 0,
        pairs: 8,
        reason: 'never decisive',
      },
      {
        ...guard,
        ...silent,
        name: 'group.generation',
        decisive: 12,
        pairs: 8,
        internalErrors: 1,
        reason: 'decisive but not noticed',
      },
    ],
    levels: [
      {
        feature: 'truncation',
        level: 'hw',
        exercise: 'r01-high-watermark-truncation with truncation of today',
        noticed: true,
        by: 'no-loss stored',
        oracle: 'history',
        runs: 37,
        internalErrors: 0,
        reason: null,
      },
      {
        feature: 'brokerEpoch',
        level: 'off',
        exercise: 'leader-crash-acks-all',
        noticed: false,
        by: null,
        oracle: null,
        runs: 200,
        internalErrors: 2,
        reason: 'not noticed',
      },
    ],
    runs: 30,
    errors: 0,
    stopped: null,
    partial: false,
  }
}
