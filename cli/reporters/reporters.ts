/**
 * `--reporter name[=file]`: in which forms an answer is given, and where each goes.
 *
 * One form goes to stdout, others to files, so that one call can serve people, an annotated change
 * and a page of test results. Annotations are commands to the runner and belong on stdout.
 */

import { oneOf, UsageError } from '../usage.ts'

/** Forms of tools that people have parsers for; of a single run alone. */
export const toolForms = ['kafka-perf', 'openmessaging'] as const
export type ToolForm = (typeof toolForms)[number]

export type Form = 'default' | 'json' | 'junit' | 'github' | ToolForm

export interface Reporters {
  readonly stdout: Form
  readonly files: readonly { readonly form: Form; readonly file: string }[]
}

const forms: readonly Form[] = ['default', 'json', 'junit', 'github']

/** `more`: forms that this command has beside those of all. */
export function reportersOf(
  words: readonly string[],
  json: boolean,
  more: readonly ToolForm[] = [],
): Reporters {
  const stdout: Form[] = json ? ['json'] : []
  const files: { form: Form; file: string }[] = []
  for (const word of words) {
    const [name = ''] = word.split('=')
    const form = oneOf({ flag: '--reporter', now: [...forms, ...more] }, name) as Form
    if (!word.includes('=')) {
      if (!stdout.includes(form)) stdout.push(form)
      continue
    }
    const file = word.slice(name.length + 1)
    if (form === 'github') throw new UsageError(`--reporter ${word}: annotations go to stdout`)
    if (file === '') throw new UsageError(`--reporter ${word}: write a file: ${name}=results.xml`)
    files.push({ form, file })
  }
  const [first = 'default', second] = stdout
  if (second !== undefined) {
    throw new UsageError(
      `--reporter ${second}: stdout has ${first} already, write --reporter ${second}=<file>`,
    )
  }
  return { stdout: first, files }
}
