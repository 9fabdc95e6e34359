/**
 * The reusable workflow: its own steps are run here, as its shell would.
 */

import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { xml } from '../reports/ci/xml.ts'
import { scenarioFile, temporaryFolder } from '../cli/recording-terminal.ts'
import { root } from './pages.ts'

interface Step {
  readonly name?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
}

interface Workflow {
  readonly on: { readonly workflow_call: { readonly inputs: Readonly<Record<string, object>> } }
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>
}

const text = readFileSync(join(root, '.github/workflows/dmqsim.yaml'), 'utf8')
const workflow = parse(text) as Workflow
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)

let folder: string
let path: string

/** Runs a step by its name; `npx dmqsim` is the one of this tree. */
function step(name: string, env: Readonly<Record<string, string>>): { code: number; out: string } {
  const script = steps.find((one) => one.name === name)?.run ?? 'exit 70'
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: path, NO_COLOR: '1', GITHUB_WORKSPACE: folder, ...env },
  })
  return { code: status ?? -1, out: stdout + stderr }
}

beforeAll(() => {
  folder = temporaryFolder()
  scenarioFile(folder)
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const npx = `#!/bin/sh\nshift\nexec '${process.execPath}' '${join(root, 'cli/dmqsim.js')}' "$@"\n`
  writeFileSync(join(bin, 'npx'), npx)
  chmodSync(join(bin, 'npx'), 0o755)
  path = [bin, process.env['PATH']].join(delimiter)
  mkdirSync(join(folder, 'dmqsim-shards'))
})

test('every input that is used is declared, and every one is used', () => {
  const used = [...text.matchAll(/inputs\.(\w+)/g)].map(([, name = '']) => name)

  expect([...new Set(used)].sort()).toEqual(Object.keys(workflow.on.workflow_call.inputs).sort())
})

test('no text of a caller becomes part of a script', () => {
  expect(steps.filter(({ run = '' }) => run.includes('${{'))).toEqual([])
})

test('its steps explore in parts and judge them once', () => {
  const of = { SCENARIO: 'small.yaml', SEED: '7', RUNS: '8' }

  const parts = ['1/2', '2/2'].map((shard, at) => {
    const { code } = step('explore', { ...of, SHARD: shard })
    renameSync(join(folder, 'dmqsim-shard'), join(folder, 'dmqsim-shards', `dmqsim-shard-${at}`))
    return code
  })
  const summary = join(folder, 'summary.md')
  const { code, out } = step('judge', { BASELINE: '', GITHUB_STEP_SUMMARY: summary })

  expect([...parts, code]).toEqual([0, 0, 0])
  expect(out).toContain('8 runs')
  expect(readFileSync(summary, 'utf8')).toMatch(/^### ✓ dmqsim merge small\n/)
  const junit = readFileSync(join(folder, 'dmqsim-result', 'junit.xml'), 'utf8')
  expect(xml(junit).attributes['failures']).toBe('0')
  expect(existsSync(join(folder, 'dmqsim-result', 'result.json'))).toBe(true)
})

test('a wrong scenario fails where it is explored', () => {
  const { code, out } = step('explore', {
    SCENARIO: 'gone.yaml',
    SEED: '7',
    RUNS: '8',
    SHARD: '1/1',
  })

  expect(code).toBe(2)
  expect(out).toContain('gone.yaml: there is no such file')
})
