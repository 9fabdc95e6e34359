/**
 * Lists of the documents that could drift, made from the code: `<!-- list: name -->` names one.
 */

import { join, relative } from 'node:path'
import { patternNames } from '../../model/kafka/application/patterns.ts'
import { notModelled } from '../../reports/not-modelled.ts'
import { checks } from '../../scenarios/checks/checks.ts'
import {
  acksOf,
  isIdempotent,
  keepsOrder,
  processesFirst,
  storesOnce,
} from '../../scenarios/checks/configuration.ts'
import { hazardScenarios } from '../../scenarios/hazards/catalogue.ts'
import { stuckReasons } from '../../scenarios/run/stuck.ts'
import { faultRows, operationRows } from '../../scenarios/schema/faults-table.ts'
import { packageRoot, scenarioNames } from '../../scenarios/schema/files.ts'
import { loadScenario, parseScenario } from '../../scenarios/schema/load.ts'
import type { Config, Consumer, Hazard, Sets } from '../../scenarios/schema/scenario.ts'

const makers: Readonly<Record<string, () => string | Promise<string>>> = {
  checks: () =>
    table(
      ['Check', 'What holds', 'When it is promised'],
      checks.map(({ name, statement, promise }) => [`\`${name}\``, statement, promise]),
    ),
  scenarios: scenarioTable,
  hazards: hazardTable,
  faults: faultTable,
  operations: () =>
    table(
      ['Word', 'Kind', 'What it does'],
      Object.entries(operationRows).map(([kind, row]) => [`\`${kind}\``, row.class, row.does]),
    ),
  'faults elsewhere': () =>
    table(
      ['Word', 'Toxiproxy', 'Chaos Mesh'],
      Object.entries(faultRows)
        .filter(([, row]) => row.toxiproxy !== '' || row.chaosMesh !== '')
        .map(([kind, row]) => [`\`${kind}\``, row.toxiproxy || '–', row.chaosMesh || '–']),
    ),
  'stuck reasons': () => stuckReasons.map((reason) => `- ${reason}`).join('\n'),
  'not modelled': () =>
    notModelled.map(({ name, sentence }) => `- **${name}**: ${sentence}`).join('\n'),
  'producer promises': producerTable,
  'pattern promises': patternTable,
}

/** A page with all of its lists made anew. */
export async function withLists(text: string): Promise<string> {
  const marked = /(<!-- list: (.+?) -->\n)[\s\S]*?(\n<!-- end -->)/g
  let renewed = text
  for (const [whole, start, name = '', end] of text.matchAll(marked)) {
    const make = makers[name]
    if (make === undefined) throw new Error(`there is no list "${name}"`)
    const made = `${start}\n${await make()}\n${end}`
    renewed = renewed.replace(whole, () => made)
  }
  return renewed
}

function faultTable(): string {
  const rows = Object.entries(faultRows).map(([kind, row]) => [
    `\`${kind}\``,
    row.class === 'lasting' ? 'interval or permanent' : row.class,
    row.does,
    row.leaves,
    row.world,
  ])
  return table(['Word', 'Kind', 'What it does', 'What it leaves', 'In the world'], rows)
}

async function scenarioTable(): Promise<string> {
  const rows: string[][] = []
  for (const { name, file } of scenarioNames()) {
    const { scenario } = await loadScenario(name)
    if (scenario.hazard !== undefined) continue
    const expected = Object.entries(scenario.expect).map(([check, word]) => `${check} ${word}`)
    const path = relative(join(packageRoot(), 'scenarios'), file).replaceAll('\\', '/')
    rows.push([`[${name}](${path})`, scenario.problem, scenario.question, expected.join(', ')])
  }
  return table(['Scenario', 'About', 'Question', 'Expected'], rows)
}

async function hazardTable(): Promise<string> {
  const rows = (await hazardScenarios()).map(({ hazard, scenario }) => {
    const { id, title, sets, fix } = hazard
    const kept = fixText(fix)
    return [`[${id}](${scenario.name}.yaml)`, title, setsText(sets), hazard.bias, kept]
  })
  return table(['Hazard', 'What', 'Exists with', 'Bias', 'Fix'], rows)
}

function fixText({ kind, sets, leavesOut = [] }: Hazard['fix']): string {
  if (kind === 'none') return 'none in ZooKeeper mode'
  if (kind === 'guard') return 'every guard on'
  return [setsText(sets), ...leavesOut.map((one) => `no ${one}`)].filter((text) => text).join(' ')
}

function setsText(sets: Sets): string {
  return Object.entries(sets)
    .map(([path, value]) => `\`${path.replace(/^(protocols\.|.*\.config\.)/, '')}=${value}\``)
    .join(' ')
}

/** Producer settings that differ in what they promise, defaults first. */
const producers: readonly Config[] = [
  {},
  { 'enable.idempotence': 'false' },
  { 'enable.idempotence': 'false', 'max.in.flight.requests.per.connection': 1 },
  { 'enable.idempotence': 'false', retries: 0 },
  { acks: '1' },
  { acks: '0' },
]

const storedWords = {
  all: 'yes',
  leader: 'only while no fault strikes',
  none: 'no',
} as const

function yes(holds: boolean): string {
  return holds ? 'yes' : 'no'
}

function producerTable(): string {
  const rows = producers.map((config) => {
    const settings = Object.entries(config).map(([key, value]) => `\`${key}=${value}\``)
    return [
      settings.length === 0 ? "Kafka's defaults" : settings.join(', '),
      yes(isIdempotent(config)),
      storedWords[acksOf(config)],
      yes(storesOnce(config)),
      yes(keepsOrder(config)),
    ]
  })
  return table(['Producer', 'Idempotent', 'Stored', 'Stored once', 'Order by key'], rows)
}

async function patternTable(): Promise<string> {
  const rows: string[][] = []
  for (const pattern of patternNames) {
    const { scenario } = await parseScenario({
      system: 'kafka',
      duration: '1s',
      topics: [{ name: 'orders' }],
      consumers: [{ group: 'payment', topics: ['orders'], pattern }],
    })
    const consumer = scenario.consumers[0] as Consumer
    const first = processesFirst(consumer)
    rows.push([`\`${pattern}\``, yes(first), yes(!first), yes(pattern === 'idempotent')])
  }
  return table(['Pattern', 'Processed', 'Processed once', 'Effect once'], rows)
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}
