import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const script = fileURLToPath(new URL('../../scripts/rules-index.mjs', import.meta.url))

function rulesIndex(...flags: string[]): { output: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, ...flags], {
    encoding: 'utf8',
  })
  return { output: stdout + stderr, status }
}

test('docs/rules.md is up to date', () => {
  expect(rulesIndex('--check')).toEqual({ output: '', status: 0 })
})

describe('the index of a small tree', () => {
  const specification = `# Brokers
## 1. Produce
### 1.1 Requests
P1. The first rule: its second clause.
P2. A rule (with a long explanation; in brackets).
P3. Another.
P4. The last one.
`
  const files: Readonly<Record<string, string>> = {
    'docs/specification/kafka-broker.md': specification,
    'docs/specification/hazards.md': '### R01 - A hazard\n### R02 - Another hazard\n',
    'model/produce.ts': `/**\n * Producing (KB P1–P2). Left out: compression,\n * quotas. More.\n */\n`,
    'model/fetch.ts': `// As the leader has it (KB 9.1, P3, R01).\n`,
    'model/levels.ts': `export const level = { hazards: ['R02'] }\n`,
    'test/model/produce.test.ts': `test('a second rule (KB P2)', () => {})\n`,
  }
  const root = mkdtempSync(join(tmpdir(), 'dmqsim-rules-'))
  let lines: readonly string[] = []

  beforeAll(() => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    lines = rulesIndex('--print', '--root', root).output.split('\n')
  })

  afterAll(() => rmSync(root, { recursive: true }))

  test.each([
    ['KB P1', '| KB P1 | The first rule | simplified | [produce](../model/produce.ts) |  |'],
    [
      'KB P2',
      '| KB P2 | A rule | simplified | [produce](../model/produce.ts) | [model/produce](../test/model/produce.test.ts) |',
    ],
    ['KB P3', '| KB P3 | Another | modelled | [fetch](../model/fetch.ts) |  |'],
    ['KB P4', '| KB P4 | The last one | left out |  |  |'],
    ['HZ R01', '| HZ R01 | A hazard | modelled | [fetch](../model/fetch.ts) |  |'],
    ['HZ R02', '| HZ R02 | Another hazard | modelled | [levels](../model/levels.ts) |  |'],
  ])('has the row of %s', (rule, row) => {
    expect(lines.filter((line) => line.startsWith(`| ${rule} |`))).toEqual([row])
  })

  test('counts rules by status', () => {
    expect(lines).toContain('| `KB` | 1 | 2 | 1 |')
  })

  test('ends with what files leave out', () => {
    expect(lines).toContain('| [model/produce](../model/produce.ts) | compression, quotas |')
  })
})
