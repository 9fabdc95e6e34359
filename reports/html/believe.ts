/**
 * How far to believe: what one run says, where its inputs came from, what bears on the claim and
 * is not modelled, the phases with their times, and versions.
 */

import type { Judged, Phases } from '../../scenarios/result.ts'
import { counted, duration, moment } from '../text/numbers.ts'
import { folded } from './folded.ts'
import { joined, markup, type Markup, nothing, type Piece } from './markup.ts'
import type { Section } from './section.ts'
import { compactTable } from './table.ts'

export interface Belief {
  readonly version: string
  readonly notModelled: readonly string[]
  readonly inputs: readonly Input[]
}

export interface Input {
  readonly name: string
  /** Shown beside the name, where there is one. */
  readonly value?: string
  /** Who says so, where it is known. */
  readonly from?: string
  /** given, imported, fitted, default. */
  readonly source: string
}

export function believeSection(judged: Judged, belief: Belief): Section {
  const { result } = judged
  const rows: [string, Piece][] = [
    [
      'Sampled',
      'One run of one seed: “kept” says that this run broke nothing, and bounds nothing. ' +
        'dmqsim explore says how often.',
    ],
    ...inputRows(belief.inputs),
    ['Not modelled', notModelledPart(belief.notModelled)],
    ['Versions', versionText(judged, belief.version)],
    ['Trace hash', markup`<code>${result.traceHash}</code> every event`],
    ['History hash', markup`<code>${result.historyHash}</code> what clients saw`],
  ]
  const items = rows.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)
  return {
    id: 'believe',
    title: 'How far to believe',
    lead: null,
    body: markup`<dl class="belief">${items}</dl>
<h3>Phases</h3>
${phaseTable(result.phases)}`,
  }
}

const sourceNames: Readonly<Record<string, string>> = {
  given: 'Given',
  imported: 'Imported',
  fitted: 'Fitted',
  default: 'By default',
}

function inputRows(inputs: readonly Input[]): [string, Piece][] {
  const sources = [...new Set([...Object.keys(sourceNames), ...inputs.map((one) => one.source)])]
  return sources.flatMap((source): [string, Piece][] => {
    const own = inputs.filter((input) => input.source === source)
    if (own.length === 0) return []
    const shown = own.map(
      ({ name, value, from }) =>
        markup`<span class="input">${name}${fromText(from)}${valueText(value)}</span>`,
    )
    return [[sourceNames[source] ?? source, joined(shown, ' ')]]
  })
}

function fromText(from: string | undefined): string {
  return from === undefined ? '' : `, ${from}:`
}

function valueText(value: string | undefined): Markup {
  return value === undefined ? nothing : markup` <b>${value}</b>`
}

/** Each begins with its name, which stands for it while it is folded. */
export function notModelledPart(sentences: readonly string[]): Piece {
  if (sentences.length === 0) return 'nothing that is known to bear on this scenario'
  return folded({
    title: counted(sentences.length, 'thing'),
    brief: sentences.map((one) => one.split(':')[0] ?? one).join(' · '),
    body: markup`<ul>${sentences.map((one) => markup`<li>${one}</li>`)}</ul>`,
  })
}

function versionText({ result }: Judged, version: string): string {
  const { engine, format } = result.case
  const made = engine === version ? '' : `, its case made by ${engine}`
  return `dmqsim ${version}${made}; case format ${format}; Kafka 3.9 with ZooKeeper`
}

/** Boot lies before t = 0. */
function beginText(us: number): string {
  return us < 0 ? duration(us) : moment(us)
}

function phaseTable(phases: Phases): Markup {
  const steps: readonly [string, number | null, number | null][] = [
    ['boot, until the cluster had converged', -phases.originUs, 0],
    ['torment, under load', 0, phases.healUs],
    ['settle: leaders, ISR, groups', phases.healUs, phases.settledUs],
    ['a write to every partition', phases.settledUs, phases.wroteUs],
    ['producers end', phases.wroteUs, phases.producersDoneUs],
    ['groups drain', phases.producersDoneUs, phases.drainedUs],
    ['the auditor reads every log', phases.drainedUs, phases.endUs],
  ]
  const columns = [
    { title: 'Phase', prose: true },
    { title: 'From', number: true },
    { title: 'Took', number: true },
  ]
  const rows = steps.map(([name, from, until]) => {
    const reached = from !== null && until !== null
    const took = reached ? duration(until - from) : 'not reached'
    return { cells: [name, from === null ? '–' : beginText(from), took], faint: !reached }
  })
  return compactTable('Phases', columns, rows)
}
