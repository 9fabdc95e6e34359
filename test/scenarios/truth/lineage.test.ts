import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Batch } from '../../../model/record.ts'
import {
  Branch,
  commonDepth,
  endAt,
  forget,
  grown,
  holds,
  homeOf,
  type Position,
} from '../../../scenarios/truth/lineage.ts'

const content = { kind: 'explicit', records: [] } as const

function batch(count: number): Batch {
  return {
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    transactional: false,
    control: 'none',
    count,
    bytes: 1,
    maxTimestampMs: 0,
    content,
  }
}

/** A log as it is usually kept: an array of what stands in it. */
interface Plain {
  readonly position: Position
  batches: Batch[]
}

/** Three batches that every log may append, so that logs meet as often as they part. */
const batches = [batch(1), batch(2), batch(3)] as const

const step = fc.record({
  log: fc.nat(2),
  act: fc.constantFrom('append', 'append', 'append', 'cut'),
  which: fc.nat(2),
})

function play(steps: readonly { log: number; act: string; which: number }[]): Plain[] {
  const root = new Branch(null, 0)
  const logs = [0, 1, 2].map((): Plain => ({ position: { branch: root, depth: 0 }, batches: [] }))
  for (const { log, act, which } of steps) {
    const plain = logs[log] as Plain
    const { position } = plain
    if (act === 'append') {
      const added = batches[which] as Batch
      position.branch = grown(position, endAt(position.branch, position.depth), 0, added)
      position.depth += 1
      plain.batches.push(added)
    } else {
      const depth = Math.max(0, position.depth - which)
      position.branch = homeOf(position.branch, depth)
      position.depth = depth
      plain.batches = plain.batches.slice(0, depth)
    }
  }
  return logs
}

function plainCommon(left: readonly Batch[], right: readonly Batch[]): number {
  let at = 0
  while (at < left.length && at < right.length && left[at] === right[at]) at += 1
  return at
}

describe('the lineage of logs', () => {
  test('knows how far any two logs agree, whatever was appended and cut', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const logs = play(steps)

        for (const left of logs) {
          for (const right of logs) {
            const common = plainCommon(left.batches, right.batches)
            expect(commonDepth(left.position, right.position)).toBe(common)
            expect(holds(left.position, right.position)).toBe(common === right.batches.length)
          }
        }
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  test('knows the end of every log', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        for (const { position, batches: kept } of play(steps)) {
          const end = kept.reduce((sum, { count }) => sum + count, 0)
          expect(endAt(position.branch, position.depth)).toBe(end)
        }
      }),
      { seed: 7, numRuns: 300 },
    )
  })
})

test('what is forgotten leaves places and ends as they were', () => {
  const root = new Branch(null, 0)
  const log: Position = { branch: root, depth: 0 }
  const other: Position = { branch: root, depth: 0 }
  const append = (to: Position, added: Batch): void => {
    to.branch = grown(to, endAt(to.branch, to.depth), 0, added)
    to.depth += 1
  }
  for (let n = 0; n < 1000; n += 1) {
    append(log, batches[n % 3] as Batch)
    append(other, batches[n % 3] as Batch)
  }
  const end = endAt(log.branch, log.depth)

  forget(root, 900)
  append(log, batches[0])
  append(other, batches[1])

  expect(root.first).toBe(900)
  expect(endAt(root, 1000)).toBe(end)
  expect(endAt(log.branch, log.depth)).toBe(end + 1)
  expect(commonDepth(log, other)).toBe(1000)
  expect(holds(other, { branch: root, depth: 100 })).toBe(true)
})
