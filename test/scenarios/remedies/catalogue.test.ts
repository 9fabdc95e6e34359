import { describe, expect, test } from 'vitest'
import { exploredCase } from '../../../scenarios/explore/cases.ts'
import { summaryOf } from '../../../scenarios/explore/chunk.ts'
import type { RunSummary, VerdictSummary } from '../../../scenarios/explore/summary.ts'
import {
  problems,
  type QueueProblem,
  remedied,
  remedies,
  type Remedy,
  wordOf,
} from '../../../scenarios/remedies/catalogue.ts'
import { plantedRun } from '../../reports/planted-exploration.ts'

/** Runs of which one shows what a remedy does not prevent. */
const RUNS_MAX = 20

function remedy(name: string, variant: string | null = null): Remedy {
  const found = remedies.find((one) => one.name === name && one.variant === variant)
  if (found === undefined) throw new Error(`there is no remedy ${name}`)
  return found
}

async function words(
  problem: QueueProblem,
  one: Remedy,
  of = problem,
): Promise<Set<string | null>> {
  const scenario = await remedied(problem, one)
  const found = new Set<string | null>()
  for (let index = 0; index < RUNS_MAX; index += 1) {
    found.add(wordOf(summaryOf(index, exploredCase(scenario, 1, index)), of))
  }
  return found
}

describe('remedies', () => {
  test.each(problems)('every remedy of this version can be set on %s', async (problem) => {
    const scenarios = await Promise.all(
      remedies.filter(({ sets }) => sets !== null).map((one) => remedied(problem, one)),
    )

    expect(new Set(scenarios.map((one) => JSON.stringify(one))).size).toBe(scenarios.length)
    expect(scenarios.every(({ swarm }) => swarm !== undefined)).toBe(true)
  })

  test.each(problems)('%s shows where nothing is done about it', async (problem) => {
    expect(await words(problem, remedy('none'))).toContain('broken')
  })

  test('a mark before the effect loses it in a crash, and applies none twice', async () => {
    const before = remedy('idempotent-consumer', 'mark-before')

    expect(await words('duplicates', before)).not.toContain('broken')
    expect(await words('duplicates', before, 'loss')).toContain('broken')
  })

  test('a mark after the effect applies it twice after a crash', async () => {
    const after = remedy('idempotent-consumer', 'mark-after')

    expect(await words('duplicates', after)).toContain('broken')
  })

  test('a mark in one transaction with the effect applies each once', async () => {
    const atomic = remedy('idempotent-consumer', 'atomic')

    expect(await words('duplicates', atomic)).toEqual(new Set(['kept']))
  })
})

describe('what a run says of a problem', () => {
  const verdict = (check: string, said: VerdictSummary['verdict'], signature: string) => ({
    ...(plantedRun(0).verdicts[0] as VerdictSummary),
    check,
    verdict: said,
    signature,
  })
  const run = (...verdicts: VerdictSummary[]): RunSummary => plantedRun(0, { verdicts })

  test('an effect that came twice is a duplicate, and one that is missing a loss', () => {
    const twice = run(verdict('effects-once', 'broken', 'effects-once payment: applied twice'))
    const never = run(verdict('effects-once', 'broken', 'effects-once payment: no effect'))

    expect([wordOf(twice, 'duplicates'), wordOf(twice, 'loss')]).toEqual(['broken', 'kept'])
    expect([wordOf(never, 'duplicates'), wordOf(never, 'loss')]).toEqual(['kept', 'broken'])
  })

  test('a threshold that was missed is a backlog', () => {
    const late = plantedRun(0, { missed: ['backlog{group:payment} max<300'] })

    expect(wordOf(late, 'backlog')).toBe('broken')
  })

  test('a run without a verdict cannot tell', () => {
    expect(wordOf(run(verdict('order-by-key', 'vacuous', '')), 'disorder')).toBeNull()
    expect(wordOf(run(), 'duplicates')).toBeNull()
  })
})
