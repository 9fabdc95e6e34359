import { beforeAll, expect, test } from 'vitest'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import { vacuousReason, vacuousReasons } from '../../../scenarios/explore/vacuous.ts'
import { judge } from '../../../scenarios/judge.ts'
import { run } from '../../../scenarios/run.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import { tenSeconds } from '../../ten-seconds.ts'

let scenario: Scenario

beforeAll(async () => {
  scenario = await tenSeconds()
})

function reasonOf(changes: Partial<Scenario>): string | null {
  return vacuousReason(judge(run(plainCase({ ...scenario, ...changes }, 1)), { series: false }))
}

test('a run with faults under load is not vacuous', () => {
  expect(reasonOf({})).toBeNull()
})

test('a run without producers proves nothing: no send was acknowledged', () => {
  expect(reasonOf({ producers: [] })).toBe(vacuousReasons[0])
})

test('a calm run proves nothing of faults', () => {
  expect(reasonOf({ timeline: [] })).toBe(vacuousReasons[1])
})
