/**
 * The seed `commit`: a number that the checked-out commit stands for, so that every change of a
 * repository is tried with runs of its own, and everybody who checks it out gets the same ones.
 */

import { spawnSync } from 'node:child_process'
import { InputError } from './schema/input-error.ts'

/** 48 bits: a seed is below 2^53. */
const HEX_DIGITS = 12

/** `place`: what the message begins with. Throws `InputError` where there is no commit. */
export function commitSeed(place: string, folder: string = process.cwd()): number {
  const { status, stdout, error } = spawnSync('git', ['rev-parse', '--verify', 'HEAD'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const hash = (stdout ?? '').trim()
  if (status === 0 && /^[0-9a-f]{40,}$/.test(hash)) {
    return Number.parseInt(hash.slice(0, HEX_DIGITS), 16)
  }
  const why =
    error === undefined ? 'this folder is in no git repository with a commit' : 'git cannot be run'
  throw new InputError([`${place} commit: ${why}; give a number`])
}
