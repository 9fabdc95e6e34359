/**
 * The section with the charts: a figure each, all on one time axis.
 *
 * Here stand the words and the legends; `figure.ts` has the frames, and `client/` draws.
 */

import type { Judged } from '../../scenarios/result.ts'
import { stripCsv } from '../csv/charts.ts'
import { counted, grouped } from '../text/numbers.ts'
import type { Band, ChartModel } from './chart-model.ts'
import { figure, plotFigure, type PlotWords } from './figure.ts'
import { heatFigure } from './heat-figure.ts'
import { brokerColour, brokerStripes } from './sheets/colours.ts'
import { markup, type Markup, nothing, type Piece } from './markup.ts'
import { empty, type Section } from './section.ts'
import type { TopicStrip } from './strips.ts'

export function overTimeSection(
  judged: Judged,
  model: ChartModel,
  strips: readonly TopicStrip[],
): Section {
  const anything = model.plots.length > 0 || model.heats.length > 0 || strips.length > 0
  return {
    id: 'over-time',
    title: 'Over time',
    lead: anything
      ? 'One time axis through all charts. Drag to zoom, double-click to see the whole run again.'
      : null,
    body: anything ? figures(judged, model, strips) : empty('Nothing was measured over time.'),
  }
}

function figures(judged: Judged, model: ChartModel, strips: readonly TopicStrip[]): Piece {
  const plots = model.plots.map((plot) =>
    plotFigure(plot, plotWords[plot.id] ?? { title: plot.id, note: null }),
  )
  const withoutGroups =
    judged.scenario.consumers.length === 0
      ? empty('No consumer group reads in this scenario: there is no backlog and no lateness.')
      : nothing
  return markup`<noscript><p class="note">The charts need JavaScript. Everything else is below.</p></noscript>
<p class="cursor" id="cursor" data-cursor="${model.id}" aria-live="off">Point at a chart to read its values.</p>
${laneFigure(model)}
${plots}
${withoutGroups}
${model.heats.map(heatFigure)}
${strips.length === 0 ? nothing : stripLegend(model)}
${strips.map(stripFigure)}`
}

function laneFigure(model: ChartModel): Markup {
  if (model.laneRows === 0) {
    return empty('Nothing was done to the cluster: no entry of the timeline took effect.')
  }
  const said = model.bands.filter(({ row }) => row >= 0).map(bandText)
  return figure({
    id: model.laneId,
    title: 'What was done to the cluster',
    note: null,
    legend: nothing,
    said: said.join('; '),
    csv: null,
  })
}

function bandText({ label, kind, target, from, until }: Band): string {
  const lasts = until === null ? '' : ` until ${until} s`
  return `${label}: ${kind} ${target} at ${from} s${lasts}`
}

const plotWords: Readonly<Record<string, PlotWords>> = {
  rates: {
    title: 'Records a second',
    note: 'acknowledged to producers, and processed by each group',
  },
  backlog: { title: 'Backlog', note: 'records that wait for each group' },
  'latency-produce': { title: 'Latency to acknowledged', note: 'of what was due in each step' },
  'latency-end-to-end': { title: 'Latency to processed', note: 'of what was due in each step' },
  disk: { title: 'Bytes on disk', note: 'of the fullest' },
  lateness: { title: 'Lateness', note: 'age of the oldest record that a group has not processed' },
}

function stripLegend({ brokers }: ChartModel): Markup {
  const swatches = brokers.map(
    (id, at) =>
      markup`<li><i class="block ${brokerStripes(at)}" style="--swatch:var(${brokerColour(at)})">${id}</i></li>`,
  )
  return markup`<div class="strip-legend">
<h3>Leaders and ISR</h3>
<p class="note-line">A row is a partition, its colour and number the broker that leads it by the durable metadata.</p>
<ul class="legend">
<li>leader</li>${swatches}
<li><i class="block none"></i>none</li>
<li><i class="bar under-replicated"></i>ISR not full</li>
<li><i class="bar under-minimum"></i>ISR below min.insync.replicas</li>
<li><b>▾</b>ISR shrinks</li><li><b>▴</b>ISR grows</li><li><b>✕</b>unclean election</li>
</ul>
</div>`
}

function stripFigure({ strip, hidden, elections, unclean, shrinks }: TopicStrip): Markup {
  const rest = hidden === 0 ? '' : `; ${counted(hidden, 'partition')} with fewer changes not shown`
  const uncleanText = unclean === 0 ? '' : `, ${grouped(unclean)} of them unclean`
  const note =
    `${counted(strip.rows.length + hidden, 'partition')}, ` +
    `${counted(elections, 'new leader')}${uncleanText}, ` +
    `${counted(shrinks, 'ISR shrink')}${rest}`
  return figure({
    id: strip.id,
    title: strip.topic,
    note,
    legend: markup`<p class="reading" data-reading="${strip.id}"></p>`,
    said: `Leaders and ISR of ${strip.topic}: ${note}`,
    csv: stripCsv(strip),
  })
}
