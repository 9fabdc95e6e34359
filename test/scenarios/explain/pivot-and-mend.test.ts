import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { accountOf, brokenOf, witness } from '../../../scenarios/explain/account.ts'
import { type Mend, mendOf } from '../../../scenarios/explain/mend.ts'
import { type Pivot, pivotOf } from '../../../scenarios/explain/pivot.ts'
import type { Account } from '../../../scenarios/explain/story.ts'
import { failureOf } from '../../../scenarios/explore/failure.ts'
import { judge } from '../../../scenarios/judge.ts'
import type { Judged, Verdict } from '../../../scenarios/result.ts'
import { run } from '../../../scenarios/run.ts'

interface Broken {
  readonly judged: Judged
  readonly verdict: Verdict
  readonly account: Account
}

/** The first broken promise of a kept failure. */
function brokenIn(file: string): Broken {
  const text = readFileSync(new URL(`../../../corpus/${file}.json`, import.meta.url), 'utf8')
  const seen = witness(failureOf(text, file).case)
  const [verdict] = brokenOf(seen.judged)
  if (verdict === undefined) throw new Error(`${file} breaks nothing`)
  return { judged: seen.judged, verdict, account: accountOf(seen, verdict) }
}

let loss: Broken

beforeAll(() => {
  loss = brokenIn('acks-one-loses-with-its-leader')
})

describe('the pivot of a loss', () => {
  let pivot: Pivot

  beforeAll(() => {
    pivot = pivotOf(loss.judged, loss.verdict, loss.account)
  })

  test('is a flip whose run keeps the promise, under the hash that is told', () => {
    const { told } = pivot
    if (told === null) throw new Error('nothing saves it')

    const flipped = judge(run(told.case), { series: false })

    expect(flipped.result.traceHash).toBe(told.traceHash)
    expect(flipped.result.traceHash).not.toBe(pivot.traceHash)
    const again = flipped.verdicts.find(
      ({ check, scope }) => check === pivot.check && scope === pivot.scope,
    )
    expect(['kept', 'vacuous']).toContain(again?.verdict)
  })

  test('names both hashes in its sentence', () => {
    expect(pivot.sentence).toContain(pivot.told?.traceHash ?? '?')
    expect(pivot.sentence).toContain(pivot.traceHash)
  })

  test('is not found where no run may be spent on it', () => {
    const none = pivotOf(loss.judged, loss.verdict, loss.account, { runsMax: 0 })

    expect(none).toMatchObject({ tried: 0, saved: [], told: null })
  })
})

describe('the mend', () => {
  test('of a loss with acks=1 is acks=all, kept in every case that broke', () => {
    const mend: Mend = mendOf(loss.judged, loss.verdict, loss.account, { casesMax: 3 })

    expect(mend.best?.sets.join(' ')).toContain('acks=all')
    expect(mend.best).toMatchObject({ kept: mend.cases, of: mend.cases, refused: null })
  })

  test('of disorder by an added partition tries nothing that it cannot show', () => {
    const { judged, verdict, account } = brokenIn('added-partition-breaks-order')

    const { tried, best } = mendOf(judged, verdict, account, { casesMax: 2 })

    for (const { kept, of } of tried) expect(kept).toBeLessThanOrEqual(of)
    expect(best === null || best.kept === best.of).toBe(true)
  })

  test('stops when enough was spent', () => {
    const { tried } = mendOf(loss.judged, loss.verdict, loss.account, { enough: () => true })

    expect(tried).toEqual([])
  })
})
