/**
 * The capacity report: one file that says which cluster to buy, why not a cheaper one, what breaks
 * first and how sure that is, and that carries its own plan.
 *
 * A function of what it is given: the same answer makes the same file.
 */

import type { PlanAnswer } from '../../../scenarios/plan/plan-answer.ts'
import { drillCharts } from '../../plan/charts.ts'
import { jsonScript } from '../markup.ts'
import { pageText } from '../page.ts'
import { CHARTS_ID } from '../report.ts'
import { planSheet } from '../sheets/plan.ts'
import { againSection } from './again.ts'
import { believeSection } from './believe.ts'
import { curveSection } from './curves.ts'
import { drillSection } from './drills.ts'
import { planHeadline } from './headline.ts'
import { inputSection } from './inputs.ts'
import { sensitivitySection } from './sensitivity.ts'
import { wallSection } from './walls.ts'
import { whySection } from './why.ts'

export interface PlanReportOptions {
  /** Runs the same plan again: by default it takes this file. */
  readonly command?: string
}

export function planReport(plan: PlanAnswer, options: PlanReportOptions = {}): string {
  const charts = drillCharts(plan)
  return pageText({
    title: `${plan.scenario}: capacity plan – dmqsim`,
    head: planHeadline(plan),
    sections: [
      whySection(plan),
      wallSection(plan),
      drillSection(plan),
      curveSection(plan, charts),
      sensitivitySection(plan),
      believeSection(plan),
      inputSection(plan),
      againSection(plan, options.command ?? 'npx dmqsim plan report.html'),
    ],
    charts: jsonScript(
      CHARTS_ID,
      charts.map(({ model }) => model),
    ),
    sheet: planSheet,
  })
}
