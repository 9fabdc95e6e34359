/**
 * SimPy on CPython, in processes of its own that measure themselves.
 */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Python is not compiled into `dist`. */
const SCRIPT: string = fileURLToPath(
  new URL('../../../bench/peers/simpy_peers.py', import.meta.url),
)

export type SimpyModel = 'queue' | 'ping-pong' | 'timeouts'

/** Its version, or null where there is none. */
export function simpyVersion(): string | null {
  const asked = spawnSync('python3', ['-c', 'import simpy; print(simpy.__version__)'], {
    encoding: 'utf8',
  })
  return asked.status === 0 ? asked.stdout.trim() : null
}

/** Seconds for so many customers or messages. */
export function inSimpy(model: SimpyModel, count: number): number {
  const child = spawnSync('python3', [SCRIPT, model, String(count)], { encoding: 'utf8' })
  if (child.status !== 0) throw new Error(`simpy_peers.py failed: ${child.stderr}`)
  return Number(child.stdout)
}
