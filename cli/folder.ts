/**
 * Where results go: `.dmqsim/<scenario>-<seed>/`, and `.dmqsim/latest` as a link to it.
 *
 * A file is written beside its place and then renamed, so that it is there whole or not at all.
 */

import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { InputError } from '../scenarios/schema/input-error.ts'

const ROOT = '.dmqsim'

export class Folder {
  /** As people would write it. */
  readonly path: string
  /** Whether `latest` is to point at it. */
  readonly #linked: boolean

  constructor(scenario: string, seed: number, out?: string) {
    this.path = out ?? join(ROOT, `${scenario.replaceAll(/[^\w.-]+/g, '-')}-${seed}`)
    this.#linked = out === undefined
  }

  file(name: string): string {
    return join(this.path, name)
  }

  /** Before the work: throws `InputError` where nothing can be written later. */
  ready(): void {
    readyFor(this.file('result.json'))
  }

  /** Throws `InputError` where it cannot be written. */
  write(name: string, text: string | Uint8Array): void {
    writeWhole(this.file(name), text)
  }

  /** Leaves nothing of an earlier answer to be taken for this one's. */
  clear(name: string): void {
    rmSync(this.file(name), { recursive: true, force: true })
  }

  link(): void {
    if (!this.#linked) return
    attempt(this.path, () => {
      const link = join(dirname(this.path), 'latest')
      const made = `${link}-${process.pid}`
      rmSync(made, { force: true })
      symlinkSync(basename(this.path), made, 'junction')
      renameSync(made, link)
    })
  }
}

class NotAFolder extends Error {
  readonly code = 'ENOTDIR'
}

/** Makes the folder of a file that is written later; throws `InputError` where that cannot be. */
export function readyFor(file: string): void {
  attempt(file, () => {
    makeFolder(dirname(file))
    if (!statSync(dirname(file)).isDirectory()) throw new NotAFolder()
    accessSync(dirname(file), constants.W_OK)
  })
}

/** Throws `InputError` with the file and what stands in the way. */
export function writeWhole(file: string, text: string | Uint8Array): void {
  attempt(file, () => {
    makeFolder(dirname(file))
    const made = `${file}.${process.pid}.part`
    writeFileSync(made, text)
    renameSync(made, file)
  })
}

/** Node's own recursion goes on for ever where a file system takes no folders, such as /proc. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another command made it at the same time.
    if (!existsSync(folder)) throw error
  }
}

function attempt(file: string, write: () => void): void {
  try {
    write()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new InputError([`${file}: cannot be written (${code}); --out chooses another folder`])
  }
}
