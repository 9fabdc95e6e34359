import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Finding } from '../../../scenarios/schema/findings.ts'
import { InputError } from '../../../scenarios/schema/input-error.ts'
import {
  type LoadOptions,
  loadScenario,
  parseScenario,
  parseScenarioText,
} from '../../../scenarios/schema/load.ts'
import { doubleEleven, leaderCrash } from './examples.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmqsim-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

async function linesOf(run: () => Promise<unknown>): Promise<readonly string[]> {
  try {
    await run()
  } catch (error) {
    if (error instanceof InputError) return error.lines
    throw error
  }
  return []
}

async function linesOfText(text: string, options: LoadOptions = {}): Promise<readonly string[]> {
  return await linesOf(async () => await parseScenarioText(text, 'my.yaml', options))
}

const stock = new URL('stock-server.properties', import.meta.url).pathname

test('YAML and JSON of one scenario are the same scenario', async () => {
  const yaml = await parseScenarioText(leaderCrash, 'my.yaml')
  const json = JSON.stringify({ $schema: 'schema.json', ...(await asObject()) }, null, 2)

  expect((await parseScenarioText(json, 'my.json')).scenario).toEqual(yaml.scenario)
})

async function asObject(): Promise<object> {
  const { readSource } = await import('../../../scenarios/schema/source.ts')
  return readSource(leaderCrash, 'x.yaml').value as object
}

test('an object of a program is read, and its errors name the path', async () => {
  const object = await asObject()
  const { scenario } = await parseScenario(object)

  expect(scenario.name).toBe('orders-survive-a-leader')
  expect(
    await linesOf(async () => await parseScenario({ ...object, topics: [{ nam: 'x' }] })),
  ).toEqual(['scenario: topics[0]: unknown key "nam", did you mean "name"?'])
})

test.each([
  ['duration: 10s', 'durration: 10s', '2:1: unknown key "durration", did you mean "duration"?'],
  ['duration: 10s', 'duration: 10s\nfoo: 1', '3:1: unknown key "foo": there are name, question'],
  ['system: kafka', 'seed: 1', '1:1: needs "system"'],
  ['orders }', 'orders, partitions: 5000 }', '3:38: needs a number of at most 4096'],
  ['duration: 10s', 'duration: *nope', '2:11: nothing is called *nope: put &nope before'],
  ['duration: 10s', 'duration: !foo 10s', '2:11: unresolved tag: !foo'],
  ['duration: 10s', '? [a]\n: 1', '2:3: a key has to be one word, such as name:'],
  ['duration: 10s', '---', '2:1: a second document begins here: write one scenario a file'],
])('%j written %j is one line with its place', async (was, is, line) => {
  const text = 'system: kafka\nduration: 10s\ntopics: [{ name: orders }]\n'.replace(was, is)

  const lines = await linesOfText(text)

  expect(lines).toHaveLength(1)
  const said = lines[0]?.replace('my.yaml:', '') ?? ''
  expect(said.slice(0, line.length)).toBe(line)
})

test('aliases that repeat beyond measure are refused', async () => {
  const lines = ['a: &a [x, x, x, x, x, x, x, x, x]']
  for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe'].map((pair) => [pair[0], pair[1]])) {
    lines.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${of}`).join(', ')}]`)
  }

  expect(await linesOfText(lines.join('\n'))).toEqual([
    'my.yaml:1:1: its aliases repeat too much: write the values out',
  ])
})

test.each([
  ['latency{phase:produc}', 'there is no phase "produc", did you mean "produce"?'],
  ['lateness{group:paymet}', 'there is no group "paymet", did you mean "payment"?'],
  ['write-silence{topic:refunds}', 'there is no topic "refunds": there is orders'],
])('a threshold over %s measures nobody and is refused', async (measure, message) => {
  const text = `${leaderCrash.replace(/thresholds:[\s\S]*$/, '')}\nthresholds: { '${measure}': ['max<3s'] }\n`

  const lines = await linesOfText(text)

  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain(message)
})

test('names of the model are held against it where the loader is told how', async () => {
  const text = 'system: kafka\nduration: 10s\ntopics: [{ name: orders }]\nguardsOff: [none]\n'
  const strangers = (): readonly Finding[] => [{ path: ['guardsOff', 0], message: 'is not there' }]

  expect(await linesOfText(text, { strangers })).toEqual(['my.yaml:4:13: is not there'])
})

test('a load of more arrivals than a run takes is refused', async () => {
  const text =
    'system: kafka\nduration: 10s\ntopics: [{ name: orders }]\n' +
    'producers: [{ name: shop, topic: orders, load: { rate: 3M/s } }]\n'

  expect(await linesOfText(text)).toEqual([
    expect.stringContaining('my.yaml:4:48: makes 30 million arrivals: a run takes 20 million'),
  ])
})

