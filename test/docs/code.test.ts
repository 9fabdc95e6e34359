/**
 * Code that pages show, run as a reader would: in a project that has dmqsim as a package.
 */

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blocksOf, pages, root, textOf } from './pages.ts'

const shown = pages()
  .filter((page) => page === 'README.md' || /^docs\/[\w-]+\.md$/.test(page))
  .flatMap((page) =>
    blocksOf(textOf(page))
      .filter(({ language }) => language === 'ts')
      .map(({ line, text }) => ({ place: `${page}:${line}`, text })),
  )

const project = mkdtempSync(join(tmpdir(), 'dmqsim-code-'))

beforeAll(() => {
  mkdirSync(join(project, 'node_modules'))
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  // A package that is installed is not transformed; a linked one would be.
  const config = 'export default { test: { server: { deps: { external: [/dist/] } } } }'
  writeFileSync(join(project, 'vitest.config.js'), config)
  symlinkSync(root, join(project, 'node_modules', 'dmqsim'), 'junction')
  for (const name of ['vitest', 'fast-check']) {
    symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name), 'junction')
  }
})

afterAll(() => rmSync(project, { recursive: true }))

test.each(shown)('the code at $place runs', ({ text }) => {
  const isTest = /from '(dmqsim\/)?vitest'/.test(text)
  const file = isTest ? 'page.test.ts' : 'page.js'
  writeFileSync(join(project, file), text)

  const words = isTest
    ? [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', project]
    : [file]
  // Vitest in vitest must not take itself for the one outside.
  const { VITEST: _vitest, NODE_ENV: _environment, ...env } = process.env
  const done = spawnSync(process.execPath, words, { cwd: project, encoding: 'utf8', env })

  const complaint = done.status === 0 ? '' : done.stdout + done.stderr
  expect(complaint).toBe('')
})
