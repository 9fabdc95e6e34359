/**
 * Explorations as processes of their own: threads, shards, and one that is killed in the middle.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { type ExploreJson, type MergeJson, mergeSchema } from '../../reports/json/explore.ts'
import { scenarioFile, temporaryFolder } from './recording-terminal.ts'

const bin = fileURLToPath(new URL('../../cli/dmqsim.js', import.meta.url))
/** More than one generation, so that what was learnt shows. */
const RUNS = 150
const acksOne = ['--set', 'cluster.config.min.insync.replicas=1', '--set', 'duration=6s']

let folder: string
let file: string

beforeAll(() => {
  folder = temporaryFolder()
  file = scenarioFile(folder)
})

function argv(out: string, more: readonly string[]): string[] {
  const what = ['explore', file, '3', '--runs', String(RUNS), '--no-shrink', '--hashes', ...acksOne]
  return [bin, ...what, '--json', '--out', join(folder, out), ...more]
}

function explored(out: string, more: readonly string[] = []): ExploreJson & { err: string } {
  const { stdout, stderr } = spawnSync(process.execPath, argv(out, more), { encoding: 'utf8' })
  if (stdout === '') throw new Error(stderr)
  return { ...(JSON.parse(stdout) as ExploreJson), err: stderr }
}

/** What must not depend on threads, shards or kills. */
function essence(json: ExploreJson): unknown {
  const { hashes, verdicts, probes, coverage, biases, failures, magnitudes } = json
  const found = failures.map(({ index, signature, token, runs }) => [index, signature, token, runs])
  return { hashes, verdicts, probes, coverage, biases, magnitudes, found }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20))
}

function killed(child: ChildProcess): Promise<NodeJS.Signals | null> {
  return new Promise((resolve) => {
    child.on('exit', (_code, signal) => resolve(signal))
    child.kill('SIGKILL')
  })
}

describe('an exploration as a process', () => {
  let whole: ExploreJson

  beforeAll(() => {
    whole = explored('one', ['--jobs', '1'])
  })

  test('finds the same with two threads as with one', () => {
    const two = explored('two', ['--jobs', '2'])

    expect(two.jobs).toBe(2)
    expect(essence(two)).toEqual(essence(whole))
  })

  test('lets later runs descend from earlier ones', () => {
    expect(whole.biases.reduce((sum, { descended }) => sum + descended, 0)).toBeGreaterThan(0)
  })

  test('goes on after a kill with what it had, and loses nothing', async () => {
    const journal = join(folder, 'killed', 'journal.jsonl')
    const child = spawn(process.execPath, argv('killed', ['--jobs', '2']), { stdio: 'ignore' })
    await until(() => existsSync(journal) && lines(journal) > 40)

    expect(await killed(child)).toBe('SIGKILL')
    const again = explored('killed', ['--jobs', '2'])

    expect(again.err).toMatch(/going on after \d+ runs/)
    expect(essence(again)).toEqual(essence(whole))
  })

  test('that came to its end starts over, unless it is asked to go on', () => {
    const over = explored('one', ['--jobs', '1'])
    const on = explored('one', ['--jobs', '1', '--resume'])

    expect(over.err).not.toContain('going on')
    expect(on.err).toContain(`going on after ${RUNS} runs`)
    expect(essence(on)).toEqual(essence(whole))
  })

  test('in shards is the whole again once merged, and a missing shard is named', () => {
    const shards = [1, 2, 3].map((part) => {
      const { runs } = explored(`shard-${part}`, ['--jobs', '1', '--shard', `${part}/3`])
      return { shard: `${part}/3`, runs }
    })
    const merge = (parts: readonly number[]): MergeJson => {
      const folders = parts.map((part) => join(folder, `shard-${part}`))
      const words = ['merge', ...folders, '--hashes', '--json', '--out', join(folder, 'merged')]
      const { stdout, stderr } = spawnSync(process.execPath, [bin, ...words], { encoding: 'utf8' })
      if (stdout === '') throw new Error(stderr)
      return JSON.parse(stdout) as MergeJson
    }

    const merged = merge([3, 1, 2])
    const partial = merge([1, 3])

    expect(mergeSchema.safeParse(merged).error).toBeUndefined()
    expect(merged).toMatchObject({ command: 'merge', runs: RUNS, shards, missingShards: [] })
    expect({ ...(essence(merged) as object), found: null }).toEqual({
      ...(essence(whole) as object),
      found: null,
    })
    expect(partial.missingShards).toEqual(['2/3'])
  })
})

function lines(path: string): number {
  return readFileSync(path, 'utf8').split('\n').length
}
