/**
 * The day of 2020, whole: what it takes of the clock, of the processor and of memory.
 *
 * One run, minutes long, so it is asked for by itself. Memory is the peak of this process: another
 * part that ran before it would count.
 */

import { fileURLToPath } from 'node:url'
import { keepHeapSmall } from '../cli/memory.ts'
import { plainCase } from '../scenarios/explore/cases.ts'
import { judge } from '../scenarios/judge.ts'
import type { Judged } from '../scenarios/result.ts'
import { run } from '../scenarios/run.ts'
import { loadScenario } from '../scenarios/schema/load.ts'
import { type About, cpuSeconds, figure, type Figure } from './figures.ts'

/** Seen from `dist/bench`, where this runs. */
const FILE: string = fileURLToPath(
  new URL('../../scenarios/capacity/double-eleven-2020.yaml', import.meta.url),
)

const KIB_A_MIB = 1024

/** Quick: the ten minutes before and after midnight, without targets. */
export async function dayFigures(quick: boolean): Promise<readonly Figure[]> {
  const sets = quick ? ['duration=20m'] : []
  const { scenario } = await loadScenario(FILE, { sets })
  keepHeapSmall()
  const startMs = performance.now()
  const startCpu = cpuSeconds()
  const judged = judge(run(plainCase(scenario, 1)))
  const wall = (performance.now() - startMs) / 1000
  const cpu = cpuSeconds() - startCpu
  const memory = process.resourceUsage().maxRSS / KIB_A_MIB
  return [
    one({ name: 'day-wall', unit: 's', target: quick ? null : 120, better: 'less' }, wall),
    one({ name: 'day-processor', unit: 's', target: null, better: 'less' }, cpu),
    one({ name: 'day-memory', unit: 'MiB', target: 1024, better: 'less' }, memory),
    ...volumeFigures(judged, quick),
  ]
}

/** What makes it the day that the targets are for. */
function volumeFigures({ result, verdicts }: Judged, quick: boolean): readonly Figure[] {
  const { volume } = result
  if (volume === undefined) return []
  const whole = (target: number): number | null => (quick ? null : target)
  const broken = verdicts.filter(({ verdict }) => verdict === 'broken').length
  const turn = (volume.longestTurnUs ?? 0) / 1e6
  const gap = volume.longestGapUs / 1e6
  const slot = (volume.slotAtPeakUs ?? 0) / 1000
  return [
    one({ name: 'day-records', unit: '', target: whole(8.6e9) }, volume.records),
    one({ name: 'day-batches', unit: '', target: whole(8.6e6) }, volume.batches),
    one({ name: 'day-largest-batch', unit: '', target: 1000, better: 'less' }, volume.largest),
    one({ name: 'day-longest-turn', unit: 's', target: 10, better: 'less' }, turn),
    // With the time in which a partition had no leader.
    one({ name: 'day-longest-gap', unit: 's', target: null, better: 'less' }, gap),
    one({ name: 'day-slot-at-peak', unit: 'ms', target: 10, better: 'less' }, slot),
    one({ name: 'day-verdicts-broken', unit: '', target: 0, better: 'less' }, broken),
  ]
}

function one(about: About, value: number): Figure {
  return figure(about, [value])
}
