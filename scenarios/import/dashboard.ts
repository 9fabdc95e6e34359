/**
 * A CSV of a dashboard, Grafana's “Series joined by time”, as a scenario with a topic a series.
 */

import { InputError } from '../schema/input-error.ts'
import { csvRows } from '../schema/csv.ts'
import { parseCurve } from '../schema/curve-file.ts'
import { type Imported, slug } from './imported.ts'

/** `file` is where the scenario will find the CSV. Throws `InputError` with one line. */
export function importDashboard(text: string, file: string, name: string): Imported {
  const [header] = csvRows(text)
  const series = (header?.cells ?? []).slice(1).map((cell) => cell.text)
  const several = series.length > 1
  const names = unique(series.map((one) => (several ? slug(one) : slug(name))))
  let lastUs = 0
  try {
    for (const column of series.length === 0 ? [''] : series) {
      const points = parseCurve(text, file, several ? { columns: [column] } : {})
      lastUs = Math.max(lastUs, points.at(-1)?.atUs ?? 0)
    }
  } catch (error) {
    throw new InputError([error instanceof Error ? error.message : String(error)])
  }
  const load = (column: string): { csv: string; column?: string } =>
    several ? { csv: file, column } : { csv: file }
  return {
    scenario: {
      name: slug(name),
      question: `Does a cluster keep up with ${name}?`,
      problem: 'backlog',
      system: 'kafka',
      duration: `${Math.max(1, Math.round(lastUs / 1_000_000))}s`,
      cluster: { brokers: 3, zookeeper: 3 },
      topics: names.map((topic) => ({ name: topic, partitions: 12, replicationFactor: 3 })),
      producers: names.map((topic, at) => ({
        name: `producers-of-${topic}`,
        topic,
        clients: 1,
        load: load(series[at] ?? ''),
      })),
      consumers: names.map((topic) => ({
        group: `readers-of-${topic}`,
        members: 3,
        topics: [topic],
      })),
      checks: ['no-loss', 'backlog-drains', 'truth'],
    },
    notes: [
      'Rates are those of the CSV, in records a second; what is theirs alone is written here.',
      'Brokers, partitions, members, the size of records and the work on them are to be set.',
    ],
  }
}

function unique(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>()
  return names.map((name) => {
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name}-${times}`
  })
}
