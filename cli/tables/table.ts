/**
 * What a table is: a question asked of many cases, and its answer in every form.
 *
 * A table does its own work, within the runs and threads it is given, and says its exit code; the
 * command prints it and writes its JSON beside.
 */

import type { Spoken } from '../answer.ts'
import type { Folder } from '../folder.ts'
import type { ProgressLine } from '../progress.ts'
import type { Session } from '../session.ts'

export interface TableOptions {
  readonly session: Session
  readonly seed: number
  /** Of each row; null: as many as the table holds right. */
  readonly runs: number | null
  readonly jobs: number
  /** Rows that are asked for, by their ids; empty: all. */
  readonly only: readonly string[]
  readonly progress: ProgressLine
  /** Where the answer goes, for what a table keeps beside it. */
  readonly folder: Folder
  /** Whether someone wants it to end: what stands by then is the answer. */
  readonly stopped: () => boolean
}

export interface TableAnswer extends Spoken {
  /** That the rows ask for; an interrupt goes before it. */
  readonly exitCode: number
  /** What is written beside the JSON; absent: nothing. */
  readonly files?: () => readonly { readonly name: string; readonly text: string }[]
}

export interface Table {
  /** What stands in the list of tables. */
  readonly title: string
  /** Throws a `UsageError` for what the table does not have, before any file is touched. */
  check(asked: Pick<TableOptions, 'only' | 'runs'>): void | Promise<void>
  run(options: TableOptions): Promise<TableAnswer>
}
