/**
 * A suite in the XML of JUnit, as Jenkins, GitLab and most others read it.
 *
 * After the schema that Jenkins publishes: testsuites, testsuite, properties, testcase with
 * failure, error or skipped, system-out. Left out: the time of each case (a run is judged as a
 * whole).
 */

import { counted, type Suite, type SuiteCase } from './suite.ts'

export function junitXml(suite: Suite): string {
  const counts = {
    tests: suite.cases.length,
    failures: counted(suite, 'failed'),
    errors: counted(suite, 'error'),
    skipped: counted(suite, 'skipped'),
    time: (suite.wallMs / 1_000).toFixed(3),
  }
  const { skipped: _skipped, ...ofAll } = counts
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'dmqsim', ...ofAll })}>`,
    `  <testsuite${attributes({ name: suite.name, ...counts })}>`,
    '    <properties>',
    ...suite.properties.map(([name, value]) => `      <property${attributes({ name, value })}/>`),
    '    </properties>',
    ...suite.cases.flatMap((one) => caseLines(one, suite.name)),
    `    <system-out>${escaped(outputOf(suite))}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function outputOf({ sentence, again }: Suite): string {
  return again === null ? sentence : `${sentence}\nagain: ${again}`
}

const elements = { failed: 'failure', error: 'error', skipped: 'skipped' } as const

function caseLines({ name, outcome, message, details }: SuiteCase, suite: string): string[] {
  const open = `    <testcase${attributes({ name, classname: suite, time: '0.000' })}`
  if (outcome === 'passed') return [`${open}/>`]
  const element = elements[outcome]
  const inside =
    outcome === 'skipped'
      ? `<skipped${attributes({ message })}/>`
      : `<${element}${attributes({ message, type: outcome })}>${escaped(
          [message, ...details].join('\n'),
        )}</${element}>`
  return [`${open}>`, `      ${inside}`, '    </testcase>']
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** What XML 1.0 cannot hold, not even escaped, becomes a replacement character. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
    .replaceAll('\r', '&#13;')
}
