import { describe, expect, test } from 'vitest'
import {
  firstState,
  offlineElection,
  preferredElection,
  sameMembers,
  uncleanElection,
  withoutReplica,
} from '../../../../model/kafka/controller/election.ts'

function alive(...brokers: readonly number[]) {
  return (broker: number): boolean => brokers.includes(broker)
}

describe('the first state of a partition', () => {
  test.each([
    { live: [1, 2, 3], expected: { leader: 2, isr: [2, 3, 1] } },
    { live: [1, 3], expected: { leader: 3, isr: [3, 1] } },
    { live: [4], expected: null },
  ])('with $live alive is $expected', ({ live, expected }) => {
    expect(firstState([2, 3, 1], alive(...live))).toEqual(expected)
  })
})

describe('an election after a leader went offline', () => {
  test.each([
    { isr: [1, 2, 3], live: [2, 3], expected: { leader: 2, isr: [2, 3] } },
    { isr: [3, 1], live: [2, 3], expected: { leader: 3, isr: [3] } },
    { isr: [3, 2, 1], live: [3, 2], expected: { leader: 2, isr: [3, 2] } },
    { isr: [1], live: [2, 3], expected: null },
    { isr: [1, 2], live: [], expected: null },
  ])('takes from ISR $isr with $live alive $expected', ({ isr, live, expected }) => {
    expect(offlineElection([1, 2, 3], isr, alive(...live))).toEqual(expected)
  })

  test('may take, if unclean, the first that lives, alone in the ISR', () => {
    expect(uncleanElection([1, 2, 3], alive(2, 3))).toEqual({ leader: 2, isr: [2] })
    expect(uncleanElection([1, 2, 3], alive())).toBeNull()
  })
})

describe('a preferred election', () => {
  test.each([
    { isr: [2, 1], live: [1, 2], expected: { leader: 1, isr: [2, 1] } },
    { isr: [2], live: [1, 2], expected: null },
    { isr: [1, 2], live: [2], expected: null },
  ])('with ISR $isr and $live alive gives $expected', ({ isr, live, expected }) => {
    expect(preferredElection([1, 2], isr, alive(...live))).toEqual(expected)
  })
})

describe('a dead replica', () => {
  test('leaves the ISR and the leader as it is, if another one leads', () => {
    expect(withoutReplica({ leader: 1, isr: [1, 2, 3] }, 2)).toEqual({ leader: 1, isr: [1, 3] })
  })

  test('that led leaves no leader behind', () => {
    expect(withoutReplica({ leader: 1, isr: [1, 2] }, 1)).toEqual({ leader: -1, isr: [2] })
  })

  test('that is the last of its ISR stays in it', () => {
    expect(withoutReplica({ leader: 1, isr: [1] }, 1)).toEqual({ leader: -1, isr: [1] })
  })

  test('outside the ISR changes nothing', () => {
    expect(withoutReplica({ leader: 1, isr: [1] }, 2)).toBeNull()
  })
})

test('an ISR is the same in whatever order', () => {
  expect(sameMembers([1, 2, 3], [3, 1, 2])).toBe(true)
  expect(sameMembers([1, 2], [1, 3])).toBe(false)
  expect(sameMembers([1], [1, 2])).toBe(false)
})
