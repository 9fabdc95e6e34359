/**
 * Configuration that differs from what the products ship with, and where it was set.
 */

import type { Judged } from '../../scenarios/result.ts'
import type { Config, Scenario } from '../../scenarios/schema/scenario.ts'
import { markup } from './markup.ts'
import { empty, type Section } from './section.ts'
import { table } from './table.ts'

interface Setting {
  readonly where: string
  readonly property: string
  readonly value: string
}

export function configurationSection({ scenario, result }: Judged): Section {
  const settings = [...settingsOf(scenario), ...modelSettings(result.case)]
  const columns = [{ title: 'Where' }, { title: 'Property' }, { title: 'Value' }]
  const rows = settings.map(({ where, property, value }) => ({
    cells: [where, markup`<code>${property}</code>`, markup`<code>${value}</code>`],
  }))
  return {
    id: 'configuration',
    title: 'Configuration that differs from defaults',
    lead:
      scenario.timeouts === 'brisk'
        ? 'Timeouts are “brisk”: shorter than Kafka’s own, so that they fire within the run.'
        : null,
    body:
      rows.length === 0
        ? empty('None: everything is as Kafka 3.9 and ZooKeeper ship it.')
        : table('Configuration', columns, rows),
  }
}

function settingsOf(scenario: Scenario): Setting[] {
  const { cluster, topics, producers, consumers } = scenario
  return [
    ...listed('every broker', cluster.config),
    ...cluster.brokers.flatMap(({ id, config }) => listed(`broker ${id}`, config)),
    ...listed('ZooKeeper', cluster.zookeeperConfig),
    ...topics.flatMap(({ name, config }) => listed(`topic ${name}`, config)),
    ...producers.flatMap(({ name, config }) => listed(`producer ${name}`, config)),
    ...consumers.flatMap(({ group, config, produces }) => [
      ...listed(`group ${group}`, config),
      ...(produces === undefined ? [] : listed(`output of ${group}`, produces.config)),
    ]),
  ]
}

function listed(where: string, config: Config): Setting[] {
  return Object.entries(config).map(([property, value]) => ({
    where,
    property,
    value: String(value),
  }))
}

/** What makes this another system than Kafka 3.9 as it ships. */
function modelSettings({ guardsOff, protocols }: Judged['result']['case']): Setting[] {
  return [
    ...guardsOff.map((name) => ({ where: 'guard', property: name, value: 'off' })),
    ...Object.entries(protocols).map(([property, value]) => ({
      where: 'protocol',
      property,
      value,
    })),
  ]
}
