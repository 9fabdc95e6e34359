import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CreateMode, Write, ZooKeeperOperation } from '../../model/zookeeper/messages.ts'
import { modelledZooKeeper } from './zookeeper/modelled.ts'
import { type RealZooKeeper, startRealZooKeeper } from './zookeeper/real.ts'
import type { Heard, Step, Transcript } from './zookeeper/script.ts'

/** A Java machine starts meanwhile. */
const HOOK_MS = 120_000

let real: RealZooKeeper

beforeAll(async () => {
  real = await startRealZooKeeper()
}, HOOK_MS)

afterAll(async () => {
  await real.stop()
}, HOOK_MS)

function create(path: string, mode: CreateMode = 'persistent', data = 'x'): Write {
  return { op: 'create', path, data, bytes: data.length, mode }
}

function setData(path: string, data: string, version = -1): Write {
  return { op: 'setData', path, data, bytes: data.length, version }
}

function remove(path: string, version = -1): Write {
  return { op: 'delete', path, version }
}

function check(path: string, version: number): Write {
  return { op: 'check', path, version }
}

function multi(...writes: readonly Write[]): ZooKeeperOperation {
  return { op: 'multi', writes }
}

function getData(path: string, watch = false): ZooKeeperOperation {
  return { op: 'getData', path, watch }
}

function exists(path: string, watch = false): ZooKeeperOperation {
  return { op: 'exists', path, watch }
}

function getChildren(path: string, watch = false): ZooKeeperOperation {
  return { op: 'getChildren', path, watch }
}

function by(client: string, ...operations: readonly ZooKeeperOperation[]): Step[] {
  return operations.map((operation) => ({ client, operation }))
}

const clients = ['a', 'b']

/** Plays the script on both; fails where they differ; gives what was heard. */
async function agreed(steps: readonly Step[]): Promise<Transcript> {
  const [modelled, heard] = await Promise.all([
    modelledZooKeeper.play(clients, steps),
    real.play(clients, steps),
  ])
  expect(modelled).toEqual(heard)
  return heard
}

function errors(heard: readonly Heard[] | undefined): string[] {
  return (heard ?? []).flatMap((one) => (one.kind === 'answer' ? [one.answer.error] : []))
}

function watches(heard: readonly Heard[] | undefined): string[] {
  return (heard ?? []).flatMap((one) => (one.kind === 'watch' ? [`${one.event} ${one.path}`] : []))
}

