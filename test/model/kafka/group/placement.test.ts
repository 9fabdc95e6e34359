import { describe, expect, test } from 'vitest'
import { groupPartition, javaHash } from '../../../../model/kafka/group/placement.ts'

describe('the hash of a group id', () => {
  test.each([
    ['', 0],
    ['a', 97],
    ['hello', 99162322],
    ['polygenelubricants', -2147483648],
    ['consumer-group', -1738392088],
  ])('of %j is what String.hashCode gives', (text, hash) => {
    expect(javaHash(text)).toBe(hash)
  })

  test('of the least integer places the group in partition 0', () => {
    expect(groupPartition('polygenelubricants', 50)).toBe(0)
  })

  test('is taken without its sign', () => {
    const hash = javaHash('payment')

    expect(groupPartition('payment', 50)).toBe(Math.abs(hash) % 50)
    expect(groupPartition('payment', 50)).toBeLessThan(50)
  })
})
