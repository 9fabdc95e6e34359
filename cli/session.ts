/**
 * One call of dmqsim: its terminal, its exit code, and how to do the same again if it fails.
 */

import type { Command } from 'commander'
import type { Head } from '../reports/answer.ts'
import { ENGINE } from '../scenarios/engine.ts'
import { ExitCode } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

/** A command of the program, added to it. */
export type Declare = (program: Command, session: Session) => void

export class Session {
  readonly terminal: Terminal
  readonly #startedMs: number
  exitCode: number = ExitCode.asExpected
  /** The command that does the same again, once it is known. */
  again: string | null = null

  constructor(terminal: Terminal) {
    this.terminal = terminal
    this.#startedMs = terminal.now()
  }

  head(command: string, seed: number | null): Head {
    return {
      version: ENGINE,
      command,
      seed,
      wallMs: Math.round(this.terminal.now() - this.#startedMs),
      node: process.version,
    }
  }
}
