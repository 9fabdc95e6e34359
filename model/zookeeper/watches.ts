/**
 * The watches that clients of one server have set there: one-shot, in the order of setting (KB Z15,
 * Z16).
 *
 * Follows WatchManager of ZooKeeper 3.8: data and exists watches share one table, child watches
 * have their own. Left out: persistent and recursive watches.
 */

import type { WatchEventType } from './messages.ts'
import { type Change, parentOf } from './transaction.ts'

/**
 * Who watches: a client's connection. It remembers its paths so that they can be dropped with it.
 */
export interface Watcher {
  readonly dataWatches: Set<string>
  readonly childWatches: Set<string>
}

export interface FiredWatch<Owner> {
  readonly owner: Owner
  readonly event: WatchEventType
  readonly path: string
}

export class WatchTable<Owner extends Watcher> {
  readonly #data = new Map<string, Set<Owner>>()
  readonly #children = new Map<string, Set<Owner>>()

  watchData(path: string, owner: Owner): void {
    owner.dataWatches.add(path)
    add(this.#data, path, owner)
  }

  watchChildren(path: string, owner: Owner): void {
    owner.childWatches.add(path)
    add(this.#children, path, owner)
  }

  forget(owner: Owner): void {
    for (const path of owner.dataWatches) remove(this.#data, path, owner)
    for (const path of owner.childWatches) remove(this.#children, path, owner)
    owner.dataWatches.clear()
    owner.childWatches.clear()
  }

  /** Removes the watches that the change fires and returns them in the order of their events. */
  take(change: Change): readonly FiredWatch<Owner>[] {
    const { kind, path } = change
    if (kind === 'checked') return []
    const fired: FiredWatch<Owner>[] = []
    const event = eventOf(kind)
    const told = this.#takeData(path)
    for (const owner of told ?? []) fired.push({ owner, event, path })
    if (kind === 'changed') return fired
    if (kind === 'deleted') {
      for (const owner of this.#takeChildren(path) ?? []) {
        // One client that watches both the data and the children of a node hears once that it went.
        if (told?.has(owner) !== true) fired.push({ owner, event, path })
      }
    }
    const parent = parentOf(path)
    for (const owner of this.#takeChildren(parent) ?? []) {
      fired.push({ owner, event: 'NodeChildrenChanged', path: parent })
    }
    return fired
  }

  #takeData(path: string): Set<Owner> | undefined {
    const owners = this.#data.get(path)
    if (owners === undefined) return undefined
    this.#data.delete(path)
    for (const owner of owners) owner.dataWatches.delete(path)
    return owners
  }

  #takeChildren(path: string): Set<Owner> | undefined {
    const owners = this.#children.get(path)
    if (owners === undefined) return undefined
    this.#children.delete(path)
    for (const owner of owners) owner.childWatches.delete(path)
    return owners
  }
}

function eventOf(kind: 'created' | 'changed' | 'deleted'): WatchEventType {
  if (kind === 'created') return 'NodeCreated'
  return kind === 'changed' ? 'NodeDataChanged' : 'NodeDeleted'
}

function add<Owner>(table: Map<string, Set<Owner>>, path: string, owner: Owner): void {
  let owners = table.get(path)
  if (owners === undefined) {
    owners = new Set()
    table.set(path, owners)
  }
  owners.add(owner)
}

function remove<Owner>(table: Map<string, Set<Owner>>, path: string, owner: Owner): void {
  const owners = table.get(path)
  if (owners === undefined) return
  owners.delete(owner)
  if (owners.size === 0) table.delete(path)
}
