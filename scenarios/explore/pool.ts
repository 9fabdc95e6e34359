/**
 * Warm worker threads that run cases: long-lived, because warming up costs more than running.
 *
 * Work goes out in small chunks to whoever is free and comes back in any order; the caller sorts,
 * so the answer does not depend on the number of threads. The young generation is large: most of
 * what a run allocates dies with it.
 */

import { Worker } from 'node:worker_threads'
import { InputError } from '../schema/input-error.ts'

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
  #nextId = 0

  /** `script`: the worker's compiled module. `setUp` is given to each worker once. */
  constructor(script: URL, size: number, setUp: unknown) {
    for (let number = 0; number < size; number += 1) {
      const worker = new Worker(script, {
        workerData: setUp,
        resourceLimits: { maxYoungGenerationSizeMb: 64 },
      })
      const member = { number, worker }
      worker.on('message', (answer: JobAnswer<Output>) => this.#onAnswer(member, answer))
      worker.on('error', (error) => this.#onError(error))
      this.#members.push(member)
      this.#idle.push(member)
    }
  }

  get size(): number {
    return this.#members.length
  }

  /** `started` hears which worker does it; `notBy` keeps one from doing it, if there are several. */
  run(
    input: Input,
    options: { readonly notBy?: number; readonly started?: (worker: number) => void } = {},
  ): Promise<Output> {
    const { notBy = null, started = null } = options
    return new Promise((resolve, reject) => {
      const avoided = this.size > 1 ? notBy : null
      this.#waiting.push({ input, resolve, reject, notBy: avoided, started })
      this.#next()
    })
  }

  async close(): Promise<void> {
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

  #onError(error: Error): void {
    for (const { reject } of this.#running.values()) reject(error)
    this.#running.clear()
  }
}
