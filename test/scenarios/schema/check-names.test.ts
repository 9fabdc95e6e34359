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

  test('may name the levels of duplication as one check', async () => {
    const { scenario } = await parseScenario({
      ...file,
      checks: ['no-duplicates', 'no-log-duplicates', 'effects-once'],
      expect: {
        'no-duplicates:stored-once': 'kept',
        'no-duplicates:delivered-once:payment': 'may-break',
        'no-duplicates:effect-once:bank': 'breaks',
        'effects-once:effect-once': 'kept',
      },
    })

    expect(scenario.expect).toEqual({
      'no-log-duplicates:stored-once': 'kept',
      'no-duplicates:delivered-once:payment': 'may-break',
      'effects-once:bank': 'breaks',
      'effects-once': 'kept',
    })
  })

  test.each([
    ['no-loss:payment', 'processed:payment'],
    ['no-loss:stored:payment', 'stored'],
    ['no-duplicates:payment', 'delivered-once:payment'],
    ['order-by-key:payment:stored', 'payment'],
  ])('refuse %s, which no verdict bears, and tell that %s is meant', async (key, meant) => {
    const parsed = parseScenario({ ...file, expect: { [key]: 'kept' } })

    await expect(parsed).rejects.toThrow(`did you mean "${meant}"?`)
  })

  test.each(['no-loss:processed:payment', 'no-loss:processed', 'availability:whole'])(
    'take %s',
    async (key) => {
      const checks = ['no-loss', 'availability'] as const
      const { scenario } = await parseScenario({ ...file, checks, expect: { [key]: 'kept' } })

      expect(scenario.expect).toEqual({ [key]: 'kept' })
    },
  )

  test('take the scopes of their own check and no others', () => {
    const names = { groups: ['payment'], services: ['bank'] }

    expect(scopeWords('effects-once', names)).toContain('bank')
    expect(scopeWords('no-loss', names)).not.toContain('bank')
    expect(scopeWords('no-oversell', names)).toBeNull()
  })
})
