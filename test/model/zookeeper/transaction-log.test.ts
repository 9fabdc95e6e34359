import { describe, expect, test } from 'vitest'
import { DataTree } from '../../../model/zookeeper/data-tree.ts'
import { TransactionLog } from '../../../model/zookeeper/transaction-log.ts'
import type { Transaction } from '../../../model/zookeeper/transaction.ts'
import { HandHeldDisk } from '../kafka/hand-held-context.ts'

function transaction(zxid: number): Transaction {
  return {
    zxid,
    kind: 'write',
    sessionId: 1,
    xid: zxid,
    changes: [],
    error: 'OK',
    results: null,
    timeoutMs: 0,
    owner: '',
    expired: false,
    bytes: 50,
  }
}

function bench(): { disk: HandHeldDisk; log: TransactionLog; syncs: number[] } {
  const disk = new HandHeldDisk()
  const syncs: number[] = []
  disk.onSync = (_io, key) => void syncs.push(key)
  return { disk, log: new TransactionLog(disk), syncs }
}

function zxids(log: TransactionLog): number[] {
  return log.entries.map(({ zxid }) => zxid)
}

describe('the transaction log', () => {
  test('puts what was appended during a sync into the next one', () => {
    const { log, syncs } = bench()
    log.append(transaction(1))
    log.sync()
    log.append(transaction(2))
    log.append(transaction(3))
    log.sync()

    const during = syncs.length
    log.onSynced(0)
    const after = log.durableZxid
    log.onSynced(0)

    expect([during, after, syncs.length, log.durableZxid]).toEqual([1, 1, 2, 3])
  })

  test('is read back after a restart, without an entry that was torn', () => {
    const { disk, log } = bench()
    log.append(transaction(1))
    log.sync()
    log.onSynced(0)
    log.append(transaction(2))
    log.append(transaction(3))
    disk.losePower('transactions-0', 2, true)

    const restarted = new TransactionLog(disk)

    expect(zxids(restarted)).toEqual([1])
    expect(restarted.durableZxid).toBe(1)
  })

  test('is known for rotten after a restart, until its file is gone', () => {
    const { disk, log } = bench()
    log.append(transaction(1))
    log.append(transaction(2))
    const before = log.rotten
    disk.rotted.add('transactions-0#1')

    const restarted = new TransactionLog(disk)
    restarted.replace(new DataTree().snapshot(), [])

    expect([before, restarted.rotten, new TransactionLog(disk).rotten]).toEqual([
      false,
      true,
      false,
    ])
  })

  test('ignores a sync that began before it was cut', () => {
    const { log } = bench()
    for (const zxid of [1, 2, 3]) log.append(transaction(zxid))
    log.sync()
    log.truncateAfter(1)
    log.append(transaction(9))

    log.onSynced(0)

    expect(zxids(log)).toEqual([1, 9])
    expect(log.synced).toBe(0)
  })

  test('starts anew from a snapshot, keeping its tail, also after a restart', () => {
    const { disk, log } = bench()
    log.append(transaction(1))
    const tree = new DataTree()
    tree.apply(transaction(7))

    log.replace(tree.snapshot(), [transaction(6), transaction(7)])
    log.append(transaction(8))
    const restarted = new TransactionLog(disk)

    expect(zxids(restarted)).toEqual([6, 7, 8])
    expect(restarted.baseZxid).toBe(7)
    expect(restarted.lastZxid).toBe(8)
    expect(disk.files()).not.toContain('transactions-0')
  })

  test('says when the disk refuses', () => {
    const { disk, log } = bench()
    disk.outcome = 'full'

    expect(log.append(transaction(1))).toBe('full')
    expect(log.entries).toEqual([])
  })
})
