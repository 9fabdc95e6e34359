/**
 * `npm run bench`: prints the figures of `docs/specification/performance.md` with their targets.
 *
 * `--quick` takes fewer samples, `--json` prints them for programs, `--only kernel,exploring` some
 * parts. Timings are never assertions: the exit code is 0 whatever is reached.
 */

import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { checkFigures } from './check-figures.ts'
import { costFigures } from './cost-figures.ts'
import { dayFigures } from './day-figures.ts'
import { exploringInThread } from './exploring-thread.ts'
import { asJson, type Figure, lines } from './figures.ts'
import { growthFigures } from './growth-figures.ts'
import { kernelFigures } from './kernel-figures.ts'
import { COLD_START, coldFigures, coldStart, threadFigures } from './thread-figures.ts'

interface Part {
  readonly name: string
  readonly measure: (quick: boolean) => readonly Figure[] | Promise<readonly Figure[]>
  /** Measured only where it is named: it takes minutes. */
  readonly ifNamed?: true
}

const parts: readonly Part[] = [
  { name: 'kernel', measure: (quick) => kernelFigures(quick ? 5 : 11, quick ? 0.5 : 1) },
  { name: 'exploring', measure: (quick) => exploringInThread(quick ? 200 : 400) },
  { name: 'checks', measure: (quick) => checkFigures(quick ? 2 : 5) },
  { name: 'growth', measure: (quick) => growthFigures(quick ? 5 : 11) },
  { name: 'threads', measure: (quick) => threadFigures(quick ? 3 : 9) },
  { name: 'cold', measure: (quick) => coldFigures(quick ? 1 : 5) },
  { name: 'cost', measure: (quick) => costFigures(quick), ifNamed: true },
  { name: 'day', measure: (quick) => dayFigures(quick), ifNamed: true },
]

if (process.argv[2] === COLD_START) console.log(JSON.stringify(await coldStart()))
else await main()

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  })
  const only = values.only?.split(',')
  const figures: Figure[] = []
  if (!values.json) console.log(machine())
  for (const { name, measure, ifNamed = false } of parts) {
    if (only === undefined ? ifNamed : !only.includes(name)) continue
    const measured = await measure(values.quick)
    figures.push(...measured)
    if (!values.json) console.log(lines(measured))
  }
  if (values.json) console.log(JSON.stringify(asJson(figures), null, 2))
}

/** What the absolute figures hold for. */
function machine(): string {
  const all = cpus()
  const load = loadavg().map((one) => one.toFixed(1))
  const model = all[0]?.model.trim() ?? 'unknown processor'
  return `Node ${process.versions.node}, ${all.length} × ${model}, load ${load.join(' ')}`
}
