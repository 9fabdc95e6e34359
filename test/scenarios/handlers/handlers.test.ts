import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import type { App, Handler, ReceivedRecord } from '../../../scenarios/handlers/handler.ts'
import { hasInlineHandlers, loadHandlers } from '../../../scenarios/handlers/modules.ts'
import { judge } from '../../../scenarios/judge.ts'
import type { Judged } from '../../../scenarios/result.ts'
import { run } from '../../../scenarios/run.ts'
import { InputError } from '../../../scenarios/schema/input-error.ts'
import { loadScenario, parseScenario } from '../../../scenarios/schema/load.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import type { ConsumerEntry, ScenarioFile } from '../../../scenarios/schema/surface.ts'

const file = (
  handler: ConsumerEntry['handler'],
  over: Partial<ConsumerEntry> = {},
): ScenarioFile => ({
  name: 'own',
  system: 'kafka',
  duration: '2s',
  timeouts: 'brisk',
  cluster: { brokers: 1, zookeeper: 1, config: { 'offsets.topic.replication.factor': 1 } },
  topics: [
    { name: 'orders', replicationFactor: 1 },
    { name: 'dead', replicationFactor: 1 },
  ],
  producers: [{ name: 'shop', topic: 'orders', keys: 40, load: { rate: '20/s' } }],
  services: [{ name: 'bank', work: '1ms' }],
  consumers: [
    {
      group: 'payment',
      topics: ['orders'],
      handler,
      config: { 'auto.offset.reset': 'earliest' },
      ...over,
    },
  ],
  checks: ['no-loss', 'effects-once', 'no-oversell'],
})

async function scenarioOf(
  handler: ConsumerEntry['handler'],
  over: Partial<ConsumerEntry> = {},
): Promise<Scenario> {
  return (await parseScenario(file(handler, over))).scenario
}

async function judgedOf(handler: Handler, over: Partial<ConsumerEntry> = {}): Promise<Judged> {
  return judge(run(plainCase(await scenarioOf(handler, over), 1)), { series: false })
}

async function linesOf(act: () => Promise<unknown>): Promise<readonly string[]> {
  try {
    await act()
  } catch (error) {
    if (error instanceof InputError) return error.lines
    throw error
  }
  return []
}

function broken({ verdicts }: Judged): readonly string[] {
  return verdicts
    .filter(({ verdict }) => verdict === 'broken')
    .map(({ check, scope }) => `${check} ${scope}`)
}

