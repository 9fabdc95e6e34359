/**
 * A trace on disk: one JSON line an event, written in large pieces while the run goes on.
 */

import { closeSync, openSync, renameSync, writeSync } from 'node:fs'
import { probeEntries } from '../sim/registry.ts'
import type { TraceEvent, TraceSink } from '../sim/trace.ts'
import { readyFor } from './folder.ts'

const PIECE = 1 << 20

export class TraceFile implements TraceSink {
  readonly #file: string
  readonly #handle: number
  readonly #probes: readonly string[] = probeEntries().map((entry) => entry.name)
  #lines = ''

  constructor(file: string) {
    readyFor(file)
    this.#file = file
    this.#handle = openSync(`${file}.part`, 'w')
  }

  event({ sequence, atUs, cause, process, kind, name, from }: TraceEvent): void {
    const event = { sequence, atUs, cause, process, kind, name, from }
    this.#add(JSON.stringify(event))
  }

  probe(sequence: number, process: string, probe: number, subject: number): void {
    this.#add(JSON.stringify({ sequence, process, probe: this.#probes[probe], subject }))
  }

  /** The file is there only from now on. */
  close(): void {
    this.#write()
    closeSync(this.#handle)
    renameSync(`${this.#file}.part`, this.#file)
  }

  #add(line: string): void {
    this.#lines += `${line}\n`
    if (this.#lines.length > PIECE) this.#write()
  }

  #write(): void {
    writeSync(this.#handle, this.#lines)
    this.#lines = ''
  }
}