test('a file is found with the curve beside it', async () => {
  write('double-eleven.csv', 'seconds,perSecond\n0,10\n')
  const file = write('flagship.yaml', doubleEleven)

  const loaded = await loadScenario(file)

  expect(loaded.file).toBe(file)
  expect(loaded.scenario.producers[0]?.load.points).toHaveLength(1)
})

test('a curve that is not there is an error at its place', async () => {
  const file = write('flagship.yaml', doubleEleven)

  expect(await linesOf(async () => await loadScenario(file))).toEqual([
    `${file}:25:18: double-eleven.csv: there is no such file`,
  ])
})

test('a module exports its scenario', async () => {
  const object = JSON.stringify(await asObject())
  const file = write('mine.mjs', `export default ${object}`)
  const empty = write('empty.mjs', 'export const scenario = 1')

  expect((await loadScenario(file)).scenario.name).toBe('orders-survive-a-leader')
  expect(await linesOf(async () => await loadScenario(empty))).toEqual([
    `${empty}: has no default export; write export default { system: … }`,
  ])
})

test('a name that does not exist is answered with the way to find one', async () => {
  const [line] = await linesOf(async () => await loadScenario('my-own-little-scenario'))

  expect(line).toBe(
    'there is no scenario "my-own-little-scenario": dmqsim list shows them all; ' +
      'a file has an extension, as my-own-little-scenario.yaml',
  )
})

test('every error has its line and column, and the likely word', async () => {
  const text = leaderCrash
    .replace('60s', '60')
    .replace('count: 2', 'cont: 2')
    .replace('partitions: 6', 'partitions: 0')
    .replace('process-then', 'proces-then')
    .replace('[crash, pause', '[crsh, pause')

  expect(await linesOfText(text)).toEqual([
    'my.yaml:4:11: 60 needs a unit: a duration is written 20ms, 10s, 5m (60s?)',
    'my.yaml:10:33: needs a number of at least 1',
    'my.yaml:12:28: unknown key "cont", did you mean "count"?',
    'my.yaml:14:93: "proces-then-commit" is none of auto-commit, commit-then-process, ' +
      'process-then-commit, idempotent, idempotent-atomic, idempotent-mark-before, idempotent-mark-after, did you mean "process-then-commit"?',
    'my.yaml:17:21: "crsh" is none of crash, power-loss, pause, restart, cut, flap, bridge, reset, ' +
      'half-open, hold, clog, slow, clock, disk-full, io-error, lying-sync, bit-rot, wipe, ' +
      'did you mean "crash"?',
  ])
})

test('errors in names, properties and phrases have their places too', async () => {
  const text = leaderCrash
    .replace('min.insync', 'min.insinc')
    .replace('acks: all', 'acks: 2')
    .replace('[orders]', '[order]')
    .replace('leader of', 'leadr of')
    .replace('for: 8s', 'for: 8')
    .replace('no-loss: kept', 'no-los: kept')
    .replace('p(99)', 'p99')

  expect(await linesOfText(text)).toEqual([
    'my.yaml:8:13: unknown property "min.insinc.replicas", did you mean "min.insync.replicas"?',
    'my.yaml:12:103: acks = 2: must be one of all, -1, 0, 1',
    'my.yaml:14:44: there is no topic "order", did you mean "orders"?',
    'my.yaml:16:23: no target is called "leadr of orders-0", did you mean "leader of orders-0"?',
    'my.yaml:16:47: 8 needs a unit: a duration is written 20ms, 10s, 5m (8s?)',
    'my.yaml:19:11: there is no check "no-los", did you mean "no-loss"?',
    'my.yaml:20:45: "p99<500ms" is no rule: write p(99)<500ms, avg<20ms or max<30s',
  ])
})

test.each([
  ['system: kafka\nsystem: kafka\n', ['my.yaml:2:1: map keys must be unique']],
  ['just a text', ['my.yaml:1:1: a scenario has keys: name, system, duration, topics and so on']],
  ['', ['my.yaml:1:1: a scenario has keys: name, system, duration, topics and so on']],
  ['system: kafka\n', ['my.yaml:1:1: needs "duration"', 'my.yaml:1:1: needs "topics"']],
  [
    'system: rabbit\nduration: 1s\ntopics: [{ name: a b }]\n',
    [
      'my.yaml:1:9: "rabbit" is none of kafka',
      'my.yaml:3:18: a name has letters, digits, dots, dashes and underscores only',
    ],
  ],
  [
    'system: kafka\nduration: 1s\ntopics: [{ name: a }]\ncluster:\n  brokers: [{ id: 1, rak: b }]\n',
    ['my.yaml:5:22: unknown key "rak", did you mean "rack"?'],
  ],
  [
    'system: kafka\nduration: 1s\ntopics: []\ncluster: { brokers: many }\n',
    ['my.yaml:3:9: needs at least 1 entry', 'my.yaml:4:21: needs a number, not "many"'],
  ],
])('%j is refused at its places', async (text, lines) => {
  expect(await linesOfText(text)).toEqual(lines)
})

