import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** Each ban: the folder it holds in, a line that breaks it, and the rule that must name it. */
const banned: readonly (readonly [folder: string, code: string, rule: string])[] = [
  ['sim', `export const at = Date.now()`, 'eslint(no-restricted-globals)'],
  ['model/kafka', `export const at = new Date()`, 'eslint(no-restricted-globals)'],
  ['scenarios', `export const at = new Date()`, 'eslint(no-restricted-globals)'],
  ['scenarios', `export const at = performance.now()`, 'eslint(no-restricted-globals)'],
  ['scenarios', `setTimeout(() => {}, 1)`, 'eslint(no-restricted-globals)'],
  ['sim', `setInterval(() => {}, 1)`, 'eslint(no-restricted-globals)'],
  ['sim', `setImmediate(() => {})`, 'eslint(no-restricted-globals)'],
  ['sim', `queueMicrotask(() => {})`, 'eslint(no-restricted-globals)'],
  ['scenarios', `globalThis.setTimeout(() => {}, 1)`, 'eslint(no-restricted-globals)'],
  ['scenarios', `export const id = crypto.randomUUID()`, 'eslint(no-restricted-globals)'],
  ['scenarios', `export const order = new Intl.Collator()`, 'eslint(no-restricted-globals)'],
  ['model', `export const home = process.env.HOME`, 'eslint(no-restricted-globals)'],
  ['model', `export const later = Promise.resolve()`, 'eslint(no-restricted-globals)'],
  ['sim', `export const draw = Math.random()`, 'eslint(no-restricted-properties)'],
  ['scenarios', `export const draw = Math['random']()`, 'eslint(no-restricted-properties)'],
  ['sim', `export const { random } = Math`, 'eslint(no-restricted-properties)'],
  ['sim', `export const x = Math.log(2)`, 'eslint(no-restricted-properties)'],
  ['sim', `export const x = Math.exp(2)`, 'eslint(no-restricted-properties)'],
  ['model', `export const x = Math.pow(2, 3)`, 'eslint(no-restricted-properties)'],
  ['scenarios', `export const x = Math.sin(2)`, 'eslint(no-restricted-properties)'],
  ['scenarios', `export const x = Math.cos(2)`, 'eslint(no-restricted-properties)'],
  ['model', `export const x = 'a'.localeCompare('b')`, 'eslint(no-restricted-properties)'],
  ['scenarios', `export const x = (1).toLocaleString()`, 'eslint(no-restricted-properties)'],
  ['sim', `export const x = 2 ** 3`, 'determinism(no-exponent)'],
  ['scenarios', `export let x = 2\nx **= 3`, 'determinism(no-exponent)'],
  ['model', `export const x = [2, 1].sort()`, 'determinism(sort-by-comparator)'],
  ['scenarios', `export const x = [2, 1].toSorted()`, 'determinism(sort-by-comparator)'],
  ['sim', `export const x = [2, 1]['sort']()`, 'determinism(sort-by-comparator)'],
  ['sim', `export async function later() {}`, 'oxc(no-async-await)'],
  ['model/kafka', `export const later = async () => {}`, 'oxc(no-async-await)'],
  ['reports', `// ${'wide '.repeat(20)}`, 'layout(comment-width)'],
  ['cli', `/**\n * ${'wide '.repeat(20)}\n */`, 'layout(comment-width)'],
]

/** Lines that look alike and break nothing where they stand. */
const allowed: readonly (readonly [folder: string, code: string])[] = [
  ['sim', `export const x = [2, 1].sort((a, b) => a - b)`],
  ['sim', `export const x = Math.floor(Math.sqrt(2) * 3)`],
  ['sim', `export const idOf = (process) => process.id`],
  ['scenarios', `export async function loaded() {}`],
  ['reports', `export const width = Math.log(2) + 2 ** 3`],
  ['cli', `export const started = Date.now()`],
  ['cli', `export const x = 1 // ${'as wide as code '.repeat(4)}`],
]

interface Finding {
  readonly code: string
  readonly filename: string
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'lint-'))
let findings: Finding[] = []

function write(path: string, code: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), `${code}\n`)
}

function rulesIn(path: string): string[] {
  return findings.filter((finding) => finding.filename === path).map((finding) => finding.code)
}

beforeAll(() => {
  cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  cpSync(join(root, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true })
  banned.forEach(([where, code], index) => write(`${where}/banned-${index}.ts`, code))
  allowed.forEach(([where, code], index) => write(`${where}/allowed-${index}.ts`, code))

  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
  const lint = spawnSync(process.execPath, [oxlint, '--format', 'json'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}` },
  })
  findings = (JSON.parse(lint.stdout) as { diagnostics: Finding[] }).diagnostics
})

afterAll(() => rmSync(folder, { recursive: true }))

describe('the rules of the linter', () => {
  test.each(banned.map((ban, index) => [...ban, index] as const))(
    'refuse in %s: %s',
    (where, _code, rule, index) => {
      expect(rulesIn(`${where}/banned-${index}.ts`)).toContain(rule)
    },
  )

  test.each(allowed.map((line, index) => [...line, index] as const))(
    'allow in %s: %s',
    (where, _code, index) => {
      expect(rulesIn(`${where}/allowed-${index}.ts`)).toEqual([])
    },
  )
})
