import { beforeAll, describe, expect, test } from 'vitest'
import { Folder } from '../../cli/folder.ts'
import { keepFailures } from '../../cli/kept-failures.ts'
import { type Exploration, explore } from '../../scenarios/explore/explore.ts'
import type { Failure } from '../../scenarios/explore/failure.ts'
import { loadScenario } from '../../scenarios/schema/load.ts'
import { temporaryFolder } from './recording-terminal.ts'

const DAY_MS = 86_400_000
const FILE = 'leader-crash-acks-one'
const sets = ['duration=15s', 'producers.order-service.load.rate=40/s']

/** Runs up to the first that loses. */
async function found(expectation: string): Promise<Exploration> {
  const expect = `expect.no-loss=${expectation}`
  const { scenario } = await loadScenario(FILE, { sets: [...sets, expect] })
  const enough = ({ failures, breaks }: { failures: number; breaks: number }): boolean =>
    failures + breaks > 0
  return await explore({ scenario, seed: 1, runs: 40, jobs: 1, enough })
}

/** What is kept of it where the time was over so long ago. */
function keptAfter(exploration: Exploration, overMs: number): Failure {
  const [first] = keepFailures(exploration, {
    folder: new Folder('kept', 1, temporaryFolder()),
    shrinks: true,
    now: () => DAY_MS,
    tell: () => {},
    untilMs: DAY_MS - overMs,
  }).failures
  if (first === undefined) throw new Error('forty runs lost nothing')
  return first.failure
}

describe('when the time of an exploration is over', () => {
  let expected: Exploration
  let unexpected: Exploration

  beforeAll(async () => {
    expected = await found('breaks')
    unexpected = await found('kept')
  })

  test('what was to break is kept as it was found when ten seconds have passed', () => {
    const failure = keptAfter(expected, 10_001)

    expect(failure).toMatchObject({ expected: true, shrinkRuns: 1, shrinkStopped: 'time' })
    expect(failure.faults).toBe(failure.shrunkFrom.faults)
  })

  test('what broke a promise is shrunk all the same', () => {
    const failure = keptAfter(unexpected, 1)

    expect(failure.expected).toBe(false)
    expect(failure.shrinkRuns).toBeGreaterThan(1)
    expect(failure.shrinkStopped).not.toBe('time')
  })

  test('what broke a promise is kept as it was found when a minute has passed', () => {
    expect(keptAfter(unexpected, 60_001)).toMatchObject({ shrinkRuns: 1, shrinkStopped: 'time' })
  })
})

test('before the time is over what was to break is shrunk', async () => {
  const failure = keptAfter(await found('breaks'), -DAY_MS)

  expect(failure.shrinkRuns).toBeGreaterThan(1)
  expect(failure.shrinkStopped).not.toBe('time')
})
