/**
 * Tests import sources by their `.ts` paths and run the compiled files under `dist`.
 *
 * Vitest turns each import of a transformed module into a getter, which makes a simulation several
 * times slower than the code that ships. So `scripts/build-once.ts` compiles once before the tests,
 * and a resolver sends every project import of a test to its compiled twin. DMQSIM_TEST_SOURCE=1
 * leaves both out: for coverage, and for trying one file in a tree that does not compile yet.
 */

import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const root = dirname(fileURLToPath(import.meta.url))
const testSources = process.env['DMQSIM_TEST_SOURCE'] === '1'

const compiledFolders = ['sim', 'model', 'scenarios', 'reports', 'cli', 'bench']
const compiledFiles = ['index.ts', 'vitest.ts']

/** Tests that need a package of the system (a browser, a ZooKeeper) run only when asked for. */
const systemSuites = ['browser', 'conformance']

function compiledTwin(importer: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.') || !specifier.endsWith('.ts')) return undefined
  if (!relative(root, importer).startsWith(`test${sep}`)) return undefined
  const path = relative(root, resolve(dirname(importer), specifier))
  const folder = path.split(sep)[0] ?? ''
  if (!compiledFolders.includes(folder) && !compiledFiles.includes(path)) return undefined
  if (!existsSync(join(root, path))) return undefined
  return join(root, 'dist', path.replace(/\.ts$/, '.js'))
}

export default defineConfig(({ mode }): ViteUserConfig => ({
  plugins: testSources
    ? []
    : [
        {
          name: 'dmqsim:compiled',
          enforce: 'pre',
          resolveId: (specifier, importer) =>
            importer === undefined ? undefined : compiledTwin(importer, specifier),
        },
      ],
  test: {
    include: systemSuites.includes(mode) ? [`test/${mode}/**/*.test.ts`] : ['test/**/*.test.ts'],
    exclude: systemSuites.filter((suite) => suite !== mode).map((suite) => `test/${suite}/**`),
    globalSetup: testSources ? [] : ['scripts/build-once.ts'],
    pool: 'threads',
    // Files share one module graph per thread: fast, and a standing test of "after other runs".
    isolate: false,
    server: { deps: { external: [/\/dist\//] } },
    // Whole scenarios run inside tests; how long they take is the machine's affair, not a promise.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: ['{sim,model,scenarios,reports,cli}/**/*.ts'],
    },
  },
}))
