import { describe, expect, test } from 'vitest'
import {
  createPosition,
  follows,
  needsValidation,
  resetPosition,
  standAt,
  validationOf,
} from '../../../../../model/kafka/clients/consumer/position.ts'

describe('a position', () => {
  test.each([
    [10, 0, 12, 'valid'],
    [10, 0, 10, 'valid'],
    [10, 0, 9, 'diverged'],
    [10, 0, -1, 'unknown'],
    [10, -1, 12, 'unknown'],
  ] as const)('at %d is, by epoch %d ending at %d, %s', (offset, epoch, end, verdict) => {
    expect(validationOf(offset, epoch, end)).toBe(verdict)
  })

  test('is in doubt when a leader or leader epoch is new, and only where it exists', () => {
    const position = createPosition(1)
    expect(follows(position, 1, 0)).toBe(false)
    standAt(position, 5, 0)

    expect(follows(position, 1, 0)).toBe(false)
    expect(follows(position, 2, 1)).toBe(true)
    expect(follows(position, 2, 2)).toBe(true)
    expect(follows(position, -1, 3)).toBe(false)
    expect(position).toMatchObject({ leader: 2, leaderEpoch: 2 })
  })

  test('that is being reset is not in doubt, but asks the new leader', () => {
    const position = createPosition(1)
    standAt(position, 5, 0)
    resetPosition(position, 'latest')
    position.asked = true

    expect(follows(position, 2, 1)).toBe(false)
    expect(position.asked).toBe(false)
  })

  test('cannot be validated without a leader epoch on both sides', () => {
    const position = createPosition(1)
    standAt(position, 5, -1)
    follows(position, 1, 3)
    expect(needsValidation(position)).toBe(false)

    standAt(position, 5, 2)

    expect(needsValidation(position)).toBe(true)
  })
})
