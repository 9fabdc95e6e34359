import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { importLines, layerViolations, type SourceFile } from '../scripts/layers.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

function sources(): SourceFile[] {
  const paths = ['sim', 'model', 'scenarios', 'reports', 'cli'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (name) => `${folder}/${name.replaceAll('\\', '/')}`,
    ),
  )
  const doors = readdirSync(root).filter((name) => name === 'index.ts' || name === 'vitest.ts')
  return [...paths, ...doors]
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

function violationsOf(path: string, line: string): string[] {
  return layerViolations([{ path, text: `/** A file. */\n\n${line}\n` }])
}

describe('the layers', () => {
  test('every import of the sources keeps to its layer', () => {
    const files = sources()

    const violations = layerViolations(files)

    expect(files.length).toBeGreaterThan(10)
    expect(violations).toEqual([])
  })

  test.each([
    ['sim/kernel.ts', `import { record } from '../model/record.ts'`],
    ['sim/kernel.ts', `import { readFileSync } from 'node:fs'`],
    ['sim/random.ts', `import seedrandom from 'seedrandom'`],
    ['sim/random.ts', `export { list } from '../scenarios/list.ts'`],
    ['model/record.ts', `import { broker } from './kafka/broker.ts'`],
    ['model/log/log.ts', `import type { Broker } from '../kafka/broker.ts'`],
    ['model/kafka/broker.ts', `import { kernel } from '../../sim/kernel.ts'`],
    ['model/kafka/broker.ts', `import type { Fault } from '../../sim/faults.ts'`],
    ['model/kafka/broker.ts', `import { server } from '../zookeeper/server.ts'`],
    ['model/zookeeper/server.ts', `import { broker } from '../kafka/broker.ts'`],
    ['model/kafka/broker.ts', `import { run } from '../../scenarios/run.ts'`],
    ['model/kafka/broker.ts', `import 'node:fs'`],
    ['scenarios/checks/no-loss.ts', `import type { Broker } from '../../model/kafka/broker.ts'`],
    ['scenarios/checks/no-loss.ts', `import { run } from '../run.ts'`],
    ['scenarios/run.ts', `import { text } from '../reports/text.ts'`],
    ['scenarios/run.ts', `const reports = await import('../reports/text.ts')`],
    ['scenarios/run.ts', `import pc from 'picocolors'`],
    ['reports/text.ts', `import { run } from '../scenarios/run.ts'`],
    ['reports/text.ts', `import { type Result } from '../scenarios/result.ts'`],
    ['reports/text.ts', `import type { World } from '../sim/world.ts'`],
    ['reports/text.ts', `import type { Broker } from '../model/kafka/broker.ts'`],
    ['cli/main.ts', `import { cases } from '../test/cases.ts'`],
    ['index.ts', `import { main } from './cli/main.ts'`],
    ['elsewhere/file.ts', ''],
  ])('refuses in %s: %s', (path, line) => {
    expect(violationsOf(path, line)).toHaveLength(1)
  })

  test.each([
    ['sim/random.ts', `import alea from 'seedrandom/lib/alea.js'`],
    ['model/kafka/broker.ts', `import type { Context } from '../../sim/process.ts'`],
    ['model/kafka/broker.ts', `import { log } from '../log/log.ts'`],
    ['model/kafka/broker.ts', `import { connect } from '../zookeeper/client.ts'`],
    ['model/kafka/broker.ts', `import { session } from '../zookeeper/client/session.ts'`],
    ['scenarios/checks/no-loss.ts', `import type { Result } from '../result.ts'`],
    ['scenarios/checks/no-loss.ts', `import { ranges } from '../../model/record.ts'`],
    ['scenarios/run.ts', `import { broker } from '../model/kafka/broker.ts'`],
    ['reports/text.ts', `import type { Result } from '../scenarios/result.ts'`],
    ['cli/main.ts', `import { Command } from 'commander'`],
  ])('accepts in %s: %s', (path, line) => {
    expect(violationsOf(path, line)).toEqual([])
  })

  test('a violation names the file, the line and what is imported', () => {
    const [violation] = violationsOf('sim/kernel.ts', `import { record } from '../model/record.ts'`)

    expect(violation).toBe('sim/kernel.ts:3: sim may not import model/record.ts')
  })

  test('an import is found when it spans lines, re-exports, or is only for its effect', () => {
    const text = [
      `import type {`,
      `  Batch,`,
      `} from './record.ts'`,
      `export * as facts from './facts.ts'`,
      `import first, { second } from './both.ts'`,
      `import './effect.ts'`,
      `// import { nothing } from './comment.ts'`,
    ].join('\n')

    const specifiers = importLines(text).map((found) => found.specifier)

    expect(specifiers).toEqual(['./record.ts', './facts.ts', './both.ts', './effect.ts'])
  })
})