test("Kafka's stock server.properties loads, with the price of its topic of commits", async () => {
  const { scenario, notices } = await parseScenarioText(leaderCrash, 'my.yaml', {
    brokerConfig: stock,
  })

  expect(scenario.cluster.config).toMatchObject({
    'min.insync.replicas': 2,
    'offsets.topic.replication.factor': '1',
    'group.initial.rebalance.delay.ms': '0',
  })
  const costly = notices.filter((notice) => notice.kind === 'costly')
  expect(costly.map(({ place, property }) => [place, property])).toEqual([
    [`${stock}:15:1`, 'offsets.topic.replication.factor'],
  ])
})

test('strictness makes properties without effect errors', async () => {
  const lines = await linesOfText(leaderCrash, { brokerConfig: stock, strict: true })

  expect(lines).toHaveLength(7)
  expect(lines[0]).toBe(
    `${stock}:3:1: broker.id has no effect: The scenario says which brokers, disks, racks and ` +
      'servers there are.',
  )
})

test('a typo in a properties file is one line with its place', async () => {
  const file = write(
    'server.properties',
    '# mine\n\nlog.retention.houres=168\n  num.io.threads=x\n',
  )

  expect(await linesOfText(leaderCrash, { brokerConfig: file })).toEqual([
    `${file}:3:1: unknown property "log.retention.houres", did you mean "log.retention.hours"?`,
    `${file}:4:3: num.io.threads = x: must be a whole number`,
  ])
})

test('client properties reach every client once', async () => {
  const file = write('client.properties', 'linger.ms=5\nlingr.ms=5\n')
  const two = leaderCrash.replace(
    'consumers:',
    '  - { name: other, topic: orders, load: { rate: 1/s } }\nconsumers:',
  )

  expect(await linesOfText(two, { producerConfig: file })).toEqual([
    `${file}:2:1: unknown property "lingr.ms", did you mean "linger.ms"?`,
  ])
})

test('a later flag goes before an earlier source', async () => {
  const file = write('server.properties', 'min.insync.replicas=3\nnum.io.threads=4\n')

  const { scenario } = await parseScenarioText(leaderCrash, 'my.yaml', {
    brokerConfig: file,
    topicConfig: ['min.insync.replicas=1'],
    sets: ['cluster.config.num.io.threads=2', 'duration=90s'],
  })

  expect(scenario.durationUs).toBe(90_000_000)
  expect(scenario.cluster.config).toMatchObject({ 'min.insync.replicas': '3', 'num.io.threads': 2 })
  expect(scenario.topics[0]?.config).toEqual({ 'min.insync.replicas': '1' })
})

test('an error in a flag names the flag', async () => {
  const lines = await linesOfText(leaderCrash, {
    topicConfig: ['retention.mss=1'],
    sets: ['topics.orders.config.segment.bytes=1', 'producers.order-service.config.acks=2'],
  })

  expect(lines).toEqual([
    '--topic-config retention.mss=1: unknown property "retention.mss", did you mean "retention.ms"?',
    '--set topics.orders.config.segment.bytes=1: segment.bytes = 1: must be at least 14',
    '--set producers.order-service.config.acks=2: acks = 2: must be one of all, -1, 0, 1',
  ])
})

test('a misspelt path of a flag is found by the schema', async () => {
  expect(await linesOfText(leaderCrash, { sets: ['cluster.confg.acks=1'] })).toEqual([
    '--set cluster.confg.acks=1: unknown key "confg", did you mean "config"?',
  ])
  expect(await linesOfText(leaderCrash, { sets: ['topics.orders.partitons=1'] })).toEqual([
    '--set topics.orders.partitons=1: unknown key "partitons", did you mean "partitions"?',
  ])
})

test('a text with one word changed either loads or says where it went wrong', async () => {
  const words = [...leaderCrash.matchAll(/[A-Za-z0-9.-]+/g)].map((match) => match.index)

  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...words),
      fc.string({ maxLength: 3 }),
      async (at, inserted) => {
        const text = leaderCrash.slice(0, at) + inserted + leaderCrash.slice(at)
        for (const line of await linesOfText(text)) {
          expect(line).toMatch(/^my\.yaml:\d+:\d+: \S/)
          expect(line).not.toMatch(/undefined|\[object|Invalid input/)
        }
      },
    ),
    { seed: 1, numRuns: 200 },
  )
})
