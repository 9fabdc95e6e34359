import { afterEach, expect, test } from 'vitest'
import { Pool } from '../../../scenarios/explore/pool.ts'

type Input = number | 'exit' | 'crash' | 'throw' | 'hang'

const pools: Pool<Input, number>[] = []

/** Its threads may join at once. */
function poolOf(script: string, jobs = 2, joinAfterMs = 0): Pool<Input, number> {
  const url = new URL(`fixtures/${script}`, import.meta.url)
  const pool = new Pool<Input, number>(url, jobs, null, joinAfterMs)
  pools.push(pool)
  return pool
}

/** What each job came to: its output, or why it failed. */
async function told(jobs: readonly Promise<number>[]): Promise<readonly (number | string)[]> {
  const settled = await Promise.allSettled(jobs)
  return settled.map((one) =>
    one.status === 'fulfilled' ? one.value : String((one.reason as Error).message),
  )
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()))
})

test('every job is answered, however few threads there are', async () => {
  const pool = poolOf('doubling-worker.mjs')

  expect(await told([1, 2, 3, 4, 5].map((input) => pool.run(input)))).toEqual([2, 4, 6, 8, 10])
})

test('a job that fails is alone with it', async () => {
  const pool = poolOf('doubling-worker.mjs', 1)

  const jobs = [pool.run('throw'), pool.run(4)]

  expect(await told(jobs)).toEqual(['no such number', 8])
})

test('a script that does not load fails what is running and what waits', async () => {
  const pool = poolOf('broken-worker.mjs', 1)

  const jobs = [pool.run(1), pool.run(2), pool.run(3)]

  expect(await told(jobs)).toEqual(Array(3).fill('it does not load'))
})

test('a script that is not there fails what waits', async () => {
  const pool = poolOf('no-such-worker.mjs')

  const [running, waiting] = await told([pool.run(1), pool.run(2)])

  expect(running).toContain('no-such-worker')
  expect(waiting).toBe(running)
})

test.each([
  ['exit', 'a worker thread ended with code 3'],
  ['crash', 'it fell over'],
] as const)('a thread that dies by %s fails all that was asked for', async (how, why) => {
  const pool = poolOf('doubling-worker.mjs')

  const jobs = [pool.run('hang'), pool.run(how), pool.run(3)]

  expect(await told(jobs)).toEqual([why, why, why])
})

test('a pool with a dead thread takes nothing more', async () => {
  const pool = poolOf('doubling-worker.mjs')
  await told([pool.run('exit')])

  expect(await told([pool.run(1)])).toEqual(['a worker thread ended with code 3'])
})

test('a job is not done by the thread it should avoid', async () => {
  const pool = poolOf('doubling-worker.mjs')
  const by: number[] = []
  const started = (worker: number): void => {
    by.push(worker)
  }

  await pool.run(1, { started })
  for (let again = 0; again < 3; again += 1) {
    await pool.run(1, { notBy: by[0] ?? -1, started })
  }

  expect(by.slice(1)).not.toContain(by[0])
})

test('one thread does it all while there is little work that it need not avoid', async () => {
  const pool = poolOf('doubling-worker.mjs', 2, 60_000)
  const by: number[] = []
  const started = (worker: number): void => {
    by.push(worker)
  }

  const jobs = [1, 2, 3].map((input) => pool.run(input, { started }))

  expect(await told(jobs)).toEqual([2, 4, 6])
  expect(by).toEqual([0, 0, 0])
  expect(await pool.run(4, { notBy: 0, started })).toBe(8)
  expect(by.at(-1)).toBe(1)
})

test('another thread joins for what waits behind a long job', async () => {
  const pool = poolOf('doubling-worker.mjs', 2, 10)
  const by: number[] = []

  void pool.run('hang').catch(() => {})
  const answer = await pool.run(4, { started: (worker) => by.push(worker) })

  expect(answer).toBe(8)
  expect(by).toEqual([1])
})
