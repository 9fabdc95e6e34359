import { expect, test } from 'vitest'
import type { ProcessRuntime } from '../../sim/runtime.ts'
import { Supervisor } from '../../sim/supervisor.ts'

const POLICY = { afterUs: 1_000, backoff: 2, maxUs: 3_000 }
const MINUTE_US = 60_000_000

/** A supervisor knows its processes by identity alone. */
const broker = { name: 'broker-1' } as ProcessRuntime

test('starts in a row wait longer and longer, up to a bound', () => {
  const supervisor = new Supervisor()
  supervisor.add(broker, POLICY)

  const waits = [1, 2, 3, 4].map(() => supervisor.restartUs(broker, 0))

  expect(waits).toEqual([1_000, 2_000, 3_000, 3_000])
})

test('after a minute of running the next start is the first of a row', () => {
  const supervisor = new Supervisor()
  supervisor.add(broker, POLICY)
  supervisor.restartUs(broker, 0)
  supervisor.started(broker, 1_000)

  const early = supervisor.restartUs(broker, 1_000 + MINUTE_US)
  const late = supervisor.restartUs(broker, 1_001 + MINUTE_US)

  expect(early).toBe(1_000 + MINUTE_US + 2_000)
  expect(late).toBe(1_001 + MINUTE_US + 1_000)
})

test('nobody starts a process without a policy again', () => {
  const supervisor = new Supervisor()
  supervisor.add(broker, null)

  expect(supervisor.restartUs(broker, 0)).toBeNull()
})

test('a process is held down until it was let up as often', () => {
  const supervisor = new Supervisor()
  supervisor.add(broker, POLICY)
  supervisor.holdDown(broker)
  supervisor.holdDown(broker)

  supervisor.letUp(broker)
  const heldOnce = supervisor.isHeldDown(broker)
  supervisor.letUp(broker)

  expect([heldOnce, supervisor.isHeldDown(broker)]).toEqual([true, false])
})
