import { describe, expect, test } from 'vitest'
import type { Change } from '../../../model/zookeeper/transaction.ts'
import { type Watcher, WatchTable } from '../../../model/zookeeper/watches.ts'

function watcher(): Watcher {
  return { dataWatches: new Set(), childWatches: new Set() }
}

function change(kind: Change['kind'], path: string): Change {
  const nothing = { data: null, bytes: 0, version: 0, czxid: 0, ephemeralOwner: 0 }
  return { kind, path, ...nothing, parentCreates: 0 }
}

function events(table: WatchTable<Watcher>, kind: Change['kind'], path: string): string[] {
  return table.take(change(kind, path)).map((fired) => `${fired.event} ${fired.path}`)
}

describe('watches', () => {
  test('fire once', () => {
    const table = new WatchTable()
    table.watchData('/a', watcher())

    expect(events(table, 'changed', '/a')).toEqual(['NodeDataChanged /a'])
    expect(events(table, 'changed', '/a')).toEqual([])
  })

  test.each([
    ['created', ['NodeCreated /a/b', 'NodeChildrenChanged /a']],
    ['changed', ['NodeDataChanged /a/b']],
    ['deleted', ['NodeDeleted /a/b', 'NodeDeleted /a/b', 'NodeChildrenChanged /a']],
    ['checked', []],
  ] as const)('on a node, its children and its parent fire when it is %s', (kind, expected) => {
    const table = new WatchTable()
    table.watchData('/a/b', watcher())
    table.watchChildren('/a/b', watcher())
    table.watchChildren('/a', watcher())
    table.watchData('/a', watcher())

    expect(events(table, kind, '/a/b')).toEqual(expected)
  })

  test('of one client on data and children of a node that goes fire as one event', () => {
    const table = new WatchTable()
    const owner = watcher()
    table.watchData('/a', owner)
    table.watchChildren('/a', owner)

    expect(events(table, 'deleted', '/a')).toEqual(['NodeDeleted /a'])
    expect(owner.childWatches.size).toBe(0)
  })

  test('go with their client', () => {
    const table = new WatchTable()
    const owner = watcher()
    table.watchData('/a', owner)
    table.watchChildren('/', owner)

    table.forget(owner)

    expect(events(table, 'created', '/a')).toEqual([])
  })
})
