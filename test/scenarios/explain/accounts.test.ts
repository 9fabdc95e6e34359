import { describe, expect, test } from 'vitest'
import { accountOf, brokenOf, witness } from '../../../scenarios/explain/account.ts'
import type { Account } from '../../../scenarios/explain/story.ts'
import type { Case } from '../../../scenarios/case.ts'
import { exploredCase, plainCase } from '../../../scenarios/explore/cases.ts'
import { withSets } from '../../../scenarios/explain/mend.ts'
import { run } from '../../../scenarios/run.ts'
import { loadScenario } from '../../../scenarios/schema/load.ts'

const STORED = 'no-loss stored'

async function plain(name: string, sets: readonly string[] = []): Promise<Case> {
  const { scenario } = await loadScenario(name, { sets })
  return plainCase(scenario, 1)
}

function accountIn(one: Case, check: string): Account {
  const seen = witness(one)
  const verdict = brokenOf(seen.judged).find((broken) => broken.check === check)
  if (verdict === undefined) throw new Error(`${check} does not break`)
  return accountOf(seen, verdict)
}

function story({ steps }: Account): string {
  return steps.map(({ text }) => text).join('\n')
}

describe('accounts of real failures', () => {
  test('a loss with acks=1 tells the append, the acknowledgement, the election and the cut', async () => {
    const { scenario } = await loadScenario('leader-crash-acks-one')
    let account: Account | null = null
    for (let index = 0; index < 40 && account === null; index += 1) {
      const seen = witness(exploredCase(scenario, 1, index))
      const lost = seen.judged.verdicts.find(({ check, scope }) => `${check} ${scope}` === STORED)
      if (lost?.verdict === 'broken') account = accountOf(seen, lost)
    }
    if (account === null) throw new Error('nothing was lost')

    expect(account.kind).toBe('loss')
    expect(story(account)).toMatch(/appended it at offset \d+/)
    expect(story(account)).toMatch(/was told ok \(acks=1\): at that moment broker \d alone had it/)
    expect(story(account)).toMatch(
      /began to lead orders-\d in epoch \d+ with its log ending at \d+/,
    )
    expect(story(account)).toMatch(/cut its log of orders-\d back from \d+ to \d+|lost power|died/)
  })

  test('a record that was committed and not processed tells who committed past it', async () => {
    const account = accountIn(await plain('commit-before-process'), 'no-loss')

    expect(account.kind).toBe('unprocessed')
    expect(story(account)).toMatch(
      /payment-1 committed offset \d+, past this record: it was accepted/,
    )
    expect(story(account)).toMatch(/payment-1 died/)
    expect(story(account)).toMatch(/got orders-\d and went on at offset \d+/)
  })

  test('a record that was processed twice tells the commit that did not come', async () => {
    const account = accountIn(await plain('process-then-commit'), 'no-duplicates')

    expect(account.kind).toBe('repeats')
    expect(story(account)).toMatch(/had processed it \(offset \d+.*\n[\s\S]*died[\s\S]*again/)
  })

  test('an effect that happened twice tells both of them', async () => {
    const account = accountIn(await plain('process-then-commit'), 'effects-once')

    expect(story(account).match(/payment applied the effect of message/g)).toHaveLength(2)
  })

  test('an effect that did not happen is not told as one that happened twice', async () => {
    const sets = ['consumers.payment.pattern=idempotent-mark-before']
    const account = accountIn(await plain('process-then-commit', sets), 'effects-once')

    expect(account.about).toContain('missing effect')
    expect(account.moral).toContain('left the effect out')
  })

  test('two records of a key in the wrong order tell of the partitions that were added', async () => {
    const account = accountIn(await plain('partition-added-mid-run'), 'order-by-key')

    expect(account.kind).toBe('disorder')
    expect(story(account)).toContain('the timeline struck: add-partitions orders')
    expect(account.moral).toMatch(/^The key moved from orders-\d to orders-\d/)
  })

  test('a record that stands twice tells of both sends and both appends', async () => {
    const account = accountIn(await plain('send-timeout-then-resend'), 'no-log-duplicates')

    expect(account.kind).toBe('copies')
    expect(story(account)).toContain('its time ran out: it may have been stored or not')
    expect(story(account).match(/appended it at offset/g)?.length).toBeGreaterThan(1)
  })

  test('a backlog is told in rates', async () => {
    const slow = await plain('slow-consumer', ['consumers.analytics.work=30ms'])
    const seen = witness({ ...slow, timeline: [] })
    const verdict = seen.judged.verdicts.find(({ check }) => check === 'backlog-drains')

    const account = accountOf(seen, verdict as NonNullable<typeof verdict>)

    expect(account.kind).toBe('backlog')
    expect(story(account)).toMatch(/until \d+\.\d+ s \d+ records a second were acknowledged/)
    expect(account.moral).toContain('does 33 a second at most')
  })
})

test('a run with a witness is the run without', async () => {
  const one = await plain('commit-before-process')

  const { result } = witness(one)

  expect(result.traceHash).toBe(run(one).traceHash)
})

test('steps stand in the order of time', async () => {
  const { steps } = accountIn(await plain('commit-before-process'), 'no-loss')

  const times = steps.flatMap(({ atUs }) => atUs ?? [])
  expect(times).toEqual(times.toSorted((a, b) => a - b))
})

test('settings change the copy of a case as --set changes a scenario', async () => {
  const one = await plain('commit-before-process')

  const changed = withSets(one, [
    'cluster.config.min.insync.replicas=1',
    'consumers.payment.members=4',
  ])

  expect(changed.scenario.cluster.config['min.insync.replicas']).toBe(1)
  expect(changed.scenario.consumers[0]?.members).toBe(4)
  expect(one.scenario.consumers[0]?.members).toBe(2)
})
