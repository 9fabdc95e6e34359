/**
 * The compiled modules, for what runs outside of vitest: threads and child processes.
 *
 * Tests of the compiled code find `dist` fresh; a run on the sources builds it if it is not there.
 */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import buildOnce from '../../scripts/build-once.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The address of a compiled module, by its source path without extension. */
export function compiled(module: string): string {
  const path = join(root, 'dist', `${module}.js`)
  if (!existsSync(path)) buildOnce()
  return pathToFileURL(path).href
}
