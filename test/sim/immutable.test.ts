/**
 * Messages and entries of files are the same for whoever holds them: nobody changes one that was
 * sent or appended (contracts 1). Here each is frozen, so that a change would throw.
 */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { plainCase } from '../../scenarios/explore/cases.ts'
import { run } from '../../scenarios/run.ts'
import { Network } from '../../sim/network.ts'
import { SimulatedDisk } from '../../sim/simulated-disk.ts'
import { tenSeconds } from '../ten-seconds.ts'

let frozen = 0

/** Freezes a value and all that it holds; typed arrays cannot be. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (ArrayBuffer.isView(value) || Object.isFrozen(value)) return
  Object.freeze(value)
  frozen += 1
  for (const held of Object.values(value)) freeze(held)
}

beforeEach(() => {
  const { send } = Network.prototype
  const { append } = SimulatedDisk.prototype
  vi.spyOn(Network.prototype, 'send').mockImplementation(function sendFrozen(
    this: Network,
    endpoint,
    message,
    bytes,
  ) {
    freeze(message)
    send.call(this, endpoint, message, bytes)
  })
  vi.spyOn(SimulatedDisk.prototype, 'append').mockImplementation(function appendFrozen(
    this: SimulatedDisk,
    ...given
  ) {
    freeze(given[1])
    return append.apply(this, given)
  })
})

afterEach(() => {
  vi.restoreAllMocks()
})

test('nobody changes a message that was sent or an entry that was appended', async () => {
  const { ended } = run(plainCase(await tenSeconds(), 1))

  expect(ended).toBe('drained')
  expect(frozen).toBeGreaterThan(10_000)
})
