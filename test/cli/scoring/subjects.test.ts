import { expect, test } from 'vitest'
import { brokenLevels, levelSubject, mendedScenarios } from '../../../cli/scoring/subjects.ts'
import type { Case } from '../../../scenarios/case.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import { plantedScenario } from '../../reports/planted.ts'
import { surveyed } from './planted.ts'

const level = { feature: 'truncation', level: 'hw', today: 'fetch', hazards: ['R01'] } as const

function scenario(name: string, changes: Partial<Scenario> = {}): Scenario {
  return { ...plantedScenario(), name, ...changes }
}

function withProtocols(protocols: Record<string, string>) {
  const one = surveyed('first', 1)
  return { ...one, one: { ...one.one, protocols } as Case }
}

test('a level is scored if it has a published defect, is modelled and not that of today', () => {
  const names = brokenLevels().map((one) => `${one.feature}=${one.level}`)

  expect(names).toContain('truncation=hw')
  expect(names).toContain('group.rebalanceTimeout=none')
  // Without a defect, not modelled, and today's.
  for (const name of ['truncation=kip320', 'isrUpdate=zk', 'elr=off'])
    expect(names).not.toContain(name)
})

test('a level is laid over cases that stand at the level of today', () => {
  const subject = levelSubject(level, [])
  const one = withProtocols({ hwQuorum: 'committed' })

  expect(subject.without(one.one).protocols).toEqual({ hwQuorum: 'committed', truncation: 'hw' })
  expect(subject.weight(one)).toBe(1)
  expect(subject.weight(withProtocols({ truncation: 'fetch' }))).toBe(1)
  expect(subject.weight(withProtocols({ truncation: 'kip101' }))).toBe(0)
  expect(subject.weight(withProtocols({ release: '2.0' }))).toBe(0)
})

test('a level is shown by the scenario of its defect, mended', () => {
  const hazard = { id: 'R01' } as NonNullable<Scenario['hazard']>
  const own = scenario('own', { hazard, protocols: { truncation: 'hw' } })
  const plain = scenario('plain', { hazard, protocols: {} })
  const near = scenario('near', { protocols: { truncation: 'kip101' } })
  const far = scenario('far', { protocols: {} })

  expect(levelSubject(level, [far, own]).exercise).toBe('own with truncation of today')
  expect(levelSubject(level, [far, plain]).exercise).toBe('plain')
  expect(levelSubject(level, [far, near]).exercise).toBe('near with truncation of today')
})

test('a scenario at old levels is mended one feature at a time, and in all', () => {
  const protocols = { truncation: 'hw', hwQuorum: 'committed' }

  const named = mendedScenarios([scenario('old', { protocols }), scenario('new')])

  expect(named.map(({ name, scenario: one }) => [name, one.protocols])).toEqual([
    ['old with truncation of today', { hwQuorum: 'committed' }],
    ['old with hwQuorum of today', { truncation: 'hw' }],
    ['old with truncation and hwQuorum of today', {}],
  ])
})
