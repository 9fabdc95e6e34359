/**
 * A suite for GitHub Actions: workflow commands that annotate files, and a summary in Markdown.
 *
 * Escaping is that of the runner: `%`, CR and LF in a message; `:` and `,` as well in a property. A
 * line of an answer that begins like a command is taken apart, so that no text of a user is one.
 */

import { failing, type Suite, type SuiteCase } from './suite.ts'

/** A place in a file, by its path from the root of the repository. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column?: number
}

/** Where a case stands; null where no file of the repository says it. */
export type Locate = (one: SuiteCase) => Place | null

/** The answer in words, then one annotation for each case that failed. */
export function githubLog(suite: Suite, text: string, locate: Locate): string {
  const lines = text.split('\n').map(harmless)
  const errors = failing(suite).map((one) =>
    command('error', locate(one), `${suite.name}: ${one.name}`, [
      one.message,
      ...one.details.filter((line) => !isToken(line)),
    ]),
  )
  const remarks = suite.remarks.map(({ title, message, ...place }) =>
    command('warning', place, title, [message]),
  )
  const known = suite.cases.filter(isKnown)
  const notices = known.map((one) =>
    command('notice', locate(one), `${suite.name}: ${one.name}`, [one.message]),
  )
  return `${[...lines.slice(0, -1), ...errors, ...remarks, ...notices].join('\n')}\n`
}

/** A token fills a screen; it stands in the summary. */
function isToken(line: string): boolean {
  return / dmq\d+\.\S{100}/.test(line)
}

/** Broken, but a baseline knows it. */
function isKnown({ outcome, message }: SuiteCase): boolean {
  return outcome === 'skipped' && message.startsWith('broken')
}

function command(
  level: 'error' | 'warning' | 'notice',
  place: Place | null,
  title: string,
  message: readonly string[],
): string {
  const properties = {
    ...(place === null ? {} : { file: place.file, line: place.line }),
    ...(place?.column === undefined ? {} : { col: place.column }),
    title,
  }
  const words = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`)
  return `::${level} ${words.join(',')}::${data(message.join('\n'))}`
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(value: string | number): string {
  return data(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

/** The runner takes a line for a command if it begins with `::` or holds `##[`. */
function harmless(line: string): string {
  return line.replace(/^(\s*):(?=:)/, '$1: ').replaceAll('##[', '## [')
}

const marks = { passed: '✓', failed: '✗', error: '✗', skipped: '–' } as const

/** What GitHub takes of one step. */
const SUMMARY_BYTES_MAX = 1_000_000

/** The page that a job shows under its steps. */
export function stepSummary(suite: Suite): string {
  const failed = failing(suite)
  const head = [
    `### ${failed.length === 0 ? '✓' : '✗'} dmqsim ${inText(suite.name)}`,
    '',
    `**${inText(suite.sentence)}**`,
    '',
    suite.properties.map(([name, value]) => `${inText(name)} ${inText(value)}`).join(' · '),
    '',
    '| | Promise | Answer |',
    '|---|---|---|',
    ...suite.cases.map(
      ({ outcome, name, message }) =>
        `| ${marks[outcome]} | ${inText(name)} | ${inText(message)} |`,
    ),
    '',
  ]
  const more = failed.filter(({ details }) => details.length > 0).flatMap(detailsOf)
  const again = suite.again === null ? [] : ['Again:', '', ...code([suite.again], 'sh')]
  const whole = [...head, ...more, ...again, ''].join('\n')
  if (Buffer.byteLength(whole) <= SUMMARY_BYTES_MAX) return whole
  return [...head, 'The failures are too long for this page.', '', ...again, ''].join('\n')
}

function detailsOf({ name, details }: SuiteCase): string[] {
  const summary = `<summary>${inText(name)}</summary>`
  return ['<details>', summary, '', ...code(details, ''), '', '</details>', '']
}

/** A fence longer than any inside. */
function code(lines: readonly string[], language: string): string[] {
  const text = lines.join('\n')
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return [`${fence}${language}`, text, fence]
}

/** A user's text as text: no HTML, no links, no emphasis. */
function inText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]~|]/g, '\\$&')
    .replaceAll(/[\r\n]+/g, ' ')
}
