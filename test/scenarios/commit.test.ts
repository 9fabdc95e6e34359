import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commitSeed } from '../../scenarios/commit.ts'
import { temporaryFolder } from '../cli/recording-terminal.ts'

function git(folder: string, ...words: readonly string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org']
  const { stdout } = spawnSync('git', [...identity, ...words], { cwd: folder, encoding: 'utf8' })
  return stdout.trim()
}

test('the seed of a commit is the beginning of its hash, as a number', () => {
  const folder = temporaryFolder()
  git(folder, 'init', '-q')
  writeFileSync(join(folder, 'a'), 'a')
  git(folder, 'add', 'a')
  git(folder, 'commit', '-qm', 'a')

  const seed = commitSeed('seed', folder)

  expect(seed.toString(16).padStart(12, '0')).toBe(git(folder, 'rev-parse', 'HEAD').slice(0, 12))
  expect(Number.isSafeInteger(seed)).toBe(true)
})

test('without a commit there is no such seed', () => {
  const folder = temporaryFolder()
  const why = /^seed commit: this folder is in no git repository with a commit; give a number$/

  expect(() => commitSeed('seed', folder)).toThrow(why)
  git(folder, 'init', '-q')
  expect(() => commitSeed('seed', folder)).toThrow(why)
})
