/**
 * V5: how long a controller on ZooKeeper takes (FIG V5), within × 1.5 either way.
 *
 * Two constants are fitted to V5.6 and V5.7, one and two ZooKeeper requests at a time: how long a
 * ZooKeeper server's sync took there, and the controller's own work for each answer. What does not
 * halve from one to two is the controller's own. V5.3, V5.4 and V5.5 follow. Assumed and fitted to
 * nothing: one way of 0.05 ms. Large clusters are simulated with a part of their partitions, and
 * the time is multiplied. Left out: how releases before 1.1 talked to brokers.
 */

import { mixSeed } from '../../../sim/mix.ts'
import { fitOne } from '../../calibration/fit.ts'
import { parseScenario } from '../../schema/load.ts'
import type { Asking, Chapter } from '../chapter.ts'
import type { Known, ValidationRow } from '../row.ts'
import {
  type ControllerCosts,
  controllerFile,
  type ControllerTrial,
  controllerTrials as trials,
} from './controller-trials.ts'

const FACTOR = 1.5
/** Seeds that are tried until the controller is another broker than the one that is struck. */
const ATTEMPTS = 5
/** Where the search for the two constants begins. */
const START: ControllerCosts = { wayUs: 50, syncUs: 70, controllerCpuNs: 112_000 }

export const controller: Chapter = {
  ids: trials.map(({ id }) => id),
  run: async (asking) => {
    const wanted = trials.filter(({ id }) => asking.wants(id))
    const fitted = wanted.some(({ costs }) => costs === null) ? await fittedCosts(asking) : START
    const seconds = await Promise.all(
      wanted.map((trial) => secondsOf(trial, trial.costs ?? fitted, asking)),
    )
    wanted.forEach((trial, at) => asking.told(rowOf(trial, seconds[at] as number)))
  },
}

/** The part that halves with two at a time is ZooKeeper's; what is left is the controller's. */
async function fittedCosts(asking: Asking): Promise<ControllerCosts> {
  const [one, two] = trials.filter(({ calibrated }) => calibrated) as [
    ControllerTrial,
    ControllerTrial,
  ]
  const halved = one.seconds - two.seconds
  const syncUs = await fitOne(START.syncUs, 1 / halved, async (us) => {
    const costs = { ...START, syncUs: us }
    const ask = (trial: ControllerTrial): Promise<number> => secondsOf(trial, costs, asking)
    const [alone, together] = await Promise.all([ask(one), ask(two)])
    return 1 / (alone - together)
  })
  const controllerCpuNs = await fitOne(START.controllerCpuNs, 1 / one.seconds, async (ns) => {
    return 1 / (await secondsOf(one, { ...START, syncUs, controllerCpuNs: ns }, asking))
  })
  const rows = [one.id, two.id]
  asking.fitted({ name: 'ensemble.syncUs', value: syncUs, rows })
  asking.fitted({ name: 'controllerCpuNs', value: controllerCpuNs, rows })
  return { ...START, syncUs, controllerCpuNs }
}

/** NaN where it did not happen with any seed. */
async function secondsOf(
  trial: ControllerTrial,
  costs: ControllerCosts,
  { seed, simulate }: Asking,
): Promise<number> {
  const { scenario } = await parseScenario(controllerFile(trial, costs))
  let us = Number.NaN
  // Where the broker that is struck happens to be the controller, the next seed is asked.
  for (let index = 0; Number.isNaN(us) && index < ATTEMPTS; index += 1) {
    const subject = { kind: 'controller', scenario } as const
    const figures = await simulate({ subject, seed: mixSeed(seed, index) })
    if (figures.kind === 'controller') us = figures[trial.read]
  }
  return (us / 1_000_000) * (trial.partitions / trial.simulated)
}

function rowOf(trial: ControllerTrial, seconds: number): ValidationRow {
  const known = knownOf(trial)
  const times = trial.partitions / trial.simulated
  const inside = seconds >= trial.seconds / FACTOR && seconds <= trial.seconds * FACTOR
  const part = times === 1 ? null : `simulated with 1/${times} of the partitions, times ${times}`
  const notes = [part, inside ? null : trial.why].filter((one) => one !== null)
  return {
    ...known,
    simulated: Number.isNaN(seconds) ? null : seconds,
    ci: null,
    calibrated: trial.calibrated,
    inside,
    note: notes.length === 0 ? null : notes.join('; '),
  }
}

function knownOf({ id, title, seconds, source }: ControllerTrial): Known {
  return {
    id,
    kind: 'published',
    title,
    measure: 's',
    expected: seconds,
    low: seconds / FACTOR,
    high: seconds * FACTOR,
    source,
  }
}
