import { beforeAll, describe, expect, test } from 'vitest'
import { explore, type Progress } from '../../../scenarios/explore/explore.ts'
import { loadScenario } from '../../../scenarios/schema/load.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import { tenSeconds } from '../../ten-seconds.ts'

let scenario: Scenario

beforeAll(async () => {
  scenario = await tenSeconds()
})

describe('an exploration', () => {
  test('runs on one thread where so few runs would not repay the others', async () => {
    const { jobs, runs } = await explore({ scenario, seed: 1, runs: 3, jobs: 8 })

    expect(jobs).toBe(1)
    expect(runs.map(({ index }) => index)).toEqual([0, 1, 2])
  })

  test('tells of its progress up to the last run', async () => {
    const told: Progress[] = []

    await explore({ scenario, seed: 1, runs: 12, jobs: 1, progress: (soFar) => told.push(soFar) })

    expect(told.map(({ done }) => done)).toEqual([5, 10, 12])
    expect(told.every(({ of }) => of === 12)).toBe(true)
  })

  test('stops early when that is enough', async () => {
    const { runs } = await explore({
      scenario,
      seed: 1,
      runs: 50,
      jobs: 1,
      enough: ({ done }) => done >= 5,
    })

    expect(runs).toHaveLength(5)
  })

  test('of no runs is empty', async () => {
    const { runs, determinism } = await explore({ scenario, seed: 1, runs: 0, recheckEvery: 1 })

    expect(runs).toEqual([])
    expect(determinism).toEqual({ checked: 0, different: [] })
  })

  test('keeps of each run what counts, groups and finds it again', async () => {
    const loses = (await loadScenario('leader-crash-acks-one')).scenario

    const { runs } = await explore({ scenario: loses, seed: 1, runs: 8, jobs: 1 })

    const lossy = runs.filter(({ lost }) => lost > 0)
    expect(lossy.length).toBeGreaterThan(0)
    for (const { verdicts, lost, faults, probes, electionUnderLoad } of lossy) {
      const loss = verdicts.find(({ verdict }) => verdict === 'broken')
      expect(loss).toMatchObject({ check: 'no-loss', expected: 'breaks', asExpected: true })
      expect(loss?.count).toBe(lost)
      expect(loss?.signature).toMatch(/^no-loss/)
      expect(faults).toBeGreaterThan(0)
      expect(probes).toContain('leader.elected')
      expect(electionUnderLoad).toBe(true)
    }
  })

  test('says of a calm run that no leader changed under load', async () => {
    const { swarm: _swarm, ...rest } = scenario

    const { runs } = await explore({
      scenario: { ...rest, timeline: [] },
      seed: 1,
      runs: 2,
      jobs: 1,
    })

    expect(runs.map(({ electionUnderLoad }) => electionUnderLoad)).toEqual([false, false])
    expect(runs.map(({ faults, refused }) => [faults, refused])).toEqual([
      [0, 0],
      [0, 0],
    ])
  })
})
