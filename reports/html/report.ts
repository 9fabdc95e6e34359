/**
 * The HTML report of one judged run: a single file that says what was found, shows it on one time
 * axis, and carries its own case.
 *
 * A function of what it is given: the same run makes the same file. Left out: explorations and
 * comparisons, which have no time axis of their own.
 */

import type { Explanation } from '../../scenarios/explain/explain.ts'
import type { Judged } from '../../scenarios/result.ts'
import { notModelledSentences } from '../not-modelled.ts'
import { laneOf, seconds } from './bands.ts'
import { type Input, believeSection } from './believe.ts'
import type { ChartModel } from './chart-model.ts'
import { configurationSection } from './configuration.ts'
import { evidenceSection } from './evidence.ts'
import { explanationSection } from './explanation.ts'
import { hardwareSections } from './hardware.ts'
import { headline } from './headline.ts'
import { jsonScript } from './markup.ts'
import { groupSection, magnitudeSection } from './measures.ts'
import { overTimeSection } from './over-time.ts'
import { pageText } from './page.ts'
import { plotsOf } from './plots.ts'
import { diskPlot, utilisationHeat } from './resource-charts.ts'
import { registrySection } from './registries.ts'
import { replaySection } from './replay.ts'
import { type TopicStrip, topicStrips } from './strips.ts'
import { thrownSections } from './thrown.ts'
import { timelineSection } from './timeline.ts'
import { verdictSection } from './verdicts.ts'

export interface HtmlReportOptions {
  /** Of dmqsim: by default the one that made the case. */
  readonly version?: string
  /** One line to paste: by default it takes this file. */
  readonly replayCommand?: string
  /** What bears on the claim and is not simulated: by default what is known of the scenario. */
  readonly notModelled?: readonly string[]
  /** By default none is told. */
  readonly inputs?: readonly Input[]
  /** Why it broke; absent where nobody asked. */
  readonly explanation?: Explanation
  /** The command that runs it with what mends it. */
  readonly mendCommand?: string | null
}

/** Where the page's script finds what it draws. */
export const CHARTS_ID = 'dmqsim-charts'

export function htmlReport(judged: Judged, options: HtmlReportOptions = {}): string {
  const strips = topicStrips(judged)
  const model = chartModel(judged, strips)
  return pageText({
    title: `${judged.scenario.name}, seed ${judged.result.case.seed} – dmqsim`,
    head: headline(judged),
    sections: [
      verdictSection(judged),
      ...(options.explanation === undefined
        ? []
        : [explanationSection(options.explanation, options.mendCommand ?? null)]),
      ...thrownSections(judged),
      overTimeSection(judged, model, strips),
      magnitudeSection(judged),
      groupSection(judged),
      ...hardwareSections(judged),
      evidenceSection(judged),
      timelineSection(judged),
      registrySection(judged),
      configurationSection(judged),
      believeSection(judged, {
        version: options.version ?? judged.result.case.engine,
        notModelled: options.notModelled ?? notModelledSentences(judged.scenario),
        inputs: options.inputs ?? [],
      }),
      replaySection(judged, options.replayCommand ?? 'npx dmqsim replay report.html'),
    ],
    charts: jsonScript(CHARTS_ID, [model]),
  })
}

function chartModel(judged: Judged, strips: readonly TopicStrip[]): ChartModel {
  const { bands, rows } = laneOf(judged)
  const resources = judged.result.resources ?? null
  return {
    id: 'run',
    laneId: 'lane',
    begin: 0,
    end: seconds(judged.result.phases.endUs),
    bands,
    laneRows: rows,
    brokers: judged.scenario.cluster.brokers.map(({ id }) => id),
    plots: [...plotsOf(judged), ...(resources === null ? [] : diskPlot(resources))],
    strips: strips.map(({ strip }) => strip),
    heats: resources === null ? [] : utilisationHeat(resources),
  }
}
