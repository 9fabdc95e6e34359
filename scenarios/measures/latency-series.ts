/**
 * Latency over time: percentiles of what was due in each step, for charts. What was folded is in
 * the steps of its sums.
 */

import { Outcome } from '../../model/history.ts'
import type { Judgement } from '../checks/judgement.ts'
import { dueUsOf } from './latency.ts'
import { LATENCY_POINTS, type LatencySeries, LatencySteps } from './latency-steps.ts'

export function produceSeries(judgement: Judgement): LatencySeries {
  const { folded, history } = judgement.result
  const steps = folded?.sums.produceSteps.copy() ?? stepsOf(judgement)
  const { data, length } = history.sends
  for (let row = 0; row < length; row += 1) {
    if (data.outcome[row] !== Outcome.ok) continue
    const sent = (data.invokedUs[row] as number) - (data.lateUs[row] as number)
    steps.record(sent, (data.endedUs[row] as number) - sent, data.count[row] as number)
  }
  return steps.series()
}

/** Each group is a sample of its own, as in `endToEndLatency`. */
export function endToEndSeries(judgement: Judgement): LatencySeries {
  const steps = judgement.result.folded?.sums.endToEndSteps.copy() ?? stepsOf(judgement)
  const { atoms } = judgement
  for (const consumer of judgement.scenario.consumers) {
    const processed = judgement.processed(consumer.group)
    for (let stream = 0; stream < atoms.streams; stream += 1) {
      if (!judgement.reads(consumer, stream)) continue
      const end = atoms.end(stream)
      for (let atom = atoms.first(stream); atom < end; atom += 1) {
        if (processed.times[atom] === 0 || judgement.sends.isSettled(atom)) continue
        const sent = dueUsOf(judgement, atom)
        steps.record(sent, processed.firstUs(atom) - sent, atoms.weight(atom))
      }
    }
  }
  return steps.series()
}

function stepsOf({ result }: Judgement): LatencySteps {
  const { originUs, healUs } = result.phases
  return new LatencySteps(originUs, healUs / LATENCY_POINTS)
}
