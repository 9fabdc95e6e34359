/**
 * Configuration that was set over what the products ship with, by the place where it was set.
 */

import type { Judged } from '../../scenarios/result.ts'
import type { Config, Scenario } from '../../scenarios/schema/scenario.ts'
import { counted } from '../text/numbers.ts'
import { folded } from './folded.ts'
import { markup, type Markup } from './markup.ts'
import { empty, type Section } from './section.ts'

interface Setting {
  readonly where: string
  readonly property: string
  readonly value: string
}

export function configurationSection({ scenario, result }: Judged): Section {
  const settings = [...settingsOf(scenario), ...modelSettings(result.case)]
  const places = [...new Set(settings.map(({ where }) => where))]
  const blocks = places.map((place) =>
    blockOf(
      place,
      settings.filter(({ where }) => where === place),
    ),
  )
  const brisk = 'Timeouts are “brisk”: shorter than Kafka’s own, so that they fire within the run. '
  return {
    id: 'configuration',
    title: 'Configuration',
    lead: `${scenario.timeouts === 'brisk' ? brisk : ''}What is not shown is as shipped.`,
    body:
      blocks.length === 0
        ? empty('Nothing was set: everything is as Kafka 3.9 and ZooKeeper ship it.')
        : folded({
            title: counted(settings.length, 'setting'),
            brief: places.join(' · '),
            body: markup`<div class="settings">${blocks}</div>`,
          }),
  }
}

function blockOf(place: string, settings: readonly Setting[]): Markup {
  const lines = settings.map(
    ({ property, value }) =>
      markup`<div><dt><code>${property}</code></dt><dd><code>${value}</code></dd></div>
`,
  )
  return markup`<div><h3>${place}</h3><dl>${lines}</dl></div>
`
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
