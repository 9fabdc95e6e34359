/**
 * A terminal that keeps what is said to it, and a small scenario to say something about.
 */

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram } from '../../cli/program.ts'
import type { Terminal } from '../../cli/terminal.ts'

export interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Calls the program without a process of its own. */
export async function said(
  argv: readonly string[],
  changes: Partial<Terminal> = {},
): Promise<Said> {
  let out = ''
  let err = ''
  const code = await runProgram(argv, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    columns: 80,
    colour: false,
    live: false,
    environment: {},
    now: () => performance.now(),
    onInterrupt: () => () => {},
    ...changes,
  })
  return { code, out, err }
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'dmqsim-test-'))
}

/** Ten seconds, three brokers, a leader that dies; a few hundred records. */
export const smallScenario = `name: small
question: Does a small scenario run?
problem: loss
system: kafka
duration: 10s
timeouts: brisk
topics: [{ name: orders, partitions: 2, replicationFactor: 3 }]
producers:
  - { name: order-service, topic: orders, keys: 5, load: { rate: 20/s } }
timeline:
  - { at: 3s, crash: leader of orders-0, for: 2s }
swarm: { families: [crash, pause], faults: { min: 1, max: 2 } }
checks: [no-loss, truth]
expect: { no-loss: kept, truth: kept }
`

/** The path of a scenario file with more lines at its end. */
export function scenarioFile(folder: string, more = ''): string {
  const file = join(folder, 'small.yaml')
  writeFileSync(file, smallScenario + more)
  return file
}
