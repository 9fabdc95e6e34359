import { describe, expect, test } from 'vitest'
import { checkNamed, checks } from '../../../scenarios/checks/checks.ts'
import { checkNames } from '../../../scenarios/schema/check-names.ts'

describe('the registry of checks', () => {
  test('has the checks that a scenario can name, in the order of answers', () => {
    expect(checks.map(({ name }) => name)).toEqual(checkNames)
  })

  test('says of each check what holds and when it is promised, in sentences', () => {
    for (const { statement, promise } of checks) {
      expect(statement).toMatch(/^[A-Z].*\.$/)
      expect(promise).toMatch(/\.$/)
    }
  })

  test('finds a check by its name', () => {
    expect(checkNamed('no-loss').name).toBe('no-loss')
  })
})
