import { readFileSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Case } from '../../../scenarios/case.ts'
import { exploredCase, plainCase } from '../../../scenarios/explore/cases.ts'
import {
  caseOfToken,
  checkedCase,
  type Failure,
  failureFrom,
  failureOf,
  isToken,
  tokenOf,
} from '../../../scenarios/explore/failure.ts'
import { judge } from '../../../scenarios/judge.ts'
import { run } from '../../../scenarios/run.ts'
import { loadScenario } from '../../../scenarios/schema/load.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import { tenSeconds } from '../../ten-seconds.ts'

/** Preparing runs a case. */
const HOOK_MS = 120_000

let scenario: Scenario
let one: Case

beforeAll(async () => {
  scenario = await tenSeconds()
  one = exploredCase(scenario, 1, 3)
})

function messageOf(body: () => unknown): string {
  try {
    body()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('nothing was thrown')
}

describe('a token', () => {
  test('carries its case whole', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat({ max: 50 }), (seed, index) => {
        const given = exploredCase(scenario, seed, index)
        expect(caseOfToken(tokenOf(given))).toEqual(given)
      }),
      { numRuns: 50, seed: 1 },
    )
  })

  test('is one word that can be pasted, and known by its beginning', () => {
    const token = tokenOf(one)

    expect(token).toMatch(/^dmq2\.[A-Za-z0-9_-]+$/)
    expect(token.length).toBeLessThan(6_000)
    expect(isToken(token)).toBe(true)
    expect(isToken('failure.json')).toBe(false)
  })

  test('that lost its end says so in one line', () => {
    const token = tokenOf(one)
    fc.assert(
      fc.property(fc.integer({ min: 5, max: token.length - 8 }), (length) => {
        const message = messageOf(() => caseOfToken(token.slice(0, length)))
        expect(message).toBe('the token is damaged: copy it whole, from "dmq2." to its end')
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  test.each([
    ['a number', 7],
    ['an older format', { format: 0 }],
    ['no timeline', { format: 1, seed: 1, scenario: { cluster: {} } }],
    ['a broken seed', { format: 1, seed: -1, scenario: { cluster: {} }, timeline: [] }],
  ])('that holds %s is refused in one line that speaks of the token', (_what, value) => {
    const token = `dmq1.${deflateRawSync(JSON.stringify(value)).toString('base64url')}`

    expect(messageOf(() => caseOfToken(token))).toMatch(/^the token: .+$/)
  })
})

test('a token with one letter changed is damaged', () => {
  const token = tokenOf(one)
  for (const at of [6, 12, 40, token.length - 2]) {
    const letter = token[at] === 'x' ? 'y' : 'x'
    const changed = `${token.slice(0, at)}${letter}${token.slice(at + 1)}`

    expect(messageOf(() => caseOfToken(changed))).toMatch(/^the token is damaged/)
  }
})

test('a token of the first format is read as it was', () => {
  const text = readFileSync(new URL('./fixtures/token-1.txt', import.meta.url), 'utf8').trim()

  const found = caseOfToken(text)

  expect(text).toMatch(/^dmq1\./)
  expect(isToken(text)).toBe(true)
  expect(found).toMatchObject({ format: 1, seed: 7, scenario: { name: 'ten-seconds' } })
  expect(caseOfToken(tokenOf(found))).toEqual(found)
})

test('a token that unpacks to no JSON says that it is damaged', () => {
  const token = `dmq1.${deflateRawSync('{"format":1,').toString('base64url')}`

  expect(messageOf(() => caseOfToken(token))).toMatch(/^the token/)
})

describe('a failure file', () => {
  let failure: Failure
  beforeAll(async () => {
    const loses = (await loadScenario('commit-before-process')).scenario
    const judged = judge(run(plainCase(loses, 1)), { series: false })
    const verdict = judged.verdicts.find(({ verdict: word }) => word === 'broken')
    if (verdict === undefined) throw new Error('the scenario did not break')
    const shrunkFrom = { faults: 3, records: 100, brokers: 3 }
    failure = failureFrom(judged, verdict, { index: 4, shrunkFrom, shrinkRuns: 17 })
  }, HOOK_MS)

  test('goes through JSON and is the same failure', () => {
    expect(failureOf(JSON.stringify(failure, null, 2), 'a.json')).toEqual(failure)
  })

  test('says what broke, where it was found, and which run it was', () => {
    expect(failure.check).toBe('no-loss')
    expect(failure.scope).toBe('processed:payment')
    expect(failure.expected).toBe(true)
    expect(failure.evidence.length).toBeGreaterThan(0)
    expect([failure.index, failure.shrinkRuns, failure.faults]).toEqual([4, 17, 1])
  })

  test('replays to the hashes that it keeps', () => {
    const again = run(failureOf(JSON.stringify(failure), 'a.json').case)

    expect(again.traceHash).toBe(failure.traceHash)
    expect(again.historyHash).toBe(failure.historyHash)
  })

  test.each([
    ['cut off', (text: string) => text.slice(0, text.length / 2), 'not JSON'],
    ['of another format', (text: string) => text.replace('failure/1', 'failure/9'), 'format'],
    ['without its case', (text: string) => text.replace('"case"', '"cave"'), 'no case'],
    ['empty', () => '', 'not JSON'],
    ['a list', () => '[]', 'not a failure file'],
  ])('that is %s is refused in one line with its name', (_what, damage, why) => {
    const message = messageOf(() => failureOf(damage(JSON.stringify(failure)), 'kept/a.json'))

    expect(message.startsWith('kept/a.json: ')).toBe(true)
    expect(message).toContain(why)
    expect(message).not.toContain('\n')
  })
})

describe('the outline of a case', () => {
  test('is that of every case we make', () => {
    expect(checkedCase(one, 'here')).toBe(one)
    expect(checkedCase(plainCase(scenario, Number.MAX_SAFE_INTEGER), 'here').seed).toBe(2 ** 53 - 1)
  })

  test.each([null, 'text', 7, [], {}])('is not that of %j', (value) => {
    expect(messageOf(() => checkedCase(value, 'here'))).toMatch(/^here: /)
  })
})
