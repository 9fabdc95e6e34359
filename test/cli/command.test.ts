import { spawnSync } from 'node:child_process'
import { existsSync, readlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { RunJson } from '../../reports/json/run.ts'
import { scenarioFile, temporaryFolder } from './recording-terminal.ts'

// The compiled command in a process of its own; what it says is tested beside this file.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function dmqsim(argv: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Ended {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'cli', 'dmqsim.js'), ...argv],
    { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', ...env } },
  )
  return { code: status, out: stdout, err: stderr }
}

test('the command leaves its results in a folder of their own and links the latest', () => {
  const folder = temporaryFolder()
  scenarioFile(folder)

  const { code, out, err } = dmqsim(['run', 'small.yaml', '7'], folder)

  expect([code, err]).toEqual([0, ''])
  expect(out).toContain(`Report  ${join('.dmqsim', 'small-7', 'report.html')}`)
  expect(out).not.toContain('\u001B[')
  expect(readlinkSync(join(folder, '.dmqsim', 'latest'))).toBe('small-7')
  expect(existsSync(join(folder, '.dmqsim', 'latest', 'result.json'))).toBe(true)
})

test('two processes in two time zones give the same hash, from seed and from environment', () => {
  const folder = temporaryFolder()
  scenarioFile(folder)
  const argv = ['run', 'small.yaml', '--json']

  const first = dmqsim([...argv, '7'], folder, { TZ: 'UTC' })
  const second = dmqsim(argv, folder, { TZ: 'Asia/Shanghai', LANG: 'tr_TR', DMQSIM_SEED: '7' })

  const hashes = [first, second].map(({ out }) => (JSON.parse(out) as RunJson).traceHash)
  expect(hashes[1]).toBe(hashes[0])
})

test('the same case in another thread after fifty other runs gives the same hash', () => {
  const folder = temporaryFolder()
  scenarioFile(folder)

  const { code, out } = dmqsim(['run', 'small.yaml', '7', '--check-determinism', '--json'], folder)

  const { determinism, traceHash } = JSON.parse(out) as RunJson
  expect(code).toBe(0)
  expect(determinism).toMatchObject({ others: 50, same: true })
  expect(determinism?.hashes.map(({ hash }) => hash)).toEqual([traceHash, traceHash])
})

test('wrong usage ends the process with 2 and one line', () => {
  const { code, out, err } = dmqsim(['rnu'], temporaryFolder())

  expect([code, out]).toEqual([2, ''])
  expect(err).toBe('unknown command \'rnu\', did you mean "run"?\n')
})

test('threads do not show in what an exploration finds', () => {
  const folder = temporaryFolder()
  scenarioFile(folder)
  const hashesWith = (jobs: string): unknown => {
    const argv = ['explore', 'small.yaml', '7', '--runs', '60', '--hashes', '--json']
    const { out } = dmqsim([...argv, '--jobs', jobs], folder)
    const { hashes, verdicts } = JSON.parse(out) as Record<string, unknown>
    return { hashes, verdicts }
  }

  expect(hashesWith('2')).toEqual(hashesWith('1'))
})
