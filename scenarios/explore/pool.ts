/**
 * Warm worker threads that run cases: long-lived, because warming up costs more than running.
 *
 * Work goes out in small chunks to whoever is free and comes back in any order; the caller sorts,
 * so the answer does not depend on the number of threads. The young generation is large: most of
 * what a run allocates dies with it. Where one thread dies or does not load, all that was asked
 * for fails: a part of the answer would be another answer.
 */

import { Worker } from 'node:worker_threads'
import { InputError } from '../schema/input-error.ts'

/** In MiB. Much less and half of what a run allocates is copied before it dies. */
export const THREAD_LIMITS: { readonly maxYoungGenerationSizeMb: number } = {
  maxYoungGenerationSizeMb: 64,
}

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
  /** Not to be done by this worker, if there are several. */
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
  /** Not to be done by this worker, while there is another. */
  readonly notBy: number | null
  readonly started: ((worker: number) => void) | null
}

interface Member {
  readonly number: number
  readonly worker: Worker
}

/** A small pool of one kind of worker. */
export class Pool<Input, Output> {
  readonly #members: Member[] = []
  readonly #idle: Member[] = []
  readonly #waiting: Waiting<Input, Output>[] = []
  readonly #running = new Map<number, Promised<Output>>()
  /** Why nothing can be done any more. */
  #dead: Error | null = null
  #closed = false
  #nextId = 0

  /** `script`: the worker's compiled module. `setUp` is given to each worker once. */
  constructor(script: URL, size: number, setUp: unknown) {
    for (let number = 0; number < size; number += 1) {
      const worker = new Worker(script, {
        workerData: setUp,
        resourceLimits: THREAD_LIMITS,
      })
      const member = { number, worker }
      worker.on('message', (answer: JobAnswer<Output>) => this.#onAnswer(member, answer))
      worker.on('messageerror', (error) => this.#die(error))
      worker.on('error', (error) => this.#die(error))
      worker.on('exit', (code) => this.#die(new Error(`a worker thread ended with code ${code}`)))
      this.#members.push(member)
      this.#idle.push(member)
    }
  }

  get jobs(): number {
    return this.#members.length
  }

  run(input: Input, { notBy, started }: RunOptions = {}): Promise<Output> {
    return new Promise((resolve, reject) => {
      if (this.#dead !== null) {
        reject(this.#dead)
        return
      }
      const avoided = this.jobs > 1 ? (notBy ?? null) : null
      this.#waiting.push({ input, resolve, reject, notBy: avoided, started: started ?? null })
      this.#next()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#members.map(({ worker }) => worker.terminate()))
  }

  #next(): void {
    for (let at = 0; at < this.#waiting.length && this.#idle.length > 0;) {
      const waiting = this.#waiting[at] as Waiting<Input, Output>
      const place = this.#idle.findLastIndex(({ number }) => number !== waiting.notBy)
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
