import { expect, test } from 'vitest'
import { InputError } from '../../../scenarios/schema/input-error.ts'
import { applySet, resolveSet } from '../../../scenarios/schema/set.ts'
import { readSource } from '../../../scenarios/schema/source.ts'
import type { ScenarioFile } from '../../../scenarios/schema/surface.ts'
import { leaderCrash } from './examples.ts'

function file(): ScenarioFile {
  return readSource(leaderCrash, 'x.yaml').value as ScenarioFile
}

test('members of a list are found by name, by group and by index', () => {
  expect(applySet(file(), 'topics.orders.partitions=12').topics[0]?.partitions).toBe(12)
  expect(applySet(file(), 'consumers.payment.members=5').consumers?.[0]?.members).toBe(5)
  expect(applySet(file(), 'timeline.0.for=20s').timeline?.[0]?.['for']).toBe('20s')
  expect(applySet(file(), 'topics.0.partitions=7').topics[0]?.partitions).toBe(7)
})

test('a name with dots is found whole', () => {
  const dotted = { ...file(), topics: [{ name: 'orders' }, { name: 'orders.v2' }] }

  expect(applySet(dotted, 'topics.orders.v2.partitions=3').topics[1]?.partitions).toBe(3)
})

test('brokers are found by id', () => {
  const ids = { ...file(), cluster: { brokers: [{ id: 7 }, { id: 1 }] } }

  expect(applySet(ids, 'cluster.brokers.1.rack=b').cluster?.brokers).toEqual([
    { id: 7 },
    { id: 1, rack: 'b' },
  ])
  expect(() => applySet(ids, 'cluster.brokers.0.rack=b')).toThrow('has no "0": there are 7, 1')
})

test('after config the rest is one key', () => {
  const changed = applySet(file(), 'cluster.config.min.insync.replicas=1')

  expect(changed.cluster?.config).toEqual({
    'min.insync.replicas': 1,
    'unclean.leader.election.enable': false,
  })
})

test('what is not there yet is made', () => {
  const changed = applySet(file(), 'topics.orders.config.segment.bytes=4096')

  expect(changed.topics[0]?.config).toEqual({ 'segment.bytes': 4096 })
  expect(applySet(file(), 'protocols.txn.version=2').protocols).toEqual({ 'txn.version': 2 })
})

test('a value is a YAML scalar', () => {
  const values = ['12', '1.5', 'true', '200/s', '"12"', ''].map(
    (value) => resolveSet(file(), `topics.orders.x=${value}`).value,
  )

  expect(values).toEqual([12, 1.5, true, '200/s', '12', ''])
})

test('the file itself does not change', () => {
  const before = file()
  applySet(before, 'topics.orders.partitions=12')

  expect(before).toEqual(file())
})

test.each([
  ['topics', '--set topics: write a path and a value: topics.orders.partitions=12'],
  ['topics..x=1', '--set topics..x=1: a part of the path is empty'],
  ['topics.order.x=1', '--set topics.order.x=1: topics has no "order", did you mean "orders"?'],
  ['timeline.3.for=1s', '--set timeline.3.for=1s: timeline has no "3": there are 0 to 0'],
  [
    'cluster.brokers.1.rack=b',
    '--set cluster.brokers.1.rack=b: cluster.brokers is 3 here and has no parts; write it out in the file',
  ],
  ['checks=[no-loss]', '--set checks=[no-loss]: the value has to be a number, a word or a text'],
])('%s is refused in one line', (text, line) => {
  expect(() => applySet(file(), text)).toThrow(new InputError([line]))
})
