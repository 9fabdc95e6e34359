import { describe, expect, test } from 'vitest'
import { scopeWords } from '../../../scenarios/schema/check-names.ts'
import { parseScenario } from '../../../scenarios/schema/load.ts'

const file = {
  system: 'kafka',
  duration: '1s',
  topics: [{ name: 'orders' }],
  services: [{ name: 'bank' }],
  consumers: [{ group: 'payment', topics: ['orders'], services: ['bank'] }],
}

describe('names of checks', () => {
  test('may be the other name that a check is known by', async () => {
    const { scenario } = await parseScenario({
      ...file,
      checks: ['exactly-once-effects', 'effects-once'],
      expect: { 'exactly-once-effects:bank': 'kept' },
    })

    expect(scenario.checks).toEqual(['effects-once'])
    expect(scenario.expect).toEqual({ 'effects-once:bank': 'kept' })
  })

  test('take the scopes of their own check and no others', () => {
    const names = { groups: ['payment'], services: ['bank'] }

    expect(scopeWords('effects-once', names)).toContain('bank')
    expect(scopeWords('no-loss', names)).not.toContain('bank')
    expect(scopeWords('no-oversell', names)).toBeNull()
  })
})
