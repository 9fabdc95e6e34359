/**
 * Wrong usage: one clear line with the place and the mend, exit code 2.
 *
 * commander's own messages span lines and begin with "error:"; they are put into the same form.
 */

import type { Command, CommanderError } from 'commander'
import { didYouMean } from '../scenarios/schema/nearest.ts'

export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Words that a flag takes. */
export interface Words {
  readonly flag: string
  readonly now: readonly string[]
}

export function oneOf({ flag, now }: Words, value: string): string {
  if (now.includes(value)) return value
  const hint = didYouMean(value, now) || `: use ${listed(now)}`
  throw new UsageError(`${flag} ${value}: there is no such choice${hint}`)
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`
}

/** A mistake that commander found, in one line. */
export function usageLine(error: CommanderError, command: Command): string {
  const said = error.message.replace(/^error: /, '').split('\n')
  const [first = '', suggestion = ''] = said
  const near = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(suggestion)?.[1]
  const place = command.parent === null ? '' : `${command.name()}: `
  const help = ['dmqsim', ...(command.parent === null ? [] : [command.name()]), '--help'].join(' ')
  const sentence = first.replace(/\.$/, '')
  if (near !== undefined) {
    const words = near.split(', ').map((word) => `"${word}"`)
    return `${place}${sentence}, did you mean ${listed(words)}?`
  }
  return `${place}${sentence}; ${help} shows what there is`
}
