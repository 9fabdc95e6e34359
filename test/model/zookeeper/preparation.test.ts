import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DataTree, statOf } from '../../../model/zookeeper/data-tree.ts'
import type { CreateMode, Write } from '../../../model/zookeeper/messages.ts'
import { type Decision, ProposedTree } from '../../../model/zookeeper/preparation.ts'
import type { Transaction } from '../../../model/zookeeper/transaction.ts'

const guards = { guard: (_guard: number, breach: boolean): boolean => breach }

function transactionOf(zxid: number, sessionId: number, decision: Decision): Transaction {
  return {
    zxid,
    sessionId,
    xid: 1,
    kind: decision.error === 'OK' ? 'multi' : 'error',
    ...decision,
    timeoutMs: 0,
    owner: '',
    expired: false,
    bytes: 0,
  }
}

/** Decides and applies at once. */
class Table {
  readonly tree = new DataTree()
  readonly proposed = new ProposedTree(this.tree)
  #zxid = 0

  write(...writes: readonly Write[]): Decision {
    return this.writeAs(1, ...writes)
  }

  writeAs(session: number, ...writes: readonly Write[]): Decision {
    this.#zxid += 1
    const decision = this.proposed.decide(writes, session, this.#zxid, guards)
    const transaction = transactionOf(this.#zxid, session, decision)
    this.tree.apply(transaction)
    this.proposed.applied(transaction)
    return decision
  }
}

function create(path: string, mode: CreateMode = 'persistent'): Write {
  return { op: 'create', path, data: 0, bytes: 1, mode }
}

function setData(path: string, version = -1): Write {
  return { op: 'setData', path, data: 1, bytes: 1, version }
}

describe('a write', () => {
  test('is refused with the error that its node calls for', () => {
    const table = new Table()
    table.write(create('/a'), create('/a/b'), create('/e', 'ephemeral'), setData('/a'))

    const errors = [
      create('/a'),
      create('/x/y'),
      create('/e/child'),
      setData('/x'),
      setData('/a', 0),
      { op: 'delete', path: '/a', version: -1 } as const,
      { op: 'delete', path: '/a/b', version: 3 } as const,
      { op: 'check', path: '/a', version: 1 } as const,
    ].map((write) => table.write(write).error)

    expect(errors).toEqual([
      'NODEEXISTS',
      'NONODE',
      'NOCHILDRENFOREPHEMERALS',
      'NONODE',
      'BADVERSION',
      'NOTEMPTY',
      'BADVERSION',
      'OK',
    ])
  })

  test('of several fails as a whole, each part with its own outcome', () => {
    const table = new Table()

    const decision = table.write(create('/a'), setData('/b'), create('/c'))

    expect(decision.error).toBe('NONODE')
    expect(decision.results?.map(({ error }) => error)).toEqual([
      'OK',
      'NONODE',
      'RUNTIMEINCONSISTENCY',
    ])
    expect(table.tree.node('/a')).toBeUndefined()
  })

  test('of several sees what those before it in the same multi do', () => {
    const table = new Table()

    const decision = table.write(create('/a'), create('/a/b'), setData('/a', 0), setData('/a', 1))

    expect(decision.error).toBe('OK')
    expect(table.tree.node('/a')?.version).toBe(2)
  })

  test('counts creations and deletions of children in cversion, and names by creations alone', () => {
    const table = new Table()
    const sequential = create('/n', 'persistent-sequential')
    table.write(sequential)
    table.write(sequential)
    table.write({ op: 'delete', path: '/n0000000001', version: -1 })

    const decision = table.write(sequential)

    expect(decision.changes[0]?.path).toBe('/n0000000002')
    expect(statOf(table.tree.node('/') as never).cversion).toBe(4)
  })

  test('with its guard off is done as if its check had passed', () => {
    const tree = new DataTree()
    const proposed = new ProposedTree(tree)
    const off = { guard: (): boolean => false }
    const writes: readonly Write[] = [
      create('/orphan/child'),
      create('/a'),
      create('/a'),
      setData('/missing', 4),
      { op: 'delete', path: '/missing', version: 4 },
      create('/a/b'),
      { op: 'delete', path: '/a', version: 9 },
    ]

    const decision = proposed.decide(writes, 1, 1, off)
    tree.apply(transactionOf(1, 1, decision))

    expect(decision.error).toBe('OK')
    expect(tree.node('/a')).toBeUndefined()
    expect(tree.node('/orphan/child')).toBeDefined()
  })
})

const path = fc.constantFrom('/a', '/b', '/a/x', '/a/y', '/b/x', '/a/x/1')
const version = fc.constantFrom(-1, -1, 0, 1, 2)
const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record({
    op: fc.constant('create' as const),
    path,
    data: fc.nat(9),
    bytes: fc.constant(1),
    mode: fc.constantFrom(
      'persistent',
      'ephemeral',
      'persistent-sequential',
      'ephemeral-sequential',
    ),
  }),
  fc.record({
    op: fc.constant('setData' as const),
    path,
    data: fc.nat(9),
    bytes: fc.constant(1),
    version,
  }),
  fc.record({ op: fc.constant('delete' as const), path, version }),
  fc.record({ op: fc.constant('check' as const), path, version }),
)
const request = fc.record({
  session: fc.integer({ min: 1, max: 3 }),
  writes: fc.array(write, { minLength: 1, maxLength: 4 }),
  /** How many proposals are applied after this one was decided. */
  applied: fc.nat(3),
})
const requests = fc.array(request, { maxLength: 40 })
const property = { seed: 20_241_111, numRuns: 300 }

describe('decisions', () => {
  test('do not depend on how much of what was proposed is applied', () => {
    fc.assert(
      fc.property(requests, (all) => {
        const table = new Table()
        const tree = new DataTree()
        const proposed = new ProposedTree(tree)
        const waiting: Transaction[] = []

        all.forEach(({ session, writes, applied }, index) => {
          const expected = table.writeAs(session, ...writes)
          const decision = proposed.decide(writes, session, index + 1, guards)
          expect(decision).toEqual(expected)
          waiting.push(transactionOf(index + 1, session, decision))
          for (const transaction of waiting.splice(0, applied)) {
            tree.apply(transaction)
            proposed.applied(transaction)
          }
        })

        for (const transaction of waiting) tree.apply(transaction)
        expect(tree.snapshot().nodes).toEqual(table.tree.snapshot().nodes)
      }),
      property,
    )
  })

  test('leave the tree as it was when any part fails', () => {
    fc.assert(
      fc.property(requests, (all) => {
        const table = new Table()
        for (const { session, writes } of all) {
          const before = JSON.stringify(table.tree.snapshot().nodes)
          const { error } = table.writeAs(session, ...writes)
          const after = JSON.stringify(table.tree.snapshot().nodes)
          expect(error === 'OK' || after === before).toBe(true)
        }
      }),
      property,
    )
  })

  test('raise the version of a node by one with each change', () => {
    fc.assert(
      fc.property(requests, (all) => {
        const table = new Table()
        const versions = new Map<string, number>()
        for (const { session, writes } of all) {
          for (const { kind, path, version } of table.writeAs(session, ...writes).changes) {
            const before = versions.get(path) ?? 0
            expect(version).toBe(kind === 'created' ? 0 : kind === 'changed' ? before + 1 : before)
            versions.set(path, kind === 'deleted' ? 0 : version)
          }
        }
      }),
      property,
    )
  })

  test('end a session with all its ephemeral nodes in one transaction, applied or only proposed', () => {
    fc.assert(
      fc.property(requests, (all) => {
        const tree = new DataTree()
        const proposed = new ProposedTree(tree)
        const waiting = all.map(({ session, writes }, index) =>
          transactionOf(index + 1, session, proposed.decide(writes, session, index + 1, guards)),
        )

        const zxid = all.length + 1
        const changes = proposed.decideEndOf(2, zxid)
        const end = transactionOf(zxid, 2, { error: 'OK', changes, results: null })
        for (const transaction of [...waiting, end]) tree.apply(transaction)

        const owners = tree.snapshot().nodes.map(({ ephemeralOwner }) => ephemeralOwner)
        expect(owners).not.toContain(2)
        expect(changes.every(({ kind }) => kind === 'deleted')).toBe(true)
      }),
      property,
    )
  })
})

describe('a snapshot', () => {
  test('holds all there is, and a tree built from it goes on alike', () => {
    fc.assert(
      fc.property(requests, requests, (before, after) => {
        const table = new Table()
        for (const { session, writes } of before) table.writeAs(session, ...writes)
        const copy = new DataTree(table.tree.snapshot())
        const proposed = new ProposedTree(copy)

        after.forEach(({ session, writes }, index) => {
          const zxid = before.length + index + 1
          const decision = proposed.decide(writes, session, zxid, guards)
          expect(decision).toEqual(table.writeAs(session, ...writes))
          const transaction = transactionOf(zxid, session, decision)
          copy.apply(transaction)
          proposed.applied(transaction)
        })

        expect(copy.snapshot()).toEqual(table.tree.snapshot())
      }),
      property,
    )
  })
})
