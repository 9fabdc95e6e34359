import { expect, test } from 'vitest'
import { laneCount, laneOf } from '../../../../../model/kafka/clients/producer/fleet-lanes.ts'

const options = {
  clients: 20_000,
  partitions: 60,
  brokers: [1, 2, 3, 4, 5, 6],
  long: false,
}

test.each([
  { what: 'a leader has partitions', more: {}, lanes: 10 },
  { what: 'clients, if they are fewer', more: { clients: 3 }, lanes: 3 },
  { what: 'handshakes are worth it', more: { partitions: 600 }, lanes: 24 },
  { what: 'one, if the load is long', more: { long: true }, lanes: 1 },
])('there are as many lanes as $what', ({ more, lanes }) => {
  expect(laneCount({ ...options, ...more })).toBe(lanes)
})

test('the partitions of one leader take all lanes, each as many as the others', () => {
  const taken = [0, 0, 0, 0, 0]
  for (let partition = 2; partition < 60; partition += 6) {
    taken[laneOf(partition, 6, 5)]! += 1
  }

  expect(taken).toEqual([2, 2, 2, 2, 2])
})
