import { expect, test } from 'vitest'
import {
  createUsers,
  nextUserUs,
  startThinking,
  takeUser,
  type Users,
} from '../../../../../model/kafka/clients/producer/users.ts'
import { stream } from '../../../../../sim/random.ts'

const think = { p50Us: 100_000, p99Us: 100_000 }
const time = { fromUs: 0, endUs: 1_000_000 }

function users(count: number): Users {
  return createUsers({ users: count, think }, time, stream(1, 'load'))
}

test('all users come within their first time of thinking, in turn', () => {
  const crowd = users(50)
  const times: number[] = []
  while (nextUserUs(crowd) < Infinity) times.push(takeUser(crowd))

  expect(times.length).toBe(50)
  expect(times).toEqual(times.toSorted((left, right) => left - right))
  expect(times.at(-1)).toBeLessThan(100_000)
})

test('a user comes again when it has thought, and never after the end', () => {
  const crowd = users(1)
  takeUser(crowd)

  expect(nextUserUs(crowd)).toBe(Infinity)
  startThinking(crowd, 500_000, false)
  expect(takeUser(crowd)).toBe(600_000)
  startThinking(crowd, 950_000, false)
  expect(nextUserUs(crowd)).toBe(Infinity)
})

test('a user who does not think waits after a failure, so that refusals end', () => {
  const eager = createUsers({ users: 1, think: { p50Us: 0, p99Us: 0 } }, time, stream(1, 'load'))
  takeUser(eager)

  startThinking(eager, 5_000, true)
  expect(takeUser(eager)).toBe(6_000)
  startThinking(eager, 7_000, false)
  expect(takeUser(eager)).toBe(7_000)
})
