/**
 * Gives an answer: in the form that stdout is to have, in others to files, or its sentence alone.
 */

import { appendFileSync } from 'node:fs'
import { githubLog, type Locate, stepSummary } from '../reports/ci/github.ts'
import { junitXml } from '../reports/ci/junit.ts'
import type { Suite } from '../reports/ci/suite.ts'
import { type Page, page } from '../reports/text/layout.ts'
import { InputError } from '../scenarios/schema/input-error.ts'
import { type AnswerFlags, reporters, withoutTests } from './flags.ts'
import { writeWhole } from './folder.ts'
import { type Form, type ToolForm, toolForms } from './reporters/reporters.ts'
import type { Terminal } from './terminal.ts'

/** An answer in each of its forms. */
export interface Spoken {
  readonly json: () => unknown
  readonly text: (page: Page) => string
  /** For `--quiet`. */
  readonly sentence: () => string
  /** What `--quiet` adds to the sentence of an answer that is not as expected. */
  readonly again: string | null
  /** As tests, for what shows tests; absent: there is nothing to fail. */
  readonly suite?: () => Suite
  /** Where its cases stand. */
  readonly locate?: Locate
  /** As other tools would tell it. */
  readonly tools?: Readonly<Record<ToolForm, () => string>>
}

/** An answer that is a list, and has no sentence. */
export type SpokenList = Pick<Spoken, 'json' | 'text'>

export function speak(terminal: Terminal, flags: AnswerFlags, spoken: Spoken | SpokenList): void {
  const tools = 'tools' in spoken ? spoken.tools : undefined
  const { stdout, files } = reporters(flags, tools === undefined ? [] : toolForms)
  const inForm = (form: Form, to: Page): string => {
    if (form === 'json') return `${JSON.stringify(spoken.json(), null, 2)}\n`
    if (form === 'junit') return junitXml(suiteOf(spoken, form))
    const tool = tools?.[form as ToolForm]
    if (tool !== undefined) return `${tool()}\n`
    const text = flags.quiet === true && 'sentence' in spoken ? briefly(spoken) : spoken.text(to)
    return form === 'github' ? githubLog(suiteOf(spoken, form), text, locateOf(spoken)) : text
  }
  for (const { form, file } of files) writeWhole(file, inForm(form, page(terminal.columns, false)))
  terminal.out(inForm(stdout, page(terminal.columns, terminal.colour)))
  const summary = terminal.environment['GITHUB_STEP_SUMMARY'] ?? ''
  if (stdout === 'github' && summary !== '') {
    appendSummary(summary, stepSummary(suiteOf(spoken, stdout)))
  }
}

function briefly({ sentence, again }: Spoken): string {
  return [sentence(), ...(again === null ? [] : [again])].map((line) => `${line}\n`).join('')
}

function suiteOf(spoken: Spoken | SpokenList, form: Form): Suite {
  const suite = 'suite' in spoken ? spoken.suite?.() : undefined
  if (suite !== undefined) return suite
  throw withoutTests(form)
}

function locateOf(spoken: Spoken | SpokenList): Locate {
  return ('locate' in spoken ? spoken.locate : undefined) ?? (() => null)
}

/** The file is shared by all commands of a step, so it is added to. */
function appendSummary(file: string, text: string): void {
  try {
    appendFileSync(file, text)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new InputError([`GITHUB_STEP_SUMMARY ${file}: cannot be written (${code})`])
  }
}
