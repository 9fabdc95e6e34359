/**
 * The HTML report of an answer.
 */

import type { ReplayAnswer, RunAnswer } from '../reports/answer.ts'
import { htmlReport } from '../reports/html/report.ts'
import { notModelledSentences } from '../reports/not-modelled.ts'

type Explained = Partial<Pick<ReplayAnswer, 'explanation' | 'mendCommand'>>

export function htmlOf({
  judged,
  head,
  again,
  configuration,
  explanation = null,
  mendCommand = null,
}: RunAnswer & Explained): string {
  return htmlReport(judged, {
    version: head.version,
    replayCommand: again,
    notModelled: notModelledSentences(judged.scenario),
    inputs: configuration.inputs,
    ...(explanation === null ? {} : { explanation, mendCommand }),
  })
}
