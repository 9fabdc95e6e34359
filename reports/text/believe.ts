/**
 * "How far to believe": the last block of every answer. Sampling, inputs by source, what is not
 * modelled, configuration without effect, probes, versions.
 */

import type { Configuration, Head, Input } from '../answer.ts'
import { notModelledFor } from '../not-modelled.ts'
import type { Scenario } from '../../scenarios/schema/scenario.ts'
import { beside, type Page, title } from './layout.ts'
import { grouped } from './numbers.ts'

export interface Belief {
  readonly head: Head
  readonly scenario: Scenario
  readonly configuration: Configuration
  /** What the answer rests on, in one or two sentences. */
  readonly sampling: string
  /** How often, or in how many runs, each probe was reached. */
  readonly probes: Readonly<Record<string, number>>
  readonly guardsOff: readonly string[]
  readonly protocols: Readonly<Record<string, string>>
}

const INDENT = 16
const PROBES_SHOWN = 8

export function beliefLines(belief: Belief, page: Page): string[] {
  const { configuration, scenario, head } = belief
  const rows: [string, string][] = [
    ['Sampled', belief.sampling],
    ...inputRows(configuration.inputs),
    ['Timeouts', timeoutsOf(scenario)],
    ...changed(belief),
    ...configuration.notices.map((line): [string, string] => ['Configuration', line]),
    ['Probes reached', probesText(belief.probes)],
    [
      'Not modelled',
      notModelledFor(scenario)
        .map(({ name }) => name)
        .join(' · '),
    ],
    ['Versions', `dmqsim ${head.version}, Node ${head.node}`],
  ]
  const lines = rows.flatMap(([label, text]) =>
    beside(`  ${label}`, INDENT + 2, text, page.width).map((line) => page.paint.dim(line)),
  )
  return [title('How far to believe', page), ...lines]
}

function inputRows(inputs: readonly Input[]): [string, string][] {
  const sources: readonly [Input['source'], string][] = [
    ['given', 'Given'],
    ['imported', 'Imported'],
    ['fitted', 'Fitted'],
    ['default', 'By default'],
  ]
  return sources.flatMap(([source, label]): [string, string][] => {
    const of = inputs.filter((input) => input.source === source)
    if (of.length === 0) return []
    return [[label, of.map(inputText).join(' · ')]]
  })
}

/** `record size 1,000 B`, `m7g.large, assumed: tlsCpuNs 0` */
export function inputText({
  name,
  value,
  from,
}: {
  readonly name: string
  readonly value: string
  readonly from?: string | null
}): string {
  return from === undefined || from === null ? `${name} ${value}` : `${name}, ${from}: ${value}`
}

function timeoutsOf({ timeouts }: Scenario): string {
  return timeouts === 'brisk'
    ? 'brisk: shorter than Kafka’s own, so that they fire within the run'
    : 'Kafka’s own'
}

/** What makes this another system than Kafka 3.9 as it ships. */
function changed({ guardsOff, protocols }: Belief): [string, string][] {
  const levels = Object.entries(protocols).map(([name, value]) => `${name}=${value}`)
  return [
    ...(guardsOff.length === 0
      ? []
      : ([['Guards off', guardsOff.join(', ')]] satisfies [string, string][])),
    ...(levels.length === 0
      ? []
      : ([['Protocols', levels.join(', ')]] satisfies [string, string][])),
  ]
}

function probesText(probes: Readonly<Record<string, number>>): string {
  const reached = Object.entries(probes)
    .filter(([, count]) => count > 0)
    .sort(([nameA, a], [nameB, b]) => b - a || (nameA < nameB ? -1 : 1))
  if (reached.length === 0) return 'none'
  const shown = reached
    .slice(0, PROBES_SHOWN)
    .map(([name, count]) => `${name} ${grouped(count)}`)
    .join(' · ')
  const more = reached.length - PROBES_SHOWN
  return more > 0 ? `${reached.length}: ${shown} · and ${more} more` : shown
}
