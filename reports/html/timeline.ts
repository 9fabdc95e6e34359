/**
 * The timeline as a table: what was to happen, whom it struck, when, how long, and what was
 * refused and why.
 */

import type { Judged, Struck } from '../../scenarios/result.ts'
import { duration, moment } from '../text/numbers.ts'
import { entryLabel, isOperation } from './bands.ts'
import { markup, type Markup } from './markup.ts'
import { empty, type Section } from './section.ts'
import { cardTable, type Row } from './table.ts'

export function timelineSection({ result }: Judged): Section {
  const columns = [
    { title: '#', number: true },
    { title: 'At', number: true },
    { title: 'For', number: true },
    { title: 'What' },
    { title: 'Target', whole: true },
    { title: 'Resolved to', prose: true },
    { title: 'Outcome', prose: true },
  ]
  return {
    id: 'timeline',
    title: 'Timeline',
    lead: null,
    body:
      result.struck.length === 0
        ? empty('The timeline is empty: nothing was done to the cluster.')
        : cardTable('Timeline', columns, result.struck.map(rowOf)),
  }
}

function rowOf(one: Struck): Row {
  const { index, kind, target, resolved, atUs, untilUs } = one
  const cells = [
    chip(index, kind),
    atUs === null ? '–' : moment(atUs),
    atUs === null || untilUs === null ? '–' : duration(untilUs - atUs),
    kind,
    target,
    (resolved ?? []).join(', ') || '–',
    outcomeOf(one),
  ]
  return { cells, faint: one.atUs === null || one.refused !== null }
}

function chip(index: number, kind: string): Markup {
  const nature = isOperation(kind) ? 'operation' : 'fault'
  return markup`<span class="chip ${nature}">${entryLabel(index)}</span>`
}

function outcomeOf({ refused, unanswered, atUs, untilUs }: Struck): string {
  if (refused !== null) return `refused: ${refused}`
  if (atUs === null) return 'never fired'
  if (unanswered === true) return 'no answer, it may have been done'
  return untilUs === null ? 'took effect at once' : 'took effect, ended'
}
