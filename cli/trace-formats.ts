/**
 * Traces for other tools: the Trace Event Format of Chrome (Perfetto reads it too) and ShiViz.
 *
 * Chrome: a process a process, its kinds of event as threads, messages as flow arrows, times in µs.
 * ShiViz: a line an event with its vector clock; the first line is the expression that reads them.
 * Written piece by piece under another name and renamed at the end: whole or not at all.
 */

import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { TraceEvent, TraceSink } from '../sim/trace.ts'
import { InputError } from '../scenarios/schema/input-error.ts'
import { makeFolder } from './folder.ts'

export type TraceFormat = 'chrome' | 'shiviz'

/** The expression that ShiViz splits the log with: its first line. */
export const SHIVIZ_EXPRESSION: string = String.raw`(?<atMs>-?\d+\.\d{3}) (?<host>\S+) (?<clock>{.*}) (?<event>.*)`

const PIECE = 1 << 20

interface Happened {
  readonly process: string
  readonly atUs: number
}

abstract class WrittenTrace implements TraceSink {
  readonly #file: string
  readonly #part: string
  readonly #handle: number
  #text = ''

  constructor(file: string) {
    this.#file = file
    this.#part = `${file}.${process.pid}.part`
    try {
      makeFolder(dirname(file))
      this.#handle = openSync(this.#part, 'w')
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      throw new InputError([`${file}: cannot be written (${code})`])
    }
  }

  abstract event(event: TraceEvent): void

  probe(): void {}

  protected end(): void {}

  protected write(text: string): void {
    this.#text += text
    if (this.#text.length > PIECE) this.#flush()
  }

  close(): void {
    this.end()
    this.#flush()
    closeSync(this.#handle)
    renameSync(this.#part, this.#file)
  }

  /** Leaves nothing behind. */
  abandon(): void {
    closeSync(this.#handle)
    rmSync(this.#part, { force: true })
  }

  #flush(): void {
    writeSync(this.#handle, this.#text)
    this.#text = ''
  }
}

const kinds: readonly TraceEvent['kind'][] = [
  'message',
  'timer',
  'done',
  'opened',
  'closed',
  'fault',
  'start',
  'stop',
]

class ChromeTrace extends WrittenTrace {
  readonly #processes = new Map<string, number>()
  /** By event number; only what a later message can have been sent by. */
  readonly #happened = new Map<number, Happened>()
  #first = true

  constructor(file: string) {
    super(file)
    this.write('{"displayTimeUnit":"ms","traceEvents":[\n')
  }

  event({ sequence, atUs, cause, process: name, kind, name: what, from }: TraceEvent): void {
    const pid = this.#process(name)
    const tid = kinds.indexOf(kind) + 1
    if (!this.#happened.has(sequence)) this.#happened.set(sequence, { process: name, atUs })
    const label = kind === 'message' || kind === 'timer' ? what : `${kind} ${what}`
    const args = { sequence, cause, ...(from === undefined ? {} : { from }) }
    this.#add({ ph: 'X', pid, tid, ts: atUs, dur: 1, name: label, cat: kind, args })
    const sent = this.#happened.get(cause)
    if (kind !== 'message' || sent === undefined || sent.process === name) return
    const flow = { name: what, cat: 'message', id: sequence }
    const sender = this.#process(sent.process)
    this.#add({ ph: 's', pid: sender, tid: 1, ts: sent.atUs, ...flow })
    this.#add({ ph: 'f', bp: 'e', pid, tid, ts: atUs, ...flow })
  }

  protected override end(): void {
    this.write('\n]}\n')
  }

  #process(name: string): number {
    let pid = this.#processes.get(name)
    if (pid !== undefined) return pid
    pid = this.#processes.size + 1
    this.#processes.set(name, pid)
    this.#add({ ph: 'M', pid, name: 'process_name', args: { name } })
    for (let at = 0; at < kinds.length; at += 1) {
      this.#add({ ph: 'M', pid, tid: at + 1, name: 'thread_name', args: { name: kinds[at] } })
    }
    return pid
  }

  #add(entry: object): void {
    this.write(`${this.#first ? '' : ',\n'}${JSON.stringify(entry)}`)
    this.#first = false
  }
}

type Clock = ReadonlyMap<string, number>

class ShivizTrace extends WrittenTrace {
  readonly #clocks = new Map<string, Clock>()
  /** Clock of the process of an event after it, by its number. */
  readonly #after = new Map<number, Clock>()

  constructor(file: string) {
    super(file)
    this.write(`${SHIVIZ_EXPRESSION}\n\n`)
  }

  event({ sequence, atUs, cause, process: name, kind, name: what, from }: TraceEvent): void {
    const clock = new Map(this.#clocks.get(name))
    if (kind === 'message') {
      for (const [other, count] of this.#after.get(cause) ?? []) {
        if (count > (clock.get(other) ?? 0)) clock.set(other, count)
      }
    }
    clock.set(name, (clock.get(name) ?? 0) + 1)
    this.#clocks.set(name, clock)
    this.#after.set(sequence, clock)
    const sender = from === undefined ? '' : ` from ${from}`
    const label = kind === 'message' ? `${what}${sender}` : `${kind} ${what}${sender}`
    const time = (atUs / 1_000).toFixed(3)
    this.write(`${time} ${name} ${JSON.stringify(Object.fromEntries(clock))} ${label}\n`)
  }
}

export function traceIn(format: TraceFormat, file: string): WrittenTrace {
  return format === 'chrome' ? new ChromeTrace(file) : new ShivizTrace(file)
}