describe('a handler that a program gives', () => {
  test('receives each record and may use every tool', async () => {
    const seen: unknown[] = []
    const tools = function* (record: ReceivedRecord, app: App) {
      yield* app.work('1ms')
      yield* app.store.set(`last/${record.key}`, record.id)
      const last = yield* app.store.get(`last/${record.key}`)
      const called = yield* app.call('bank', { once: true, timeout: '200ms' })
      const applied = yield* app.effect({ once: true })
      const sent = yield* app.produce('dead', { value: 1, bytes: 10 })
      const [at, drawn] = [yield* app.now(), yield* app.random()]
      seen.push([last === record.id, called, applied, sent, at > 1e12, drawn < 1, app.member])
    }

    const judged = await judgedOf(tools)

    expect(seen.length).toBeGreaterThan(10)
    expect(new Set(seen.map(String))).toEqual(new Set(['true,ok,true,ok,true,true,payment-1']))
    expect(broken(judged)).toEqual([])
  })

  test('runs the same twice', async () => {
    const drawing = function* (_record: ReceivedRecord, app: App) {
      if ((yield* app.random()) < 0.5) yield* app.sleep('3ms')
    }
    const one = plainCase(await scenarioOf(drawing), 1)

    expect(run(one).traceHash).toBe(run(one).traceHash)
    expect(hasInlineHandlers(one.scenario)).toBe(true)
  })

  test('that throws fails its record, which is tried again and then put aside', async () => {
    const attempts: number[] = []
    const strict = function* (record: ReceivedRecord, app: App) {
      yield* app.work('1ms')
      if (record.offset !== 3) return
      attempts.push(record.attempt)
      throw new RangeError('no such customer')
    }

    const judged = await judgedOf(strict, {
      retry: { attempts: 2, backoff: '10ms' },
      deadLetter: 'dead',
    })

    expect(attempts).toEqual([1, 2])
    expect(judged.result.handlerErrors).toMatchObject([
      { group: 'payment', message: 'RangeError: no such customer', count: 2 },
    ])
    expect(judged.result.handlerErrors?.[0]?.place).toMatch(/^handlers\.test\.ts:\d+:\d+$/)
    expect(judged.result.history.deadLetters.length).toBe(1)
    expect(broken(judged)).toEqual([])
  })

  test('that skips what it cannot process loses it, which is not promised to be kept', async () => {
    const strict = function* (record: ReceivedRecord, app: App) {
      yield* app.work('1ms')
      if (record.offset === 3) throw new Error('no')
    }

    const judged = await judgedOf(strict, { retry: { attempts: 1 } })

    expect(broken(judged)).toEqual(['no-loss processed:payment'])
    expect(judged.verdicts.find(({ verdict }) => verdict === 'broken')?.promised).toBe(false)
  })

  test('sells what there is in one transaction, and more than that in two', async () => {
    const safe = function* (_record: ReceivedRecord, app: App) {
      yield* app.transaction((store) => {
        store.open('stock', 'phone', 7)
        if (store.balance('stock', 'phone') > 0) store.book('stock', 'phone', -1)
      })
    }
    const racing = function* (_record: ReceivedRecord, app: App) {
      const left = yield* app.transaction((store) => {
        store.open('stock', 'phone', 7)
        return store.balance('stock', 'phone')
      })
      yield* app.sleep('400ms')
      if (left > 0) yield* app.transaction((store) => store.book('stock', 'phone', -1))
    }
    const many = { members: 3 }

    const sold = await judgedOf(safe)
    const oversold = judge(
      run(plainCase({ ...(await scenarioOf(racing, many)), topics: (await spread()).topics }, 1)),
    )

    expect(broken(sold)).toEqual([])
    expect(broken(oversold)).toEqual(['no-oversell stock'])
  })

  async function spread(): Promise<Scenario> {
    const wide = file(function* () {})
    wide.topics = [{ name: 'orders', partitions: 3, replicationFactor: 1 }, ...wide.topics.slice(1)]
    return (await parseScenario(wide)).scenario
  }
})

describe('a handler that leaves virtual time is told so in one line', () => {
  test.each<[string, () => unknown, string]>([
    ['Date.now', () => Date.now(), 'Date.now() does not exist'],
    ['new Date', () => new Date(), 'new Date() does not exist'],
    ['Math.random', () => Math.random(), 'Math.random() does not exist'],
    ['setTimeout', () => setTimeout(() => {}, 1), 'setTimeout() does not exist'],
    ['Promise', () => Promise.resolve(1), 'Promise.resolve does not exist'],
  ])('%s', async (_name, act, said) => {
    const astray = function* (_record: ReceivedRecord, app: App) {
      yield* app.work('1ms')
      try {
        act()
      } catch {
        // The line comes all the same.
      }
    }

    const lines = await linesOf(() => judgedOf(astray))

    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^handlers\.test\.ts:\d+:\d+: /)
    expect(lines[0]).toContain(said)
  })

  test('the world outside has its clock back', async () => {
    const fine = function* (_record: ReceivedRecord, app: App) {
      yield* app.work('1ms')
      const day = new Date(0).getTime()
      yield* app.store.set('day', day)
    }

    const judged = await judgedOf(fine)

    expect(judged.result.ended).toBe('drained')
    expect(typeof Date.now()).toBe('number')
  })

  test.each<[string, unknown, string]>([
    ['an async function', async function told() {}, 'told is async'],
    ['a plain function', () => 1, 'gives no generator'],
    [
      'yield without a star',
      function* (_: unknown, app: App) {
        yield app.work('1ms')
      },
      'write yield* instead',
    ],
    [
      'a tool that is not run',
      function* (_: unknown, app: App) {
        yield* app.work('1ms')
        app.commit()
      },
      'app.commit(…) was called without yield*',
    ],
    [
      'an unknown service',
      function* (_: unknown, app: App) {
        yield* app.call('bnak')
      },
      'did you mean "bank"?',
    ],
    [
      'a duration without a unit',
      function* (_: unknown, app: App) {
        yield* app.sleep('7')
      },
      'unit',
    ],
  ])('%s', async (_name, handler, said) => {
    const lines = await linesOf(() => judgedOf(handler as Handler))

    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(said)
  })
})

