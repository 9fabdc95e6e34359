/**
 * Vitest's global setup: compiles the sources into `dist` once, before any test file is loaded.
 */

import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

export default function buildOnce(): void {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const build = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (build.status === 0) return
  throw new Error(`the sources do not compile, so there is nothing to test:\n${build.stdout}`)
}
