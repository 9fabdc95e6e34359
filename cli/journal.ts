/**
 * The journal of an exploration: every run as soon as it is done, so that a killed one goes on.
 *
 * Lines of JSON, appended whole; a last line without its end is what a kill left of it, and is cut
 * off. Names and verdicts that come again and again stand once and are told by number. The same
 * file is what `merge` reads of a shard.
 */

import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ENGINE } from '../scenarios/engine.ts'
import type { Exploration } from '../scenarios/explore/explore.ts'
import type { Shard } from '../scenarios/explore/shard.ts'
import type { RunSummary, VerdictSummary } from '../scenarios/explore/summary.ts'
import { InputError } from '../scenarios/schema/input-error.ts'
import type { Scenario } from '../scenarios/schema/scenario.ts'
import { type Folder, writeWhole } from './folder.ts'

export const JOURNAL = 'journal.jsonl'
const FORMAT = 'dmqsim-journal/1'

/** What is explored; a journal of something else is of no use. */
export interface JournalHead {
  readonly scenario: Scenario
  readonly seed: number
  readonly shard: Shard | null
}

/** How an exploration came to its end. */
export interface JournalEnd {
  readonly jobs: number
  readonly exploredMs: number
  readonly determinism: Exploration['determinism']
  readonly spent: Exploration['spent']
}

export interface ReadJournal extends JournalHead {
  readonly engine: string
  readonly runs: readonly RunSummary[]
  /** Null where it was cut short. */
  readonly end: JournalEnd | null
}

/** A run with numbers for names. */
interface PackedRun extends Omit<RunSummary, 'probes' | 'guards' | 'reached' | 'verdicts'> {
  readonly probes: readonly number[]
  readonly guards: readonly (readonly [number, number])[]
  readonly reached: readonly (readonly [number, readonly number[]])[]
  readonly verdicts: readonly number[]
}

export class Journal {
  readonly #file: string
  readonly #numbers = new Map<string, number>()
  #fresh: string[] = []

  /** Begins anew with a head and what is known already. */
  constructor(folder: Folder, head: JournalHead, known: readonly RunSummary[]) {
    this.#file = folder.file(JOURNAL)
    const lines = [JSON.stringify({ format: FORMAT, engine: ENGINE, ...head })]
    for (const run of known) lines.push(...this.#lines(run))
    writeWhole(this.#file, `${lines.join('\n')}\n`)
  }

  keep(run: RunSummary): void {
    this.#append(this.#lines(run))
  }

  end(end: JournalEnd): void {
    this.#append([JSON.stringify({ end })])
  }

  #append(lines: readonly string[]): void {
    appendFileSync(this.#file, `${lines.join('\n')}\n`)
  }

  #lines(run: RunSummary): string[] {
    const packed: PackedRun = {
      ...run,
      probes: run.probes.map((name) => this.#number(name)),
      guards: Object.entries(run.guards).map(([name, count]) => [this.#number(name), count]),
      reached: Object.entries(run.reached).map(([kind, probes]) => [
        this.#number(kind),
        probes.map((name) => this.#number(name)),
      ]),
      verdicts: run.verdicts.map((verdict) => this.#number(JSON.stringify(verdict))),
    }
    const names = this.#fresh
    this.#fresh = []
    const line = JSON.stringify({ run: packed })
    return names.length === 0 ? [line] : [JSON.stringify({ names }), line]
  }

  #number(name: string): number {
    let number = this.#numbers.get(name)
    if (number === undefined) {
      number = this.#numbers.size
      this.#numbers.set(name, number)
      this.#fresh.push(name)
    }
    return number
  }
}

/** The journal in a folder; null if there is none. Throws `InputError` where it cannot be read. */
export function readJournal(folder: string): ReadJournal | null {
  const file = join(folder, JOURNAL)
  if (!existsSync(file)) return null
  const text = readFileSync(file, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const lines = whole.split('\n').slice(0, -1)
  const reader = new Reader(file)
  lines.forEach((line, at) => reader.line(line, at + 1))
  return reader.journal()
}

/** Whether a journal is of the same exploration, whatever its extent. */
export function continues(journal: ReadJournal, head: JournalHead): boolean {
  const about = ({ scenario, seed, shard }: JournalHead): string =>
    JSON.stringify([scenario, seed, shard])
  return journal.engine === ENGINE && about(journal) === about(head)
}

class Reader {
  readonly #file: string
  readonly #names: string[] = []
  readonly #runs = new Map<number, RunSummary>()
  #head: (JournalHead & { readonly engine: string }) | null = null
  #end: JournalEnd | null = null

  constructor(file: string) {
    this.#file = file
  }

  line(text: string, number: number): void {
    const value = this.#parsed(text, number)
    if (this.#head === null) {
      if (value['format'] !== FORMAT) throw this.#damaged(number, `is no ${FORMAT}`)
      this.#head = value as unknown as JournalHead & { engine: string }
    } else if ('names' in value) {
      this.#names.push(...(value['names'] as string[]))
    } else if ('run' in value) {
      const run = this.#run(value['run'] as PackedRun, number)
      this.#runs.set(run.index, run)
    } else if ('end' in value) {
      this.#end = value['end'] as JournalEnd
    }
  }

  journal(): ReadJournal | null {
    if (this.#head === null) return null
    const { engine, scenario, seed, shard } = this.#head
    const runs = [...this.#runs.values()].sort((a, b) => a.index - b.index)
    return { engine, scenario, seed, shard, runs, end: this.#end }
  }

  /** Two explorations that write to one folder at once number their names over each other. */
  #run(packed: PackedRun, number: number): RunSummary {
    try {
      return this.#unpacked(packed)
    } catch {
      throw this.#damaged(number, 'does not go with the lines before it')
    }
  }

  #unpacked(packed: PackedRun): RunSummary {
    const name = (number: number): string => this.#names[number] ?? ''
    return {
      ...packed,
      probes: packed.probes.map(name),
      guards: Object.fromEntries(packed.guards.map(([number, count]) => [name(number), count])),
      reached: Object.fromEntries(
        packed.reached.map(([kind, probes]) => [name(kind), probes.map(name)]),
      ),
      verdicts: packed.verdicts.map((number) => JSON.parse(name(number)) as VerdictSummary),
    }
  }

  #parsed(text: string, number: number): Record<string, unknown> {
    try {
      const value: unknown = JSON.parse(text)
      if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
    } catch {
      // Told below, with its place.
    }
    throw this.#damaged(number, 'is damaged')
  }

  #damaged(number: number, what: string): InputError {
    return new InputError([`${this.#file}:${number}: ${what}; delete the file to start over`])
  }
}
