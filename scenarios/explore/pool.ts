/**
 * Warm worker threads that run cases: long-lived, because warming up costs more than running.
 *
 * One thread begins; the others join once work has waited for it for so long as a thread takes to
 * warm up, so that little work is not slowed down by threads that never get warm. Work goes out in
 * small chunks to whoever is free and comes back in any order; the caller sorts, so the answer does
 * not depend on the number of threads. The young generation is large: most of what a run allocates
 * dies with it. Where one thread dies or does not load, all that was asked for fails: a part of the
 * answer would be another answer.
 */

import { Worker } from 'node:worker_threads'
import { InputError } from '../schema/input-error.ts'

/** In MiB. Much less and half of what a run allocates is copied before it dies. */
export const THREAD_LIMITS: { readonly maxYoungGenerationSizeMb: number } = {
  maxYoungGenerationSizeMb: 64,
}

/** In ms: about what a thread takes to load and warm up beside another (`npm run bench`, cold). */
const JOIN_AFTER_MS = 4_000

export interface Job<Input> {
  readonly id: number
  readonly input: Input
}

export interface JobAnswer<Output> {
  readonly id: number
  readonly output?: Output
  readonly error?: string
  /** Lines of an `InputError`, which does not survive the way between threads. */
  readonly input?: readonly string[]
}

export interface RunOptions {
  /** Not to be done by this worker, if there may be others. */
  readonly notBy?: number
  /** Hears which worker does it. */
  readonly started?: (worker: number) => void
}

interface Promised<Output> {
  readonly resolve: (output: Output) => void
  readonly reject: (error: Error) => void
}

interface Waiting<Input, Output> extends Promised<Output> {
  readonly input: Input
  readonly notBy: number | null
  readonly started: ((worker: number) => void) | null
}

interface Member {
  readonly number: number
  readonly worker: Worker
}

/** A small pool of one kind of worker. */
export class Pool<Input, Output> {
  /** Threads at most. */
  readonly jobs: number
  readonly #script: URL
  readonly #setUp: unknown
  readonly #joinAfterMs: number
  readonly #members: Member[] = []
  readonly #idle: Member[] = []
  readonly #waiting: Waiting<Input, Output>[] = []
  readonly #running = new Map<number, Promised<Output>>()
  /** Why nothing can be done any more. */
  #dead: Error | null = null
  #closed = false
  #begun = false
  /** There was work for so long that further threads are worth it. */
  #mayJoin = false
  #nextId = 0

  /**
   * `script`: the worker's compiled module. `setUp` is given to each worker once. `joinAfterMs`:
   * when the second and later threads may join.
   */
  constructor(script: URL, jobs: number, setUp: unknown, joinAfterMs: number = JOIN_AFTER_MS) {
    this.#script = script
    this.#setUp = setUp
    this.jobs = jobs
    this.#joinAfterMs = joinAfterMs
    this.#join()
  }

  /** That have joined so far. */
  get threads(): number {
    return this.#members.length
  }

  run(input: Input, { notBy, started }: RunOptions = {}): Promise<Output> {
    return new Promise((resolve, reject) => {
      if (this.#dead !== null) {
        reject(this.#dead)
        return
      }
      this.#waiting.push({
        input,
        resolve,
        reject,
        notBy: notBy ?? null,
        started: started ?? null,
      })
      this.#begin()
      this.#next()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#members.map(({ worker }) => worker.terminate()))
  }

  /** One more thread. */
  #join(): void {
    const worker = new Worker(this.#script, {
      workerData: this.#setUp,
      resourceLimits: THREAD_LIMITS,
    })
    const member = { number: this.#members.length, worker }
    worker.on('message', (answer: JobAnswer<Output>) => this.#onAnswer(member, answer))
    worker.on('messageerror', (error) => this.#die(error))
    worker.on('error', (error) => this.#die(error))
    worker.on('exit', (code) => this.#die(new Error(`a worker thread ended with code ${code}`)))
    this.#members.push(member)
    this.#idle.push(member)
  }

  #next(): void {
    this.#handOut()
    while (this.#members.length < this.jobs && this.#needsMore()) {
      this.#join()
      this.#handOut()
    }
  }

  #needsMore(): boolean {
    if (this.#closed) return false
    if (this.#mayJoin) return this.#waiting.length > 0
    return this.#members.length === 1 && this.#waiting.some(({ notBy }) => notBy === 0)
  }

  #handOut(): void {
    for (let at = 0; at < this.#waiting.length && this.#idle.length > 0;) {
      const waiting = this.#waiting[at] as Waiting<Input, Output>
      const place = this.#idle.findLastIndex(
        ({ number }) => this.jobs === 1 || number !== waiting.notBy,
      )
      if (place === -1) {
        at += 1
        continue
      }
      const [member] = this.#idle.splice(place, 1) as [Member]
      this.#waiting.splice(at, 1)
      const { input, resolve, reject } = waiting
      const id = this.#nextId++
      waiting.started?.(member.number)
      this.#running.set(id, { resolve, reject })
      member.worker.postMessage({ id, input } satisfies Job<Input>)
    }
  }

  /** Takes the time from the first work on. */
  #begin(): void {
    if (this.#begun) return
    this.#begun = true
    // oxlint-disable-next-line no-restricted-globals -- how many threads run cases is no part of a run
    setTimeout(() => {
      this.#mayJoin = true
      this.#next()
    }, this.#joinAfterMs).unref()
  }

  #onAnswer(member: Member, answer: JobAnswer<Output>): void {
    const running = this.#running.get(answer.id)
    this.#running.delete(answer.id)
    this.#idle.push(member)
    if (running !== undefined) {
      if (answer.input !== undefined) running.reject(new InputError(answer.input))
      else if (answer.error === undefined) running.resolve(answer.output as Output)
      else running.reject(new Error(answer.error))
    }
    this.#next()
  }

  #die(error: Error): void {
    if (this.#closed || this.#dead !== null) return
    this.#dead = error
    for (const { reject } of [...this.#running.values(), ...this.#waiting]) reject(error)
    this.#running.clear()
    this.#waiting.length = 0
  }
}
