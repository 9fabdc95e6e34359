/**
 * Probes reached and guards that decided, folded away until somebody asks.
 */

import type { Judged } from '../../scenarios/result.ts'
import { grouped } from '../text/numbers.ts'
import { markup, type Markup } from './markup.ts'
import { empty, type Section } from './section.ts'
import { compactTable } from './table.ts'

export function registrySection({ result, scenario }: Judged): Section {
  const missed = scenario.requiredProbes.filter((name) => (result.probes[name] ?? 0) === 0)
  const lead = missed.length === 0 ? null : `Required, and not reached: ${missed.join(', ')}.`
  return {
    id: 'registries',
    title: 'Probes and guards',
    lead,
    body: [
      folded({
        title: 'Probes',
        says: 'protocol moments that the run passed',
        name: 'Probe',
        count: 'Reached',
        counts: result.probes,
      }),
      folded({
        title: 'Guards',
        says: 'checks that refused, fenced or held back something',
        name: 'Guard',
        count: 'Decisive',
        counts: result.guards,
      }),
    ],
  }
}

interface Registry {
  readonly title: string
  readonly says: string
  readonly name: string
  readonly count: string
  readonly counts: Readonly<Record<string, number>>
}

function folded({ title, says, name, count, counts }: Registry): Markup {
  const rows = Object.entries(counts).sort(
    ([left, a], [right, b]) => b - a || (left < right ? -1 : 1),
  )
  const some = rows.filter(([, times]) => times > 0).length
  const columns = [{ title: name }, { title: count, number: true }]
  const lines = rows.map(([id, times]) => ({
    cells: [markup`<code>${id}</code>`, grouped(times)],
    faint: times === 0,
  }))
  const share = rows.length === some ? grouped(some) : `${grouped(some)} of ${grouped(rows.length)}`
  return markup`<details><summary><b>${title}</b> ${share} <small>${says}</small></summary>
${lines.length === 0 ? empty('None.') : compactTable(title, columns, lines)}
</details>
`
}
