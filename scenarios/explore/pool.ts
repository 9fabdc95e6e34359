/**
 * Warm worker threads that run cases: long-lived, because warming up costs more than running.
 *
 * Work goes out in small chunks of run numbers to whoever is free and comes back in any order; the
 * caller sorts by number, so the answer does not depend on the number of threads.
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
}

/** A small pool of one kind of worker. */
export class Pool<Input, Output> {
  readonly #workers: Worker[] = []
  readonly #idle: Worker[] = []
  readonly #waiting: Waiting<Input, Output>[] = []
  readonly #running = new Map<number, Promised<Output>>()
  #nextId = 0

  /** `script`: the worker's compiled module. `setUp` is given to each worker once. */
  constructor(script: URL, size: number, setUp: unknown) {
    for (let n = 0; n < size; n += 1) {
      const worker = new Worker(script, {
        workerData: setUp,
        resourceLimits: { maxYoungGenerationSizeMb: 64 },
      })
      worker.on('message', (answer: JobAnswer<Output>) => this.#onAnswer(worker, answer))
      worker.on('error', (error) => this.#onError(error))
      this.#workers.push(worker)
      this.#idle.push(worker)
    }
  }

  get size(): number {
    return this.#workers.length
  }

  run(input: Input): Promise<Output> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject })
      this.#next()
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  #next(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const worker = this.#idle.pop() as Worker
      const { input, resolve, reject } = this.#waiting.shift() as Waiting<Input, Output>
      const id = this.#nextId++
      this.#running.set(id, { resolve, reject })
      worker.postMessage({ id, input } satisfies Job<Input>)
    }
  }

  #onAnswer(worker: Worker, answer: JobAnswer<Output>): void {
    const running = this.#running.get(answer.id)
    this.#running.delete(answer.id)
    this.#idle.push(worker)
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
