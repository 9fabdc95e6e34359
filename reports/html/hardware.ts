/**
 * How busy the hardware was: each resource by its busiest host, and when the disks would be full.
 *
 * Only hosts with a profile are watched; on `ideal` nothing has a limit, and there is no section.
 */

import type { Judged } from '../../scenarios/result.ts'
import type { Resources, ResourceUse } from '../../scenarios/resources.ts'
import { resourcePlace } from '../resource-names.ts'
import { bytes, duration, grouped, moment, percent } from '../text/numbers.ts'
import { markup, type Markup, nothing, type Piece } from './markup.ts'
import { diskUses, type NamedUse, usesOf } from './resource-charts.ts'
import { empty, type Section } from './section.ts'
import { cardTable, type Row } from './table.ts'

/** None where no host has hardware. */
export function hardwareSections({ result }: Judged): Section[] {
  const { resources, phases } = result
  if (resources === null || resources === undefined || resources.atUs.length === 0) return []
  const uses = usesOf(resources).filter(({ use }) => use.resource !== 'disk-space')
  return [
    {
      id: 'hardware',
      title: 'Hardware',
      lead: 'How busy it was under load; the picture over time is above.',
      body: markup`${busiestTable(uses)}
${diskTable(resources, phases.healUs)}
${allTable(uses)}`,
    },
  ]
}

/** Share below which a resource is told only of every host. */
const IDLE = 0.05

const columns = [
  { title: 'Resource' },
  { title: 'Busiest host', short: 'Host' },
  { title: 'Mean', number: true },
  { title: 'Busiest step', number: true, short: 'Peak' },
  { title: 'at', number: true },
  { title: 'Waited at most', number: true, short: 'Waited' },
]

function busiestTable(uses: readonly NamedUse[]): Markup {
  const names = [...new Set(uses.map(({ use }) => use.resource))].sort(
    (left, right) => resourcePlace(left) - resourcePlace(right),
  )
  const rows = names.flatMap((name) => {
    const own = uses.filter(({ use }) => use.resource === name)
    const most = own.reduce((busy, one) => (one.use.peak > busy.use.peak ? one : busy))
    return most.use.peak < IDLE ? [] : [rowOf(most)]
  })
  if (rows.length === 0) return empty('No host was busy for more than 5 % of its time in any step.')
  return cardTable('Busiest hosts', columns, rows)
}

function rowOf({ host, use }: NamedUse): Row {
  const queue = use.queue === undefined ? '–' : grouped(Math.max(0, ...use.queue))
  return {
    cells: [
      use.resource,
      host,
      percent(use.mean),
      markup`<span class="${use.peak >= 0.95 ? 'bad' : ''}">${percent(use.peak)}</span>`,
      moment(use.peakAtUs),
      queue,
    ],
    faint: use.peak < IDLE,
  }
}

function allTable(uses: readonly NamedUse[]): Markup {
  const sorted = [...uses].sort(
    (left, right) => resourcePlace(left.use.resource) - resourcePlace(right.use.resource),
  )
  return markup`<details><summary>Every host</summary>
${cardTable('Utilisation', columns, sorted.map(rowOf))}</details>`
}

function diskTable(resources: Resources, loadUs: number): Markup {
  const disks = diskUses(resources)
  if (disks.length === 0) return nothing
  const rows = disks.map(({ host, use }): Row => {
    const held = use.bytes?.at(-1) ?? 0
    const share = use.utilisation.at(-1) ?? 0
    return { cells: [host, bytes(held), percent(share), fullText(use, loadUs)] }
  })
  const diskColumns = [
    { title: 'Disk of' },
    { title: 'Holds', number: true },
    { title: 'Of its space', number: true, short: 'Share' },
    { title: 'Full', number: true },
  ]
  return markup`<h3>Disks at the end</h3>
<p class="note-line">When a disk is full is reckoned from how it filled in the second half of the load.</p>
${cardTable('Disks', diskColumns, rows)}`
}

function fullText({ fullAtUs = null }: ResourceUse, loadUs: number): Piece {
  if (fullAtUs === null) return 'not filling'
  if (fullAtUs <= loadUs) return markup`<span class="bad">since ${moment(fullAtUs)}</span>`
  return `${duration(Math.round(fullAtUs - loadUs))} after the load`
}
