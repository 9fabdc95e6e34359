import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'

// An empty project in which the packed tarball is installed, its packages borrowed from here.
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const project = mkdtempSync(join(tmpdir(), 'dmqsim-package-'))
const modules = join(project, 'node_modules')

interface Ended {
  readonly code: number | null
  readonly out: string
}

function call(command: string, argv: readonly string[], cwd: string): Ended {
  // Vitest in vitest must not take itself for the one outside.
  const { VITEST: _vitest, NODE_ENV: _environment, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(command, argv, { cwd, encoding: 'utf8', env })
  return { code: status, out: stdout + stderr }
}

beforeAll(() => {
  const packed = call('npm', ['pack', '--ignore-scripts', '--pack-destination', project], root)
  if (packed.code !== 0) throw new Error(packed.out)
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz')) ?? ''
  mkdirSync(join(modules, 'dmqsim'), { recursive: true })
  const into = ['-xzf', tarball, '-C', join(modules, 'dmqsim'), '--strip-components', '1']
  const unpacked = call('tar', into, project)
  if (unpacked.code !== 0) throw new Error(unpacked.out)
  for (const name of 'commander fast-check picocolors seedrandom uplot vitest yaml zod'.split(
    ' ',
  )) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction')
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }\n')
})

test('the packed library runs, judges and replays a scenario', () => {
  writeFileSync(
    join(project, 'use.js'),
    `import { caseOf, judge, replay, run, scenario, tokenOf } from 'dmqsim'
     const judged = judge(run(caseOf(await scenario('leader-crash-acks-all'), 7)))
     console.log(replay(tokenOf(judged.result.case)).same, judged.verdicts.length > 0)
    `,
  )

  const { code, out } = call(process.execPath, ['use.js'], project)

  expect(out).toBe('true true\n')
  expect(code).toBe(0)
})

test('the packed matcher passes and fails a test of vitest', () => {
  writeFileSync(
    join(project, 'promises.test.js'),
    `import { expect, test } from 'vitest'
     import { caseOf, judge, run, scenario } from 'dmqsim'
     import 'dmqsim/vitest'
     const judged = judge(run(caseOf(await scenario('leader-crash-acks-all'), 7)))
     test('kept', () => expect(judged).toKeepPromises())
     test('missed', () => {
       const thresholds = [{ measure: 'lost', rule: 'max>0', value: 0, met: false }]
       expect({ ...judged, thresholds }).toKeepPromises()
     })
    `,
  )
  const vitest = join(modules, 'vitest', 'vitest.mjs')

  const { code, out } = call(process.execPath, [vitest, 'run', '--no-color'], project)

  expect(code).toBe(1)
  expect(out).toContain('a threshold was missed')
  expect(out).toContain('seed 7')
  expect(out).toMatch(/replay: npx dmqsim replay dmq2\./)
  expect(out).toMatch(/1 failed \| 1 passed/)
})

test('the packed command runs a scenario that comes with it, and writes its report', () => {
  const command = join(modules, 'dmqsim', 'cli', 'dmqsim.js')
  const argv = [command, 'run', 'leader-crash-acks-all', '7', '--quiet']

  const { code, out } = call(process.execPath, argv, project)

  expect(code).toBe(0)
  expect(out.split('\n')).toHaveLength(2)
  expect(existsSync(join(project, '.dmqsim', 'latest', 'report.html'))).toBe(true)
})

test('a bug planted in a handler of a project is found, shrunk and replayed', () => {
  const example = join(project, 'order-handler')
  cpSync(join(root, 'examples', 'order-handler'), example, {
    recursive: true,
    filter: (source) => !source.includes('.dmqsim'),
  })
  const command = join(modules, 'dmqsim', 'cli', 'dmqsim.js')
  const dmqsim = (...words: string[]): Ended => call(process.execPath, [command, ...words], example)

  const explored = dmqsim('explore', 'orders.yaml', '--runs', '14', '--jobs', '2')
  const failure = '.dmqsim/orders-1/failures/effects-once-1.json'
  const replayed = dmqsim('replay', failure)
  cpSync(join(example, 'order-handler-mended.js'), join(example, 'order-handler.js'))
  const mended = dmqsim('replay', failure)

  expect(explored.out).toContain('effect of payment did not happen')
  expect(explored.out).toMatch(/1 timeline entry, shrunk from \d in \d+ runs/)
  expect(explored.code).toBe(1)
  expect(replayed.out).toContain('✓ the same run')
  expect(replayed.code).toBe(1)
  expect(mended.out).toContain('order-handler.js has changed since this case was kept')
  expect(mended.code).toBe(0)
})
