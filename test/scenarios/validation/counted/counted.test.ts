import { expect, test } from 'vitest'
import { plainCase } from '../../../../scenarios/explore/cases.ts'
import { judge } from '../../../../scenarios/judge.ts'
import { run } from '../../../../scenarios/run.ts'
import { checkNames } from '../../../../scenarios/schema/check-names.ts'
import { counted, rowsOf } from '../../../../scenarios/validation/counted/counted.ts'
import {
  fleetScenario,
  happenings,
} from '../../../../scenarios/validation/counted/fleet-scenarios.ts'
import {
  type PairFigures,
  pairFigures,
  withRecords,
} from '../../../../scenarios/validation/counted/pair.ts'
import { differences, rangeSetsOf } from '../../../../scenarios/validation/counted/range-sets.ts'
import { figuresOf } from '../../../../scenarios/validation/errand.ts'
import type { ValidationRow } from '../../../../scenarios/validation/row.ts'

const SEEDS = 30
const FEW = 4

async function pairsOf(happening: string, seeds: number): Promise<readonly PairFigures[]> {
  const scenario = await fleetScenario(happening)
  return Array.from({ length: seeds }, (_, seed) => pairFigures(scenario, seed + 1))
}

test('without faults a fleet is the same counted, and as quick over 30 seeds', async () => {
  const rows = rowsOf({ title: 'no fault', id: 'C1' }, await pairsOf('no fault', SEEDS))

  expect(rows.filter(({ inside }) => !inside)).toEqual([])
})

test.each(Object.keys(happenings).slice(1))(
  'verdicts and range sets are the same counted: %s',
  async (happening) => {
    const pairs = await pairsOf(happening, FEW)

    for (const { verdicts, sets } of pairs) {
      expect(verdicts).toEqual([])
      expect(sets).toEqual({ sent: 0, acknowledged: 0, stored: 0, processed: 0 })
    }
  },
)

test('every check says the same of counted records when a leader crashes', async () => {
  const scenario = await fleetScenario('leader crash', {
    checks: checkNames.filter((name) => name !== 'refusals'),
  })

  const { verdicts } = pairFigures(scenario, 7)

  expect(verdicts).toEqual([])
})

test('the faults are felt', async () => {
  const [quiet] = await pairsOf('no fault', 1)
  const [crash] = await pairsOf('leader crash', 1)

  expect(crash?.counted.produceP99Us).toBeGreaterThan(5 * (quiet?.counted.produceP99Us ?? 0))
})

test('counting saves events', async () => {
  const [pair] = await pairsOf('no fault', 1)

  expect(pair?.events[1]).toBeLessThan(0.7 * (pair?.events[0] ?? 0))
})

test('sets of another seed are other sets', async () => {
  const scenario = withRecords(await fleetScenario('no fault'), 'counted')
  const [one, other] = [1, 2].map((seed) => rangeSetsOf(run(plainCase(scenario, seed))))

  expect(differences(one as never, other as never).sent).toBeGreaterThan(0)
})

test('an idempotent group keeps its effects once on ranges, although a member dies', async () => {
  const scenario = await fleetScenario('no fault', {
    consumers: [
      {
        group: 'payment',
        members: 2,
        topics: ['orders'],
        work: '4ms',
        pattern: 'idempotent',
        config: { 'auto.offset.reset': 'earliest' },
      },
    ],
    timeline: [{ at: '1s', crash: 'payment-1', for: '500ms' }],
  })

  const { result, verdicts, measures } = judge(run(plainCase(withRecords(scenario, 'counted'), 5)))

  expect(result.struck.map(({ refused }) => refused)).toEqual([null])
  expect(measures.magnitudes.redelivered).toBeGreaterThan(0)
  const effects = verdicts.find(({ check }) => check === 'effects-once')
  expect(effects?.verdict).toBe('kept')
})

test('a row that differs says in what', () => {
  const pair: PairFigures = {
    verdicts: ['no-loss:stored'],
    sets: { sent: 0, acknowledged: 2, stored: 0, processed: 0 },
    unknown: [0, 3],
    explicit: { produceP50Us: 1, produceP99Us: 2, endToEndP50Us: 3, endToEndP99Us: 4 },
    counted: { produceP50Us: 9, produceP99Us: 2, endToEndP50Us: 3, endToEndP99Us: 4 },
    events: [10, 5],
  }

  const [same, p50] = rowsOf({ title: 'no fault', id: 'C1' }, [pair, pair, pair])

  expect(same?.inside).toBe(false)
  expect(same?.note).toBe('verdicts: no-loss:stored; sets: acknowledged; 9 sends unknown')
  expect(p50?.inside).toBe(false)
})

test('the chapter tells the rows that were asked for', async () => {
  const told: ValidationRow[] = []

  await counted.run({
    seed: 1,
    runs: 3,
    simulate: (errand) => Promise.resolve(figuresOf(errand)),
    wants: (id) => id === 'C3.1',
    told: (row) => void told.push(row),
    fitted: () => {},
    stopped: () => false,
  })

  expect(told.map(({ id, inside }) => [id, inside])).toEqual([['C3.1', true]])
})
