/**
 * The answer of `dmqsim compare`: where two runs part, and what they came to, side by side.
 */

import type { CompareAnswer } from '../answer.ts'
import type { ComparedVerdict, Comparison } from '../../scenarios/explain/compare.ts'
import type { Percentiles } from '../../scenarios/result.ts'
import { type Column, table } from '../table/table.ts'
import { blocks, hung, type Page, text, title, wrap } from './layout.ts'
import { duration, grouped } from './numbers.ts'
import { nameOf } from './verdicts.ts'

export function compareText(answer: CompareAnswer, page: Page): string {
  const { comparison, again } = answer
  return text(
    blocks(
      wrap(compareSentence(comparison), page.width).map((line) => page.paint.bold(line)),
      caseLines(answer, page),
      divergenceLines(comparison, page),
      verdictLines(comparison, page),
      measureLines(comparison, page),
      [`Again   ${page.paint.bold(again)}`],
    ),
  )
}

/** What differs, in one sentence. */
export function compareSentence({ divergence, verdicts }: Comparison): string {
  if (divergence === null) return 'The two runs are the same, event for event.'
  const differing = verdicts.filter(({ first, second }) => first?.verdict !== second?.verdict)
  if (differing.length === 0) {
    return `The runs part at event ${grouped(divergence.event)}, and every promise came to the same.`
  }
  const told = differing.slice(0, 3).map(changeText)
  const more = differing.length > 3 ? `, and ${differing.length - 3} more differ` : ''
  return `The runs part at event ${grouped(divergence.event)}: ${told.join('; ')}${more}.`
}

function changeText(one: ComparedVerdict): string {
  return `${nameOf(one)} is ${one.first?.verdict ?? 'not judged'} in the first and ${one.second?.verdict ?? 'not judged'} in the second`
}

function caseLines({ comparison, names }: CompareAnswer, page: Page): string[] {
  const line = (label: string, at: 0 | 1): string[] => {
    const { scenario, result } = at === 0 ? comparison.first : comparison.second
    const what = `${names[at]} · ${scenario.name} · seed ${result.case.seed} · ${grouped(result.events)} events · trace ${result.traceHash}`
    return hung(`  ${label}  `, what, page.width)
  }
  return [title('Cases', page), ...line('first ', 0), ...line('second', 1)]
}

function divergenceLines({ divergence }: Comparison, page: Page): string[] {
  if (divergence === null) return []
  const { event, atUs, first, second } = divergence
  const seconds = (Math.abs(atUs) / 1_000_000).toFixed(6)
  const when = atUs < 0 ? `${seconds} s before t = 0` : `at ${seconds} s`
  return [
    title('Where they part', page),
    ...hung('  ', `event ${grouped(event)}, ${when}`, page.width),
    ...hung('    first:  ', first, page.width),
    ...hung('    second: ', second, page.width),
  ]
}

function verdictLines({ verdicts }: Comparison, page: Page): string[] {
  const word = (one: ComparedVerdict['first']): string =>
    one === null ? '–' : `${one.verdict}${one.count === 0 ? '' : ` (${grouped(one.count)})`}`
  const rows = gathered(verdicts).map(({ name, one }) => [name, word(one.first), word(one.second)])
  const columns = [{ title: 'Promise', wraps: true }, { title: 'First' }, { title: 'Second' }]
  return [title('Verdicts', page), ...inset(columns, rows, page)]
}

interface Compared {
  readonly name: string
  readonly one: ComparedVerdict
}

/** Scopes of one check in one row, where all came to the same in both without a breach. */
function gathered(verdicts: readonly ComparedVerdict[]): readonly Compared[] {
  const checks = [...new Set(verdicts.map(({ check }) => check))]
  return checks.flatMap((check) => {
    const scopes = verdicts.filter((one) => one.check === check)
    const [first] = scopes
    if (first === undefined || scopes.length === 1 || !scopes.every((one) => isSame(one, first))) {
      return scopes.map((one) => ({ name: nameOf(one), one }))
    }
    return [{ name: `${check} (${scopes.length} scopes)`, one: first }]
  })
}

function isSame(one: ComparedVerdict, other: ComparedVerdict): boolean {
  const words = [one.first, one.second, other.first, other.second].map((of) => of?.verdict)
  return (words[0] === 'kept' || words[0] === 'vacuous') && words.every((of) => of === words[0])
}

function measureLines({ latency, groups }: Comparison, page: Page): string[] {
  const time = (of: Percentiles | null, rank: 'p50' | 'p99'): string =>
    of === null ? '–' : duration(of[rank])
  const rows: string[][] = []
  for (const [name, { first, second }] of [
    ['send to acknowledgement', latency.produce],
    ['end to end', latency.endToEnd],
  ] as const) {
    for (const rank of ['p50', 'p99'] as const) {
      rows.push([`${name} ${rank}`, time(first, rank), time(second, rank)])
    }
  }
  for (const { group, topic, first, second } of groups) {
    const both = [first, second]
    const name = `${group} on ${topic}`
    const row = (what: string, tell: (one: NonNullable<typeof first>) => string): string[] => [
      `${name}: ${what}`,
      ...both.map((one) => (one === null ? '–' : tell(one))),
    ]
    rows.push(row('backlog peak', (one) => grouped(one.backlogPeak)))
    rows.push(row('oldest waited', (one) => duration(one.latenessPeakUs)))
    rows.push(row('drained in', (one) => (one.drainUs === null ? 'never' : duration(one.drainUs))))
    rows.push(row('redelivered', (one) => grouped(one.redelivered)))
  }
  const columns = [
    { title: 'Measure', wraps: true },
    { title: 'First', right: true },
    { title: 'Second', right: true },
  ]
  return [title('Measures', page), ...inset(columns, rows, page)]
}

function inset(columns: readonly Column[], rows: readonly string[][], { width }: Page): string[] {
  return table(columns, rows, width - 2).map((line) => `  ${line}`)
}
