/**
 * V1: LinkedIn's benchmark of 2014 (FIG V1) on its machines, within ±15 %.
 *
 * Two constants are fitted, each to one row: what a record costs the thread of a producer, to V1.1,
 * and that of a consumer, to V1.5. All other rows follow. A record takes 122 bytes on the wire.
 * Assumed, and not fitted: one way takes 0.1 ms, and the other costs of work in the profile. What
 * each row would be if it alone were left out of a fit to all is found with the slopes of the rows.
 */

import { naturalLog, powerOfE } from '../../../sim/arithmetic.ts'
import { mixSeed } from '../../../sim/mix.ts'
import { fitOne } from '../../calibration/fit.ts'
import { parseScenario } from '../../schema/load.ts'
import type { Asking, Chapter } from '../chapter.ts'
import type { ClusterFigures } from '../cluster-figures.ts'
import { type Costs, type Trial, trialFile, trials, windowOf } from './linkedin-trials.ts'
import { leftOut, type Slopes } from './left-out.ts'
import type { ValidationRow } from '../row.ts'

const TOLERANCE = 0.15
/** Where the search for each constant begins. */
export const START: Costs = { producer: 1_130, consumer: 870 }
/** By which a constant is changed to find the slopes. */
const NUDGE = 1.05
const MICROSECONDS = 1_000_000

export const linkedin: Chapter = {
  ids: trials.map(({ id }) => id),
  run: async (asking) => {
    const run = trials.filter(({ id }) => asking.wants(id))
    if (run.length === 0) return
    const costs = await calibrated(asking)
    const values = await Promise.all(run.map((trial) => measured(trial, costs, asking)))
    const slopes = await slopesOf(run, costs, values.map(valueOf), asking)
    run.forEach((trial, at) => {
      asking.told(rowOf(trial, values[at] as Measured, leftOut(slopes, at)))
    })
  },
}

async function calibrated(asking: Asking): Promise<Costs> {
  const fitted = async (id: string, which: keyof Costs): Promise<number> => {
    const trial = trials.find((one) => one.id === id) as Trial
    const value = await fitOne(START[which], trial.expected, async (ns) =>
      valueOf(await measured(trial, { ...START, [which]: ns }, asking)),
    )
    asking.fitted({ name: `${which}.clientRecordCpuNs`, value, rows: [id] })
    return value
  }
  const [producer, consumer] = await Promise.all([
    fitted('V1.1', 'producer'),
    fitted('V1.5', 'consumer'),
  ])
  return { producer, consumer }
}

interface Measured {
  readonly value: number
  readonly figures: ClusterFigures
}

function valueOf({ value }: Measured): number {
  return value
}

async function measured(trial: Trial, costs: Costs, { seed, simulate }: Asking): Promise<Measured> {
  const { scenario } = await parseScenario(trialFile(trial, costs))
  const endToEnd = trial.measure === 'end-to-end'
  const subject = { kind: 'cluster', scenario, window: windowOf(trial), endToEnd } as const
  const figures = await simulate({ subject, seed: mixSeed(seed, 0) })
  if (figures.kind !== 'cluster') throw new Error('a cluster answers with other figures')
  const values = {
    produced: figures.acknowledgedPerSecond,
    consumed: figures.deliveredPerSecond,
    'end-to-end': figures.endToEndP50Us / 1_000,
  }
  return { value: values[trial.measure], figures }
}

/** How far each row of rates is off, and how it answers to each constant; logarithms of both. */
async function slopesOf(
  wanted: readonly Trial[],
  costs: Costs,
  values: readonly number[],
  asking: Asking,
): Promise<readonly Slopes[]> {
  return await Promise.all(
    wanted.map(async (trial, at): Promise<Slopes> => {
      const value = values[at] as number
      const answer = async (which: keyof Costs): Promise<number> => {
        if (!trial.turnsOn.includes(which)) return 0
        const nudged = { ...costs, [which]: Math.round(costs[which] * NUDGE) }
        const other = await measured(trial, nudged, asking)
        return naturalLog(other.value / value) / naturalLog(NUDGE)
      }
      const answers = await Promise.all([answer('producer'), answer('consumer')])
      return { off: naturalLog(value / trial.expected), answers }
    }),
  )
}

function rowOf(trial: Trial, { value, figures }: Measured, off: number | null): ValidationRow {
  const { id, title, expected, measure } = trial
  const low = expected * (1 - TOLERANCE)
  const high = expected * (1 + TOLERANCE)
  const inside = low <= value && value <= high
  return {
    id,
    kind: 'published',
    title,
    measure: measure === 'end-to-end' ? 'median, ms' : 'records/s',
    expected,
    low,
    high,
    source: 'FIG V1',
    simulated: value,
    ci: null,
    calibrated: trial.calibrated,
    inside,
    note:
      [noteOf(trial, figures, inside), leftOutNote(off)].filter((one) => one !== '').join('; ') ||
      null,
  }
}

/** A lag that grows by more than this share of what is sent is no delay of replication. */
const GROWING = 0.1

/** Those of the fourth row cannot keep up: 3 × 82 MB/s do not go through 125 MB/s. */
function noteOf(trial: Trial, { replicaLag }: ClusterFigures, inside: boolean): string {
  const why = inside ? '' : (trial.why ?? '')
  if (trial.replicas === 1 || trial.measure === 'end-to-end') return why
  const growth = replicaLag / (windowOf(trial).untilUs / MICROSECONDS)
  const behind =
    growth > GROWING * trial.expected
      ? `followers fall behind by ${(growth / 1_000_000).toFixed(1)} million records/s`
      : 'followers keep up'
  return why === '' ? behind : `${behind}; ${why}`
}

function leftOutNote(off: number | null): string {
  if (off === null) return ''
  const percent = (powerOfE(off) - 1) * 100
  return `left out of a fit to all: ${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(1)} %`
}
