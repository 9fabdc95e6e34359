import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePartition, parseTarget, targetText } from '../../../scenarios/schema/target.ts'
import type { Target } from '../../../scenarios/schema/timeline.ts'
import { names } from './names.ts'

test.each<[string, Target]>([
  ['broker 2', { of: 'broker', id: 2 }],
  ['rack b', { of: 'rack', rack: 'b' }],
  ['controller', { of: 'controller' }],
  ['zookeeper leader', { of: 'zookeeper-leader' }],
  ['zookeeper 2', { of: 'zookeeper', id: 2 }],
  ['leader of orders-0', { of: 'leader', topic: 'orders', partition: 0 }],
  ['leader of order-events-1', { of: 'leader', topic: 'order-events', partition: 1 }],
  ['follower of orders-0', { of: 'follower', topic: 'orders', partition: 0, nth: 1 }],
  ['follower 2 of orders-0', { of: 'follower', topic: 'orders', partition: 0, nth: 2 }],
  ['coordinator of payment', { of: 'coordinator', group: 'payment' }],
  ['payment-2', { of: 'member', group: 'payment', index: 2 }],
  ['half of payment', { of: 'half', group: 'payment' }],
  ['all of payment', { of: 'group', group: 'payment' }],
  ['payment', { of: 'group', group: 'payment' }],
  ['order-service-1', { of: 'producer', name: 'order-service', index: 1 }],
  ['service bank', { of: 'service', name: 'bank' }],
  ['all brokers', { of: 'all-brokers' }],
  ['all zookeepers', { of: 'all-zookeeper' }],
  ['all clients', { of: 'all-clients' }],
  ['others', { of: 'others' }],
])('"%s" is a target', (text, expected) => {
  expect(parseTarget(text, names)).toEqual(expected)
})

test('a list of phrases, in brackets or with commas, is a target', () => {
  const expected = {
    of: 'list',
    targets: [
      { of: 'broker', id: 1 },
      { of: 'rack', rack: 'b' },
    ],
  }

  expect(parseTarget(['broker 1', 'rack b'], names)).toEqual(expected)
  expect(parseTarget('broker 1, rack b', names)).toEqual(expected)
})

test('a producer without a number is all of its instances', () => {
  expect(parseTarget('order-service', names)).toEqual({
    of: 'list',
    targets: [
      { of: 'producer', name: 'order-service', index: 1 },
      { of: 'producer', name: 'order-service', index: 2 },
    ],
  })
})

test.each([
  ['broker 7', 'there is no broker 7: there are 1, 2, 3'],
  ['rack z', 'there is no rack "z": there are a, b'],
  ['leader of order-0', 'there is no topic "order", did you mean "orders"?'],
  ['leader of orders-6', '"orders-6": orders has the partitions 0 to 5'],
  ['leader of orders', '"orders" names no partition: write orders-0'],
  ['half of paymnt', 'there is no group "paymnt", did you mean "payment"?'],
  ['payment-4', '"payment-4": payment has payment-1 to payment-3'],
  ['service bnk', 'there is no service "bnk", did you mean "bank"?'],
  ['contoller', 'no target is called "contoller", did you mean "controller"?'],
  [
    'leadr of orders-0',
    'no target is called "leadr of orders-0", did you mean "leader of orders-0"?',
  ],
  [[], 'an empty list names no target'],
  [7, 'a target is a phrase such as "broker 1" or "leader of orders-0", or a list'],
])('%j is refused with the mend', (value, sentence) => {
  expect(() => parseTarget(value, names)).toThrow(new Error(sentence))
})

const partition = { topic: fc.constant('orders'), partition: fc.integer({ min: 0, max: 5 }) }
const group = fc.constant('payment')
const single: fc.Arbitrary<Target> = fc.oneof(
  fc.record({ of: fc.constant('broker' as const), id: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ of: fc.constant('zookeeper' as const), id: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ of: fc.constant('rack' as const), rack: fc.constantFrom('a', 'b') }),
  fc.record({ of: fc.constant('leader' as const), ...partition }),
  fc.record({ of: fc.constant('follower' as const), ...partition, nth: fc.nat({ max: 3 }) }),
  fc.record({
    of: fc.constantFrom('coordinator' as const, 'half' as const, 'group' as const),
    group,
  }),
  fc.record({ of: fc.constant('member' as const), group, index: fc.integer({ min: 1, max: 3 }) }),
  fc.constantFrom<Target>(
    { of: 'controller' },
    { of: 'zookeeper-leader' },
    { of: 'all-brokers' },
    { of: 'all-zookeeper' },
    { of: 'all-clients' },
    { of: 'others' },
    { of: 'service', name: 'bank' },
    { of: 'producer', name: 'order-service', index: 2 },
  ),
)

test('a target that is written as a phrase, or given as it is, is read back', () => {
  const list = fc
    .array(single, { minLength: 2 })
    .map((targets): Target => ({ of: 'list', targets }))

  fc.assert(
    fc.property(fc.oneof(single, list), (target) => {
      expect(parseTarget(targetText(target), names)).toEqual(target)
      expect(parseTarget(target, names)).toEqual(target)
    }),
    { seed: 1 },
  )
})

test('the last dash divides topic and partition', () => {
  expect(parsePartition('order-events-1', names)).toEqual({ topic: 'order-events', partition: 1 })
})