describe('the model and a real ZooKeeper agree', () => {
  test('on creating, and on what is there already or has no parent', async () => {
    const heard = await agreed(
      by('a', create('/n'), create('/n'), create('/m/n'), getData('/n'), getChildren('')),
    )

    expect(errors(heard['a'])).toEqual(['OK', 'NODEEXISTS', 'NONODE', 'OK', 'OK'])
  })

  test('on versions', async () => {
    const heard = await agreed(
      by(
        'a',
        create('/n'),
        setData('/n', 'one', 0),
        setData('/n', 'two', 0),
        setData('/n', 'three', 1),
        setData('/n', 'four'),
        getData('/n'),
        remove('/n', 2),
        remove('/n', 3),
        remove('/n'),
      ),
    )

    expect(errors(heard['a'])).toEqual([
      'OK',
      'OK',
      'BADVERSION',
      'OK',
      'OK',
      'OK',
      'BADVERSION',
      'OK',
      'NONODE',
    ])
  })

  test('on nodes with children, which are not removed', async () => {
    const heard = await agreed(
      by('a', create('/n'), create('/n/c'), remove('/n'), remove('/n/c'), remove('/n')),
    )

    expect(errors(heard['a'])).toEqual(['OK', 'OK', 'NOTEMPTY', 'OK', 'OK'])
  })

  test('on sequential names, also after removals and across failed creations', async () => {
    const sequential = create('/n/s-', 'persistent-sequential')
    await agreed(
      by(
        'a',
        create('/n'),
        sequential,
        sequential,
        remove('/n/s-0000000001'),
        sequential,
        create('/n/plain'),
        create('/n/plain'),
        sequential,
        create('/n/e-', 'ephemeral-sequential'),
        getChildren('/n'),
        exists('/n'),
      ),
    )
  })

  test('on ephemerals: whose they are, without children, gone with their session', async () => {
    const heard = await agreed([
      ...by('a', create('/n'), create('/n/e', 'ephemeral'), create('/n/e/c'), exists('/n/e')),
      ...by('b', getData('/n/e', true), getChildren('/n', true), exists('/n/e/c', true)),
      { client: 'a', end: true },
      ...by('b', exists('/n/e'), getChildren('/n')),
    ])

    expect(errors(heard['a'])).toContain('NOCHILDRENFOREPHEMERALS')
    expect(watches(heard['b'])).toEqual(['NodeDeleted /n/e', 'NodeChildrenChanged /n'])
  })

  test('on watches that fire once', async () => {
    const heard = await agreed([
      ...by('a', create('/n'), getData('/n', true)),
      ...by('b', setData('/n', '1'), setData('/n', '2')),
      ...by('a', getData('/n', true)),
      ...by('b', setData('/n', '3'), remove('/n')),
      ...by('a', exists('/n', true)),
      ...by('b', create('/n'), remove('/n')),
      ...by('a', exists('/n')),
    ])

    expect(watches(heard['a'])).toEqual([
      'NodeDataChanged /n',
      'NodeDataChanged /n',
      'NodeCreated /n',
    ])
  })

  test('on one event for several watches of one client on one path', async () => {
    const heard = await agreed([
      ...by('a', create('/n'), getData('/n', true), exists('/n', true), getChildren('/n', true)),
      ...by('b', remove('/n')),
      ...by('a', exists('/n')),
    ])

    expect(watches(heard['a'])).toEqual(['NodeDeleted /n'])
  })

  test('on child watches: creation and removal, not data, not grandchildren', async () => {
    const heard = await agreed([
      ...by('a', create('/n'), create('/n/c'), getChildren('/n', true)),
      ...by('b', setData('/n/c', '1'), create('/n/c/d'), remove('/n/c/d')),
      ...by('a', getChildren('/n', true)),
      ...by('b', create('/n/e')),
      ...by('a', getChildren('/n', true)),
      ...by('b', remove('/n/c')),
      ...by('a', getChildren('/n')),
    ])

    expect(watches(heard['a'])).toEqual(['NodeChildrenChanged /n', 'NodeChildrenChanged /n'])
  })

  test('on a client’s own watch before the answer that reveals the change', async () => {
    const heard = await agreed(
      by('a', create('/n'), getData('/n', true), setData('/n', '1'), getChildren('/n', true), {
        op: 'create',
        path: '/n/c',
        data: '',
        bytes: 0,
        mode: 'persistent',
      }),
    )

    expect(heard['a']?.map(({ kind }) => kind)).toEqual([
      'answer',
      'answer',
      'watch',
      'answer',
      'answer',
      'watch',
      'answer',
    ])
  })

  test('on a multi that goes through: results, versions, watches in order', async () => {
    const heard = await agreed([
      ...by('b', create('/k'), create('/n')),
      ...by('b', getData('/n', true), getChildren('/n', true), exists('/m', true)),
      ...by(
        'a',
        multi(
          create('/m'),
          create('/n/s-', 'persistent-sequential'),
          create('/n/s-', 'persistent-sequential'),
          setData('/n', 'new', 0),
          check('/n', 1),
          remove('/k', 0),
        ),
      ),
      ...by('b', getChildren('/n'), exists('/m'), getData('/n')),
    ])

    expect(errors(heard['a'])).toEqual(['OK'])
    expect(watches(heard['b'])).toEqual([
      'NodeCreated /m',
      'NodeChildrenChanged /n',
      'NodeDataChanged /n',
    ])
  })

  test('on what each part of a multi answers, whatever the parts after it do', async () => {
    const heard = await agreed(
      by(
        'a',
        create('/n'),
        multi(create('/m'), setData('/n', 'new'), create('/n/c'), remove('/m')),
      ),
    )

    expect(errors(heard['a'])).toEqual(['OK', 'OK'])
  })

  test('on a multi that fails: nothing happens, and each part says where', async () => {
    const heard = await agreed([
      ...by('b', create('/n'), getData('/n', true), getChildren('', true)),
      ...by(
        'a',
        multi(create('/m'), setData('/n', 'new'), check('/n', 7), create('/k')),
        exists('/m'),
        getData('/n'),
      ),
      ...by('b', getData('/n')),
    ])

    expect(watches(heard['b'])).toEqual([])
    expect(heard['a']?.[0]).toMatchObject({
      answer: {
        error: 'BADVERSION',
        results: [
          { error: 'OK' },
          { error: 'OK' },
          { error: 'BADVERSION' },
          { error: 'RUNTIMEINCONSISTENCY' },
        ],
      },
    })
  })
})

const names = fc.constantFrom('/a', '/b', '/a/c', '/a/d', '/a/c/e')
const versions = fc.constantFrom(-1, -1, 0, 1, 2)
const anyWrite: fc.Arbitrary<Write> = fc.oneof(
  fc
    .tuple(names, fc.constantFrom<CreateMode>('persistent', 'persistent', 'ephemeral'))
    .map(([path, mode]) => create(path, mode)),
  fc
    .constantFrom('/a/s-', '/s-')
    .chain((path) =>
      fc
        .constantFrom<CreateMode>('persistent-sequential', 'ephemeral-sequential')
        .map((mode) => create(path, mode)),
    ),
  fc
    .tuple(names, fc.constantFrom('1', '2', ''), versions)
    .map(([path, data, version]) => setData(path, data, version)),
  fc.tuple(names, versions).map(([path, version]) => remove(path, version)),
)
const anyRead: fc.Arbitrary<ZooKeeperOperation> = fc
  .tuple(
    fc.constantFrom('getData', 'exists', 'getChildren'),
    fc.oneof(names, fc.constant('')),
    fc.boolean(),
  )
  .map(([op, path, watch]) => ({ op, path, watch }) as ZooKeeperOperation)
const anyOperation: fc.Arbitrary<ZooKeeperOperation> = fc.oneof(
  { arbitrary: anyWrite, weight: 5 },
  { arbitrary: anyRead, weight: 4 },
  {
    arbitrary: fc
      .array(
        fc.oneof(
          anyWrite,
          fc.tuple(names, versions).map(([path, version]) => check(path, version)),
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map((writes) => multi(...writes)),
    weight: 1,
  },
)

describe('whatever two clients do', () => {
  test('the model and a real ZooKeeper tell both the same, in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('a', 'b'), anyOperation), {
          minLength: 10,
          maxLength: 40,
        }),
        fc.boolean(),
        async (operations, ends) => {
          const steps = operations.flatMap(([client, operation]) => by(client, operation))
          const end: readonly Step[] = ends ? [{ client: 'b', end: true }] : []

          await agreed([...steps, ...end, ...by('a', getChildren(''), exists('/a'))])
        },
      ),
      { numRuns: 120, seed: 1 },
    )
  }, 300_000)
})
