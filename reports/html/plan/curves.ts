/**
 * The curves of each drill, folded but for the one with the least headroom: traffic, latency,
 * backlog, lateness, and who was busy when, with a table behind the picture.
 */

import type { DrillAnswer, PlanAnswer } from '../../../scenarios/plan/plan-answer.ts'
import type { DrillCharts } from '../../plan/charts.ts'
import { clockText, tightest } from '../../plan/words.ts'
import { byHost, hostName, resourcePlace } from '../../resource-names.ts'
import { counted, percent } from '../../text/numbers.ts'
import { plotFigure } from '../figure.ts'
import { folded } from '../folded.ts'
import { heatFigure } from '../heat-figure.ts'
import { markup, type Markup, nothing } from '../markup.ts'
import { empty, type Section } from '../section.ts'
import { compactTable } from '../table.ts'

export function curveSection(plan: PlanAnswer, charts: readonly DrillCharts[]): Section {
  const { fromMs, untilMs, peakAtMs, warmUpMs } = plan.window
  const open = tightest(charts.map(({ drill }) => drill)) ?? charts[0]?.drill
  const lead =
    `The window from ${clockText(fromMs)} to ${clockText(untilMs)} of the curve, ` +
    `its peak at ${clockText(peakAtMs)}; the first ${warmUpMs / 1_000} s warm up. After it the load goes on for a moment, and what waits is worked off; no figure counts that. The first seed of each drill.`
  const parts = charts.map((one) => drillPart(one, one.drill === open))
  return {
    id: 'curves',
    title: 'Curves',
    lead,
    body:
      charts.length === 0
        ? empty('No drill kept its curves.')
        : markup`<noscript><p class="note">The charts need JavaScript. Their data are behind the links to CSV.</p></noscript>
${parts}`,
  }
}

function drillPart({ drill, model, words }: DrillCharts, open: boolean): Markup {
  const plots = model.plots.map((plot) =>
    plotFigure(plot, words.get(plot.id) ?? { title: plot.id, note: null }),
  )
  const heats = model.heats.map(heatFigure)
  return markup`<details class="drill" id="curves-${model.id}"${open ? openWord : nothing}>
<summary><b>${drill.title}</b> ${faultText(drill)}</summary>
<p class="cursor" data-cursor="${model.id}" aria-live="off">Point at a chart to read its values. Drag to zoom, double-click to see all again.</p>
${plots}
${heats}
${useTable(drill)}
</details>
`
}

const openWord = markup` open`

/** The drill's own title says it already where there is one fault. */
function faultText({ curves, title }: DrillAnswer): string {
  const faults = (curves?.faults ?? []).filter(({ what }) => what !== title)
  return faults.map(({ what }, at) => `${at + 1} ${what}`).join(' · ')
}

function useTable({ resources, title }: DrillAnswer): Markup {
  if (resources.length === 0) return nothing
  const sorted = [...resources].sort(
    (left, right) =>
      resourcePlace(left.resource) - resourcePlace(right.resource) || byHost(left.host, right.host),
  )
  const columns = [
    { title: 'Resource', prose: true },
    { title: 'Mean', number: true },
    { title: 'Busiest second', number: true },
  ]
  const rows = sorted.map(({ host, resource, mean, peak }) => ({
    cells: [`${resource} of ${hostName(host)}`, percent(mean.value), percent(peak.value)],
  }))
  return folded({
    title: 'Utilisation as a table',
    brief: `${counted(rows.length, 'resource')} of hosts`,
    body: compactTable(`Utilisation, ${title}`, columns, rows),
  })
}
