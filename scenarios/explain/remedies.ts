/**
 * From the kind of a breach to the settings that may mend it, each as `--set` takes it.
 *
 * A table of candidates and nothing more: whether one mends is shown by runs (`mend.ts`). What it
 * costs elsewhere is told by the other checks of the same runs.
 */

import { acksOf, isIdempotent, keepsOrder, numberOf, textOf } from '../checks/configuration.ts'
import type { Consumer, Producer, Scenario } from '../schema/scenario.ts'
import type { Account } from './story.ts'

export interface Remedy {
  /** Values for `--set`, in their order. */
  readonly sets: readonly string[]
  /** Why it should help. */
  readonly why: string
}

/** Candidates for a breach, the most usual first. */
export function remediesFor(scenario: Scenario, account: Account): readonly Remedy[] {
  const table: Readonly<Record<Account['kind'], () => readonly Remedy[]>> = {
    loss: () => lossRemedies(scenario),
    unprocessed: () => unprocessedRemedies(scenario, groupOf(account)),
    copies: () => copiesRemedies(scenario),
    repeats: () => repeatsRemedies(scenario, account),
    disorder: () => disorderRemedies(scenario, groupOf(account)),
    backlog: () => backlogRemedies(scenario, groupOf(account)),
    truth: () => lossRemedies(scenario),
    other: () => [...lossRemedies(scenario), ...unprocessedRemedies(scenario, null)],
  }
  return table[account.kind]().filter(({ sets }) => sets.length > 0)
}

function groupOf({ scope }: Account): string {
  return scope.replace(/^(processed|delivered-once):/, '')
}

function lossRemedies(scenario: Scenario): readonly Remedy[] {
  const { config } = scenario.cluster
  const acks = scenario.producers
    .filter((producer) => acksOf(producer.config) !== 'all')
    .map(({ name }) => `producers.${name}.config.acks=all`)
  const least = numberOf(config, 'min.insync.replicas', 1)
  const two = canHaveTwo(scenario) && least < 2 ? ['cluster.config.min.insync.replicas=2'] : []
  const unclean = textOf(config, 'unclean.leader.election.enable', 'false') === 'true'
  const clean = unclean ? ['cluster.config.unclean.leader.election.enable=false'] : []
  const replicas = scenario.topics
    .filter(({ replicationFactor, replicas: given }) => replicationFactor < 3 && !given)
    .filter(() => scenario.cluster.brokers.length >= 3)
    .map(({ name }) => `topics.${name}.replicationFactor=3`)
  const flushes = numberOf(config, 'log.flush.interval.messages', Infinity) === 1
  const flush = flushes ? [] : ['cluster.config.log.flush.interval.messages=1']
  return [
    { sets: acks, why: 'an acknowledgement then waits for every in-sync replica' },
    {
      sets: acks.length > 0 && two.length > 0 ? [...acks, ...two] : two,
      why: 'an acknowledged record then is on two brokers at least',
    },
    { sets: clean, why: 'a replica outside the ISR can then not be elected' },
    { sets: replicas, why: 'there are then three copies to lose' },
    { sets: flush, why: 'a record is then on the platter before it is acknowledged' },
  ]
}

function canHaveTwo({ topics, cluster }: Scenario): boolean {
  return (
    cluster.brokers.length >= 3 && topics.every(({ replicationFactor }) => replicationFactor >= 3)
  )
}

function consumersOf(scenario: Scenario, group: string | null): readonly Consumer[] {
  if (group === null) return scenario.consumers
  return scenario.consumers.filter(
    ({ group: name, calls }) => name === group || calls.some(({ service }) => service === group),
  )
}

function patterns(scenario: Scenario, group: string | null, pattern: string): readonly string[] {
  return consumersOf(scenario, group)
    .filter((consumer) => consumer.pattern !== pattern)
    .map(({ group: name }) => `consumers.${name}.pattern=${pattern}`)
}

