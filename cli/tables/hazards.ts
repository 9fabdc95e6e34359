/**
 * `dmqsim table hazards`: hunts every published bug that the model can show, then its fix.
 *
 * What is hunted stands in `scenarios/hazards`, one scenario each. A bug that is found is shrunk
 * and kept as a failure file; a fix that holds has its number of runs and its bound.
 */

import type { HazardRow, HazardsAnswer, Values } from '../../reports/answer.ts'
import { hazardsSuite } from '../../reports/ci/tables.ts'
import { hazardsJson } from '../../reports/json/hazards.ts'
import { upperBound } from '../../reports/tally.ts'
import { hazardsSentence, hazardsText } from '../../reports/text/hazards.ts'
import { elementsOf } from '../../scenarios/explore/elements.ts'
import { type HazardScenario, hazardScenarios } from '../../scenarios/hazards/catalogue.ts'
import { crewOf } from '../../scenarios/explore/crew.ts'
import { hunt, huntCraft, type Prey } from '../../scenarios/hazards/hunt.ts'
import type { HazardFix } from '../../scenarios/schema/scenario.ts'
import { ExitCode } from '../exit-code.ts'
import { UsageError } from '../usage.ts'
import type { Table, TableAnswer, TableOptions } from './table.ts'

/** Of the search and of the fix. */
const RUNS_DEFAULT = 1_000
const SHRINK_RUNS = 300

export const hazards: Table = {
  title: 'published bugs: found in how many runs, and whether the fix holds',
  check: async ({ only }) => void chosen(await hazardScenarios(), only),
  run: huntAll,
}

async function huntAll(options: TableOptions): Promise<TableAnswer> {
  const { session, seed, jobs, stopped, progress } = options
  const { now } = session.terminal
  const runs = options.runs ?? RUNS_DEFAULT
  const wanted = chosen(await hazardScenarios(), options.only)
  const hunters = crewOf(huntCraft, null, jobs)
  const rows: HazardRow[] = []
  try {
    for (const one of wanted) {
      if (stopped()) break
      const { hazard, scenario, fixed } = one
      const place = `${rows.length + 1} of ${wanted.length}`
      const show = (what: string): void => progress.show(() => `${place}, ${what}`)
      const limits = { searchRuns: runs, fixRuns: runs, shrinkRuns: SHRINK_RUNS }
      const chase = { hazard, scenario, fixed, seed, ...limits, now, stopped, progress: show }
      const prey = await hunt(chase, hunters)
      rows.push(rowOf(one, prey, options))
    }
  } finally {
    await hunters.close()
  }
  const answer = (): HazardsAnswer => ({ head: session.head('table hazards', seed), rows })
  return {
    json: () => hazardsJson(answer()),
    text: (page) => hazardsText(answer(), page),
    sentence: () => hazardsSentence(answer()),
    again: null,
    suite: () => hazardsSuite(answer()),
    exitCode: exitCodeOf(rows),
  }
}

function chosen(
  all: readonly HazardScenario[],
  only: readonly string[],
): readonly HazardScenario[] {
  const ids = all.map(({ hazard }) => hazard.id)
  const unknown = only.find((id) => !ids.includes(id.toUpperCase()))
  if (unknown !== undefined) {
    throw new UsageError(
      `--only ${unknown}: there is no such hazard here; there are ${ids.join(', ')}`,
    )
  }
  if (only.length === 0) return all
  const wanted = only.map((id) => id.toUpperCase())
  return all.filter(({ hazard }) => wanted.includes(hazard.id))
}

function rowOf(
  { hazard, file, scenario }: HazardScenario,
  prey: Prey,
  options: TableOptions,
): HazardRow {
  const { failure, fix } = prey
  const { kind } = hazard.fix
  // Broken by something else, a run says nothing about the bug.
  const otherwise = fix.otherwise.reduce((sum, { runs }) => sum + runs, 0)
  const without = scenario.guardsOff.join(',')
  return {
    id: hazard.id,
    title: hazard.title,
    scenario: file,
    sets: without === '' ? hazard.sets : { ...hazard.sets, without },
    check: hazard.check,
    mechanism: hazard.mechanism ?? null,
    bias: hazard.bias,
    found: prey.index !== null,
    runs: prey.runs,
    index: prey.index,
    faults: failure?.faults ?? null,
    faultsBefore: failure?.shrunkFrom.faults ?? null,
    elements: failure === null ? null : elementsOf(failure.case),
    shrinkRuns: failure?.shrinkRuns ?? null,
    shrinkMs: prey.shrinkMs === null ? null : Math.round(prey.shrinkMs),
    shrinkStopped: failure?.shrinkStopped ?? null,
    token: prey.token,
    file: keptFile(hazard.id, prey, options),
    fix: {
      kind,
      sets: setsOfFix(hazard.fix),
      ...fix,
      upperBound: upperBound(fix.runs - fix.errors - otherwise, fix.broken),
    },
    fixKept: kind === 'none' ? null : fix.runs > 0 && fix.broken === 0 && fix.errors === 0,
  }
}

/** Operations that are left out stand beside the values, as people would say it. */
function setsOfFix({ sets, leavesOut = [] }: HazardFix): Values {
  return leavesOut.length === 0 ? sets : { ...sets, without: leavesOut.join(',') }
}

function keptFile(id: string, { failure }: Prey, { folder }: TableOptions): string | null {
  if (failure === null) return null
  const name = `failures/${id}.json`
  folder.write(name, `${JSON.stringify(failure, null, 2)}\n`)
  return folder.file(name)
}

function exitCodeOf(rows: readonly HazardRow[]): number {
  if (rows.length === 0) return ExitCode.nothingProved
  if (rows.some(({ fix }) => fix.errors > 0)) return ExitCode.internalError
  const asExpected = rows.every((row) => row.found && row.fixKept !== false)
  return asExpected ? ExitCode.asExpected : ExitCode.notAsExpected
}