describe('a handler in a module', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dmqsim-handler-'))
  const yaml = (consumer: string): string =>
    [
      'system: kafka',
      'duration: 1s',
      'cluster: { brokers: 1, zookeeper: 1, config: { offsets.topic.replication.factor: 1 } }',
      'topics: [{ name: orders, replicationFactor: 1 }]',
      'producers: [{ name: shop, topic: orders, load: { rate: 20/s } }]',
      `consumers: [{ group: payment, topics: [orders], ${consumer} }]`,
    ].join('\n')

  function write(name: string, text: string): string {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }

  test('is named in the scenario and recorded with its digest', async () => {
    write('own.mjs', 'export function* handler(record, app) { yield* app.effect() }\n')
    const path = write('own.yaml', yaml('handler: { module: ./own.mjs, commit: record }'))

    const { scenario } = await loadScenario(path)
    const [consumer] = scenario.consumers

    expect(consumer?.pattern).toBe('handler')
    expect(consumer?.handler).toMatchObject({ export: 'handler', commit: 'record' })
    expect(consumer?.handler?.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(run(plainCase(scenario, 1)).history.effects.length).toBeGreaterThan(3)
  })

  test('may stand in the place of the pattern', async () => {
    write('short.mjs', 'export default function* (record, app) { yield* app.work("1ms") }\n')
    const path = write('short.yaml', yaml('pattern: ./short.mjs'))

    const { scenario } = await loadScenario(path)

    expect(scenario.consumers[0]?.handler?.export).toBe('default')
  })

  test('that has changed since a case was kept is told in one line, and run as it is', async () => {
    write('old.mjs', 'export default function* (record, app) { yield* app.work("1ms") }\n')
    const { scenario } = await loadScenario(write('old.yaml', yaml('handler: ./old.mjs')))
    const [consumer] = scenario.consumers
    if (consumer?.handler === undefined) throw new Error('no handler')
    const handler = { ...consumer.handler, sha256: '0'.repeat(64) }
    const kept: Scenario = { ...scenario, consumers: [{ ...consumer, handler }] }

    const notices = await loadHandlers(kept)

    expect(notices).toHaveLength(1)
    expect(notices[0]).toContain('old.mjs has changed since this case was kept (SHA-256 00000000…')
    expect(run(plainCase(kept, 1)).ended).toBe('drained')
  })

  test.each([
    ['handler: ./none.mjs', 'there is no such file'],
    ['handler: ./text.txt', 'a handler is a module'],
    ['handler: ./late.mjs', 'is async'],
    ['handler: { module: ./late.mjs, export: handle }', 'exports no function "handle"'],
    ['handler: payment', 'a handler is a file'],
  ])('that cannot be has its line: %s', async (consumer, said) => {
    write('text.txt', '')
    write('late.mjs', 'export default async function late() {}\nexport function* handler() {}\n')
    const path = write('bad.yaml', yaml(consumer))

    const lines = await linesOf(() => loadScenario(path))

    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/bad\.yaml:6:\d+: /)
    expect(lines[0]).toContain(said)
  })
})
