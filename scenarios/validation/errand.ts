/**
 * One simulation for a row of the validation table, as plain data for whoever does it.
 *
 * A subject is what is simulated; a row asks for it with several seeds.
 */

import type { Case } from '../case.ts'
import type { Craft } from '../explore/crew.ts'
import { plainCase } from '../explore/cases.ts'
import { run } from '../run.ts'
import type { Cluster } from '../run/cluster.ts'
import type { Scenario } from '../schema/scenario.ts'
import { controllerFigures, type ControllerFigures } from './controller-figures.ts'
import { type PairFigures, pairFigures } from './counted/pair.ts'
import { clusterFigures, type ClusterFigures, type Window } from './cluster-figures.ts'
import { replicaLag } from './replica-lag.ts'
import { type QueueSample, queueSample, type QueueSetting } from './theory/queue-world.ts'

export type Subject =
  | { readonly kind: 'queue'; readonly setting: QueueSetting }
  | {
      readonly kind: 'cluster'
      readonly scenario: Scenario
      readonly window: Window
      /** Whether the way to a group is timed; absent: it is not, which costs less. */
      readonly endToEnd?: boolean
    }
  | { readonly kind: 'controller'; readonly scenario: Scenario }
  | { readonly kind: 'pair'; readonly scenario: Scenario }

export interface Errand {
  readonly subject: Subject
  readonly seed: number
}

export type Figures =
  | ({ readonly kind: 'queue' } & QueueSample)
  | ({ readonly kind: 'cluster' } & ClusterFigures)
  | ({ readonly kind: 'controller' } & ControllerFigures)
  | ({ readonly kind: 'pair' } & PairFigures)

export const validationCraft: Craft<null, Errand, Figures> = {
  script: new URL('./validation-worker.js', import.meta.url),
  scenarios: (_setUp, { subject }) => (subject.kind === 'queue' ? [] : [subject.scenario]),
  work: (_setUp, errand) => figuresOf(errand),
}

export function figuresOf({ subject, seed }: Errand): Figures {
  if (subject.kind === 'queue') return { kind: 'queue', ...queueSample(subject.setting, seed) }
  if (subject.kind === 'pair') return { kind: 'pair', ...pairFigures(subject.scenario, seed) }
  const one = plainCase(subject.scenario, seed)
  if (subject.kind === 'controller') return { kind: 'controller', ...controllerFigures(one) }
  return { kind: 'cluster', ...clusterRun(one, subject) }
}

function clusterRun(
  one: Case,
  { window, endToEnd = false }: Extract<Subject, { readonly kind: 'cluster' }>,
): ClusterFigures {
  let lag = 0
  const take = (cluster: Cluster): void => {
    lag = replicaLag(cluster)
  }
  const result = run(one, { look: { atUs: window.untilUs, take } })
  if (result.ended === 'internal-error') throw new Error(result.reason ?? 'no reason was given')
  return { ...clusterFigures(result, window, endToEnd), replicaLag: lag }
}
