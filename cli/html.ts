/**
 * The HTML report of an answer.
 */

import type { RunAnswer } from '../reports/answer.ts'
import { htmlReport } from '../reports/html/report.ts'
import { notModelledSentences } from '../reports/not-modelled.ts'

export function htmlOf({ judged, head, again, configuration }: RunAnswer): string {
  return htmlReport(judged, {
    version: head.version,
    replayCommand: again,
    notModelled: notModelledSentences(judged.scenario),
    inputs: configuration.inputs,
  })
}
