import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareVotes } from '../../../model/zookeeper/election.ts'
import { epochOf, zxidOf } from '../../../model/zookeeper/transaction.ts'

const vote = fc.record({ leader: fc.nat(5), epoch: fc.nat(3), zxid: fc.nat(4) })

describe('the order of votes', () => {
  test.each([
    [
      { leader: 1, epoch: 2, zxid: 1 },
      { leader: 3, epoch: 1, zxid: 9 },
    ],
    [
      { leader: 1, epoch: 2, zxid: 9 },
      { leader: 3, epoch: 2, zxid: 8 },
    ],
    [
      { leader: 3, epoch: 2, zxid: 9 },
      { leader: 1, epoch: 2, zxid: 9 },
    ],
  ])('prefers the newer epoch, then the newer zxid, then the higher id (%#)', (better, worse) => {
    expect(compareVotes(better, worse)).toBeGreaterThan(0)
    expect(compareVotes(worse, better)).toBeLessThan(0)
  })

  test('is total', () => {
    fc.assert(
      fc.property(vote, vote, vote, (a, b, c) => {
        expect(Math.sign(compareVotes(a, b)) + Math.sign(compareVotes(b, a))).toBe(0)
        const chained = compareVotes(a, b) >= 0 && compareVotes(b, c) >= 0
        expect(!chained || compareVotes(a, c) >= 0).toBe(true)
      }),
      { seed: 7 },
    )
  })
})

describe('a zxid', () => {
  test('stays exact and ordered far beyond 32 bits', () => {
    const zxid = zxidOf(100_000, 4_294_967_295)

    expect(Number.isSafeInteger(zxid)).toBe(true)
    expect(epochOf(zxid)).toBe(100_000)
    expect(zxid).toBeLessThan(zxidOf(100_001, 0))
  })
})