function unprocessedRemedies(scenario: Scenario, group: string | null): readonly Remedy[] {
  const early = consumersOf(scenario, group)
    .filter(({ config }) => textOf(config, 'auto.offset.reset', 'latest') !== 'earliest')
    .map(({ group: name }) => `consumers.${name}.config.auto.offset.reset=earliest`)
  return [
    {
      sets: patterns(scenario, group, 'process-then-commit'),
      why: 'an offset is then committed after the work on what stands before it',
    },
    {
      sets: patterns(scenario, group, 'idempotent'),
      why: 'work comes before the commit, and what is done twice has its effect once',
    },
    { sets: early, why: 'a group without an offset then begins at the start of the log' },
  ]
}

function copiesRemedies(scenario: Scenario): readonly Remedy[] {
  const resending = scenario.producers.filter(({ pattern }) => pattern === 'resend')
  return [
    {
      sets: resending.map(({ name }) => `producers.${name}.pattern=send`),
      why: 'the application then leaves retries to the client, which keeps the sequence number',
    },
    {
      sets: scenario.producers
        .filter((producer) => !isIdempotent(producer.config))
        .flatMap(idempotence),
      why: 'a broker then knows a batch that it has already',
    },
    {
      sets: resending.map(({ name }) => `producers.${name}.config.delivery.timeout.ms=120000`),
      why: 'the client then tries for two minutes before the application hears of a time-out',
    },
  ]
}

function idempotence({ name, config }: Producer): readonly string[] {
  const base = `producers.${name}.config`
  return [
    `${base}.enable.idempotence=true`,
    ...(acksOf(config) === 'all' ? [] : [`${base}.acks=all`]),
  ]
}

function repeatsRemedies(scenario: Scenario, account: Account): readonly Remedy[] {
  const group = groupOf(account)
  const once = {
    sets: patterns(scenario, group, 'idempotent'),
    why: 'the effect is then kept under the id of its message and not applied again',
  }
  const first = {
    sets: patterns(scenario, group, 'commit-then-process'),
    why: 'nothing is then delivered again, at the price of what a crash cuts off',
  }
  const small = {
    sets: consumersOf(scenario, group).map(
      ({ group: name }) => `consumers.${name}.config.max.poll.records=1`,
    ),
    why: 'a commit then follows each record, and at most one is done again',
  }
  return account.check === 'effects-once' ? [once, first] : [first, small, once]
}

function disorderRemedies(scenario: Scenario, group: string): readonly Remedy[] {
  const added = scenario.timeline.flatMap((entry) =>
    entry.kind === 'add-partitions' ? [`topics.${entry.topic}.partitions=${entry.to}`] : [],
  )
  const loose = scenario.producers.filter(({ config }) => !keepsOrder(config))
  return [
    { sets: added, why: 'the topic then has its partitions from the start, and no key moves' },
    {
      sets: loose.flatMap(idempotence),
      why: 'a batch that is tried again then keeps its place',
    },
    {
      sets: loose.map(
        ({ name }) => `producers.${name}.config.max.in.flight.requests.per.connection=1`,
      ),
      why: 'nothing is then under way that could overtake a retry',
    },
    {
      sets: patterns(scenario, group === 'stored' ? null : group, 'idempotent'),
      why: 'work then follows the order of the log',
    },
  ]
}

function backlogRemedies(scenario: Scenario, group: string): readonly Remedy[] {
  const [consumer] = consumersOf(scenario, group)
  if (consumer === undefined) return []
  const topics = scenario.topics.filter(({ name }) => consumer.topics.includes(name))
  const partitions = topics.reduce((sum, topic) => sum + topic.partitions, 0)
  const more = Math.min(partitions, consumer.members * 2)
  const set = (members: number): string => `consumers.${consumer.group}.members=${members}`
  const wider = topics.map(({ name, partitions: now }) => `topics.${name}.partitions=${now * 2}`)
  return [
    { sets: more > consumer.members ? [set(more)] : [], why: 'more members do more at a time' },
    {
      sets: partitions > more ? [set(partitions)] : [],
      why: 'with a member for each partition nothing more can be done at a time',
    },
    {
      sets: [...wider, set(partitions * 2)],
      why: 'more partitions let more members work at a time',
    },
  ]
}
