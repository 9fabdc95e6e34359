/**
 * Exit codes that only a process of its own shows: a signal, and threads that disagree.
 */

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { ExploreJson } from '../../reports/json/explore.ts'
import type { RunJson } from '../../reports/json/run.ts'
import { scenarioFile, temporaryFolder } from './recording-terminal.ts'

const bin = fileURLToPath(new URL('../../cli/dmqsim.js', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly out: string
}

/** Sends SIGINT as soon as a file is there. */
async function interrupted(argv: readonly string[], file: string): Promise<Ended> {
  const child = spawn(process.execPath, [bin, ...argv])
  let out = ''
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString()
  })
  const end = new Promise<Ended>((resolve) => {
    child.on('exit', (code) => resolve({ code, out }))
  })
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20))
  child.kill('SIGINT')
  return await end
}

test('SIGINT ends an exploration with its answer so far, and exit code 130', async () => {
  const folder = temporaryFolder()
  const file = scenarioFile(folder)
  const out = join(folder, 'out')
  const argv = ['explore', file, '--runs', '5000', '--jobs', '2', '--json', '--out', out]

  const ended = await interrupted(argv, join(out, 'journal.jsonl'))

  expect(ended.code).toBe(130)
  expect(JSON.parse(ended.out) as ExploreJson).toMatchObject({ stopped: 'interrupt' })
})

describe('a handler that remembers earlier runs', () => {
  const remembering = `let calls = 0
export default function* handler(record, app) {
  calls += 1
  if (calls % 7 === 0) yield* app.sleep('3ms')
}
`

  /** A scenario whose group is charged by it. */
  function given(): string {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'charge.js'), remembering)
    return scenarioFile(
      folder,
      `consumers:
  - { group: payment, topics: [orders], handler: ./charge.js, config: { auto.offset.reset: earliest } }
`,
    )
  }

  function spoken(argv: readonly string[]): Ended {
    const { status, stdout } = spawnSync(process.execPath, [bin, ...argv], { encoding: 'utf8' })
    return { code: status, out: stdout }
  }

  test('makes an exploration end with exit code 3', () => {
    const file = given()
    const out = join(temporaryFolder(), 'out')

    const ended = spoken(['explore', file, '--runs', '20', '--json', '--out', out])

    expect(ended.code).toBe(3)
    const { determinism } = JSON.parse(ended.out) as ExploreJson
    expect(determinism.different).toHaveLength(determinism.checked)
  })

  test('makes a run with --check-determinism end with exit code 3', () => {
    const file = given()
    const out = join(temporaryFolder(), 'out')

    const ended = spoken(['run', file, '--check-determinism', '--json', '--out', out])

    expect(ended.code).toBe(3)
    const { determinism } = JSON.parse(ended.out) as RunJson
    expect(determinism).toMatchObject({ same: false })
    expect(determinism?.hashes.map(({ where }) => where)).toEqual([
      'here',
      'another thread, after 50 other runs',
      'there, once more',
    ])
  })
})
