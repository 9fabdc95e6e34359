import { expect, test } from 'vitest'
import { Findings } from '../../../scenarios/schema/findings.ts'
import type { TimelineEntry } from '../../../scenarios/schema/timeline.ts'
import { faultKinds, operationKinds } from '../../../scenarios/schema/timeline.ts'
import { readTimelineEntry } from '../../../scenarios/schema/timeline-words.ts'
import { names } from './names.ts'

function read(words: Record<string, unknown>): TimelineEntry | undefined {
  const findings = new Findings()
  const entry = readTimelineEntry(words, ['timeline', 0], names, findings)
  expect(findings.list).toEqual([])
  return entry
}

function findingsOf(words: Record<string, unknown>): readonly string[] {
  const findings = new Findings()
  const entry = readTimelineEntry(words, ['timeline', 0], names, findings)
  expect(entry).toBeUndefined()
  return findings.list.map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`)
}

const at = '10s'
const when = { atUs: 10_000_000 }
const leader = { of: 'leader', topic: 'orders', partition: 0 }
const broker = { of: 'broker', id: 1 }
const others = { of: 'others' }

const entries: readonly (readonly [Record<string, unknown>, Record<string, unknown>])[] = [
  [
    { at, crash: 'leader of orders-0', for: '8s' },
    { kind: 'crash', target: leader, forUs: 8_000_000 },
  ],
  [
    { at, 'power-loss': 'rack b' },
    { kind: 'power-loss', target: { of: 'rack', rack: 'b' } },
  ],
  [
    { at, pause: ['broker 1'], for: '30s' },
    { kind: 'pause', target: { of: 'list', targets: [broker] }, forUs: 30_000_000 },
  ],
  [
    { at, restart: 'broker 1' },
    { kind: 'restart', target: broker, clean: true },
  ],
  [
    { at, restart: { target: 'broker 1', clean: false } },
    { kind: 'restart', target: broker, clean: false },
  ],
  [
    { at, cut: 'broker 1', for: '5s' },
    { kind: 'cut', between: broker, and: others, direction: 'both', forUs: 5_000_000 },
  ],
  [
    { at, cut: { between: 'broker 1', and: 'all zookeepers', direction: 'to' } },
    { kind: 'cut', between: broker, and: { of: 'all-zookeeper' }, direction: 'to' },
  ],
  [
    { at, hold: { between: 'broker 1', and: 'all clients' } },
    { kind: 'hold', between: broker, and: { of: 'all-clients' }, direction: 'both' },
  ],
  [
    { at, reset: 'broker 1' },
    { kind: 'reset', between: broker, and: others },
  ],
  [
    { at, 'slow-link': { between: 'broker 1', delay: '200ms', bandwidth: '1MB/s' } },
    {
      kind: 'slow-link',
      between: broker,
      and: others,
      direction: 'both',
      delayUs: 200_000,
      jitterUs: 0,
      bytesPerSecond: 1_000_000,
    },
  ],
  [
    { at, flap: { between: 'broker 1', and: 'all zookeepers', down: '2s', up: '500ms' } },
    {
      kind: 'flap',
      between: broker,
      and: { of: 'all-zookeeper' },
      direction: 'both',
      downUs: 2_000_000,
      upUs: 500_000,
    },
  ],
  [
    { at, bridge: { between: 'broker 1', over: 'broker 2' } },
    { kind: 'bridge', between: broker, and: others, over: { of: 'broker', id: 2 } },
  ],
  [
    { at, 'half-open': { between: 'broker 1', and: 'all clients' } },
    { kind: 'half-open', between: broker, and: { of: 'all-clients' } },
  ],
  [
    { at, clog: 'broker 1' },
    { kind: 'clog', between: broker, and: others, direction: 'both' },
  ],
  [
    { at, 'disk-full': { target: 'broker 1', disk: 0 } },
    { kind: 'disk-full', target: broker, disk: 0 },
  ],
  [
    { at, 'disk-full': { target: 'broker 1', disk: 'data-1' } },
    { kind: 'disk-full', target: broker, disk: 1 },
  ],
  [
    { at, 'io-error': 'broker 1' },
    { kind: 'io-error', target: broker },
  ],
  [
    { at, 'lying-sync': 'broker 1' },
    { kind: 'lying-sync', target: broker },
  ],
  [
    { at, 'bit-rot': { target: 'replicas of orders-3', log: 'orders-3', entries: 2 } },
    {
      kind: 'bit-rot',
      target: { of: 'replicas', topic: 'orders', partition: 3 },
      entries: 2,
      log: { topic: 'orders', partition: 3 },
    },
  ],
  [
    { at, wipe: 'broker 1' },
    { kind: 'wipe', target: broker },
  ],
  [
    { at, 'slow-disk': { target: 'broker 1', factor: 10 } },
    { kind: 'slow-disk', target: broker, delayUs: 0, factor: 10 },
  ],
  [
    { at, 'slow-cpu': { target: 'broker 1', factor: 4 } },
    { kind: 'slow-cpu', target: broker, factor: 4 },
  ],
  [
    { at, 'clock-step': { target: 'broker 1', by: '-5s' } },
    { kind: 'clock-step', target: broker, byUs: -5_000_000 },
  ],
  [
    { at, 'clock-drift': { target: 'broker 1', ppm: -200 } },
    { kind: 'clock-drift', target: broker, ppm: -200 },
  ],
  [
    { at, 'add-partitions': { topic: 'orders', to: 12 } },
    { kind: 'add-partitions', topic: 'orders', to: 12 },
  ],
  [
    { at, 'add-members': 'payment' },
    { kind: 'add-members', group: 'payment', count: 1 },
  ],
  [
    { at, 'stop-members': { group: 'payment', count: 2, clean: false } },
    { kind: 'stop-members', group: 'payment', count: 2, clean: false },
  ],
  [
    { at, 'elect-leader': 'orders-3' },
    { kind: 'elect-leader', topic: 'orders', partition: 3, election: 'preferred' },
  ],
  [
    { at, deploy: { group: 'payment', batch: 2, grace: '5s', surge: 1 } },
    {
      kind: 'deploy',
      group: 'payment',
      batch: 2,
      graceUs: 5_000_000,
      startupUs: 5_000_000,
      surge: 1,
    },
  ],
  [
    { at, reassign: { partition: 'orders-3', replicas: [2, 1] } },
    { kind: 'reassign', topic: 'orders', partition: 3, replicas: [2, 1] },
  ],
  [
    { at, 'alter-config': { topic: 'orders', config: { 'min.insync.replicas': 1 } } },
    { kind: 'alter-config', topic: 'orders', config: { 'min.insync.replicas': 1 } },
  ],
  [
    { at, 'create-topic': { topic: 'refunds', partitions: 3 } },
    { kind: 'create-topic', topic: 'refunds', partitions: 3, replicationFactor: 3, config: {} },
  ],
  [
    { at, 'delete-topic': 'orders' },
    { kind: 'delete-topic', topic: 'orders' },
  ],
  [
    { at, poison: { topic: 'orders', group: 'payment', key: 7 } },
    { kind: 'poison', topic: 'orders', count: 1, group: 'payment', key: '7' },
  ],
  [
    { at, 'rolling-restart': { target: 'all brokers', clean: false, pause: '2s' } },
    {
      kind: 'rolling-restart',
      target: { of: 'all-brokers' },
      clean: false,
      waitForIsr: true,
      downUs: 0,
      pauseUs: 2_000_000,
    },
  ],
  [
    { at, 'slow-work': { target: 'service bank', factor: 10 }, for: '20s' },
    {
      kind: 'slow-work',
      target: { of: 'service', name: 'bank' },
      factor: 10,
      forUs: 20_000_000,
    },
  ],
]

test.each(entries)('%j is read', (words, expected) => {
  expect(read(words)).toEqual({ ...expected, ...when })
})

test('every fault and operation of this version has an example above', () => {
  const shown = new Set(entries.map(([, expected]) => expected['kind']))

  expect([...faultKinds, ...operationKinds].filter((kind) => !shown.has(kind))).toEqual([])
})

test.each(entries)('the canonical form of %j is read back as it is', (words) => {
  const canonical = read(words) as unknown as Record<string, unknown>

  expect(read(canonical)).toEqual(canonical)
})

test('the verb can stand as a kind', () => {
  expect(read({ at, kind: 'crash', target: 'leader of orders-0', for: '8s' })).toEqual({
    kind: 'crash',
    target: leader,
    ...when,
    forUs: 8_000_000,
  })
})

test('a trigger ties an entry to a probe', () => {
  const on = { probe: 'isr.shrinkSent', of: 'orders-3', nth: 2, after: '5s' }

  expect(read({ on, crash: 'controller' })).toEqual({
    kind: 'crash',
    target: { of: 'controller' },
    on: {
      probe: 'isr.shrinkSent',
      of: { of: 'partition', topic: 'orders', partition: 3 },
      nth: 2,
      afterUs: 5_000_000,
    },
  })
})

test.each([
  ['payment', { of: 'group', group: 'payment' }],
  ['broker 2', { of: 'broker', id: 2 }],
])('a trigger can be about %s', (of, subject) => {
  const entry = read({ on: { probe: 'group.rebalanced', of }, crash: 'controller' })

  expect(entry?.on?.of).toEqual(subject)
  expect(read(entry as unknown as Record<string, unknown>)).toEqual(entry)
})

test.each([
  ['crash', 'broker 1'],
  ['wipe', 'broker 1'],
  ['disk-full', 'broker 1'],
])('%s can stay for ever', (verb, target) => {
  const entry = read({ at, [verb]: target, for: 'ever' })

  expect(entry).toEqual({ kind: verb, target: broker, permanent: true, ...when })
  expect(read(entry as unknown as Record<string, unknown>)).toEqual(entry)
})

test.each([
  [{ at, crsh: 'broker 1' }, 'crsh: unknown word "crsh", did you mean "crash"?'],
  [{ at, kind: 'crsh', target: 'broker 1' }, 'kind: unknown word "crsh", did you mean "crash"?'],
  [{ at, crash: 'broker 1', fro: '8s' }, 'fro: unknown word "fro", did you mean "for"?'],
  [{ at }, ': says nothing to do: add a verb, such as crash: leader of orders-0'],
  [
    { at, crash: 'broker 1', pause: 'broker 2' },
    ': has 2 verbs (crash, pause): write one entry each',
  ],
  [{ crash: 'broker 1' }, ': needs a time: at: 10s, or on: { probe: … }'],
  [
    { at, on: { probe: 'x' }, crash: 'broker 1' },
    ': has both "at" and "on": one of them says when',
  ],
  [
    { at: 10, crash: 'broker 1' },
    'at: 10 needs a unit: a duration is written 20ms, 10s, 5m (10s?)',
  ],
  [{ at, reset: 'broker 1', for: '8s' }, 'for: reset happens at once and takes no "for"'],
  [{ at, crash: 'broker 9' }, 'crash: there is no broker 9: there are 1, 2, 3'],
  [{ at, crash: null }, 'crash: needs "target", such as target: broker 1'],
  [
    { at, cut: { between: 'broker 1', an: 'broker 2' } },
    'cut.an: unknown option "an", did you mean "and"?',
  ],
  [{ at, cut: { between: 'others' } }, 'cut.between: "others" can only be the other end'],
  [
    { at, cut: { between: 'broker 1', direction: 'too' } },
    'cut.direction: "too" is none of both, to, from, did you mean "to"?',
  ],
  [
    { at, 'slow-link': { between: 'broker 1' } },
    'slow-link: slows nothing: give a delay, a jitter or a bandwidth',
  ],
  [
    { at, 'slow-cpu': { target: 'broker 1', factor: 0 } },
    'slow-cpu.factor: needs a factor above 0: 10 is ten times as slow',
  ],
  [{ at, 'clock-step': { target: 'broker 1' } }, 'clock-step: needs "by", such as by: -5s'],
  [
    { at, 'add-partitions': { topic: 'order', to: 9 } },
    'add-partitions.topic: there is no topic "order", did you mean "orders"?',
  ],
  [{ at, 'add-partitions': { topic: 'orders' } }, 'add-partitions: needs "to", such as to: 1'],
  [
    { at, 'slow-work': { target: 'broker 1', factor: 2 } },
    'slow-work.target: only a group, a member or a service works: payment, service bank',
  ],
  [
    { on: 'isr.shrinkSent', crash: 'broker 1' },
    'on: needs a probe, such as on: { probe: isr.shrinkSent, of: orders-0 }',
  ],
  [
    { on: { probe: 'x', of: 'order-0' }, crash: 'broker 1' },
    'on.of: there is no topic "order", did you mean "orders"?',
  ],
  [
    { on: { prob: 'x' }, crash: 'broker 1' },
    'on.prob: unknown option "prob", did you mean "probe"?',
  ],
  [
    { at: '1s', 'add-partitions': { topic: 'orders', to: 6 } },
    'add-partitions.to: needs more than the 6 that orders has, such as to: 7',
  ],
  [
    { at: '1s', 'create-topic': { topic: 'refunds', replicationFactor: 4 } },
    'create-topic.replicationFactor: refunds wants 4 replicas and there are 3 brokers',
  ],
  [
    { at: '1s', 'create-topic': 're funds' },
    'create-topic: a name has letters, digits, dots, dashes and underscores only',
  ],
  [
    { at: '1s', 'disk-full': { target: 'broker 1', disk: 4 } },
    'disk-full.disk: there is no disk 4: they are 0 to 3',
  ],
  [
    { at: '1s', 'disk-full': { target: 'broker 1', disk: 'logs' } },
    'disk-full.disk: needs the number of a disk or its name, such as 0 or data-0',
  ],
  [
    { at: '1s', 'bit-rot': 'broker 1, order-service' },
    'bit-rot: only brokers and ZooKeeper servers notice bit rot; name one of them',
  ],
])('%j is refused with the place and the mend', (words, finding) => {
  expect(findingsOf(words)).toEqual([finding])
})
