/**
 * Where in a handler an error came from: the line of its stack that is not dmqsim's.
 */

import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = dirname(fileURLToPath(import.meta.url))

const FRAME = /\(?(?:file:\/\/)?((?:[A-Za-z]:)?[^():\s][^():]*?)(?:\?[^():]*)?:(\d+):(\d+)\)?$/

/** `order-handler.js:17:9`; the module's name where the stack does not say. */
export function placeOf(error: unknown, module: string): string {
  const frames = error instanceof Error ? (error.stack ?? '').split('\n') : []
  const found = frames
    .filter((line) => line.startsWith('    at '))
    .map((line) => FRAME.exec(line))
    .filter((match) => match !== null)
    .map(([_all, file = '', line, column]) => ({ file, line, column }))
  const name = basename(module)
  const own =
    found.find(({ file }) => basename(file) === name) ??
    found.find(({ file }) => dirname(file) !== HERE && !file.startsWith('node:'))
  return own === undefined ? module : `${basename(own.file)}:${own.line}:${own.column}`
}
