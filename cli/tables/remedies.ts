/**
 * `dmqsim table remedies`: every remedy tried on every problem of a queue, on the same seeds.
 *
 * Nothing is known beforehand: each row is an exploration. The twin of a remedy is the row `none`
 * of its problem, which has the same seeds and the same drawn faults.
 */

import type { RemediesAnswer, RemedyRow } from '../../reports/answer.ts'
import { remediesSuite } from '../../reports/ci/tables.ts'
import { remediesJson } from '../../reports/json/remedies.ts'
import { upperBound } from '../../reports/tally.ts'
import { remediesSentence, remediesText } from '../../reports/text/remedies.ts'
import { exploredCase } from '../../scenarios/explore/cases.ts'
import { type Chunk, chunkCraft, type Done } from '../../scenarios/explore/chunk.ts'
import { type Crew, crewOf } from '../../scenarios/explore/crew.ts'
import { tokenOf } from '../../scenarios/explore/failure.ts'
import type { RunSummary } from '../../scenarios/explore/summary.ts'
import {
  checkOf,
  problemFile,
  problems,
  type QueueProblem,
  remedied,
  remedies as every,
  type Remedy,
  wordOf,
} from '../../scenarios/remedies/catalogue.ts'
import type { Scenario } from '../../scenarios/schema/scenario.ts'
import { ExitCode } from '../exit-code.ts'
import { UsageError } from '../usage.ts'
import type { Table, TableAnswer, TableOptions } from './table.ts'

const RUNS_DEFAULT = 100
const CHUNK = 5

export const remedies: Table = {
  title: 'duplicates, loss, disorder and backlog: what each remedy mends and what it costs',
  check: ({ only }) => void chosen(only),
  run: tryAll,
}

interface Trial {
  readonly problem: QueueProblem
  readonly remedy: Remedy
}

async function tryAll(options: TableOptions): Promise<TableAnswer> {
  const { session, seed, stopped, progress } = options
  const runs = options.runs ?? RUNS_DEFAULT
  const wanted = chosen(options.only).flatMap((problem) =>
    every.map((remedy): Trial => ({ problem, remedy })),
  )
  const crew = crewOf(chunkCraft, null, options.jobs)
  const rows: RemedyRow[] = []
  let errors = 0
  try {
    for (const trial of wanted) {
      if (stopped()) break
      const { problem, remedy } = trial
      progress.show(() => `${rows.length + 1} of ${wanted.length}: ${problem}, ${remedy.name}`)
      const scenario = remedy.sets === null ? null : await remedied(problem, remedy)
      const done = scenario === null ? [] : await explored(scenario, { seed, runs, crew, stopped })
      errors += done.filter((one) => one.ended === 'internal-error').length
      if (done.length < runs && scenario !== null) break
      rows.push(rowOf(trial, scenario, done, options))
    }
  } finally {
    await crew.close()
  }
  const answer = (): RemediesAnswer => ({ head: session.head('table remedies', seed), rows })
  return {
    json: () => remediesJson(answer()),
    text: (page) => remediesText(answer(), page),
    sentence: () => remediesSentence(answer()),
    again: null,
    suite: () => remediesSuite(answer(), errors),
    exitCode: exitCodeOf(rows, errors),
  }
}

function chosen(only: readonly string[]): readonly QueueProblem[] {
  const unknown = only.find((id) => !problems.some((problem) => problem === id))
  if (unknown !== undefined) {
    throw new UsageError(
      `--only ${unknown}: there is no such problem; there are ${problems.join(', ')}`,
    )
  }
  return only.length === 0 ? problems : problems.filter((problem) => only.includes(problem))
}

interface Extent {
  readonly seed: number
  readonly runs: number
  readonly crew: Crew<Chunk, Done>
  readonly stopped: () => boolean
}

/** All runs of a row in the order of their numbers, whoever did them. */
async function explored(
  scenario: Scenario,
  { seed, runs, crew, stopped }: Extent,
): Promise<readonly RunSummary[]> {
  const found: RunSummary[] = []
  let next = 0
  const work = async (): Promise<void> => {
    while (next < runs && !stopped()) {
      const first = next
      next = Math.min(runs, first + CHUNK)
      const indexes = Array.from({ length: next - first }, (_, at) => first + at)
      const cases = indexes.map((index) => exploredCase(scenario, seed, index))
      const done = (await crew.run({ kind: 'cases', cases })).summaries
      done.forEach((summary, at) => found.push({ ...summary, index: first + at }))
    }
  }
  await Promise.all(Array.from({ length: crew.jobs }, work))
  return found.sort((a, b) => a.index - b.index)
}

function rowOf(
  { problem, remedy }: Trial,
  scenario: Scenario | null,
  done: readonly RunSummary[],
  { folder, seed }: TableOptions,
): RemedyRow {
  const { name, variant, sets } = remedy
  const words = (of: QueueProblem): readonly ('kept' | 'broken' | null)[] =>
    done.map((run) => wordOf(run, of))
  const own = words(problem)
  const broken = own.filter((word) => word === 'broken').length
  const index = own.indexOf('broken')
  const kept = own.filter((word) => word === 'kept').length
  const one = scenario === null || index < 0 ? null : exploredCase(scenario, seed, index)
  const file = `cases/${[problem, name, ...(variant === null ? [] : [variant])].join('-')}.json`
  if (one !== null) folder.write(file, `${JSON.stringify(one, null, 2)}\n`)
  const others = problems.filter((other) => other !== problem)
  return {
    problem,
    remedy: name,
    variant,
    scenario: problemFile(problem),
    sets: sets ?? {},
    check: checkOf(problem),
    verdict: sets === null ? 'does-not-apply' : broken > 0 ? 'broken' : 'kept',
    runs: done.length,
    kept,
    broken,
    firstAt: index < 0 ? null : index,
    upperBound: upperBound(kept, broken),
    sideEffects: Object.fromEntries(
      others.map((other) => {
        const count = words(other).filter((word) => word === 'broken').length
        return [other, { verdict: count > 0 ? 'broken' : 'kept', broken: count } as const]
      }),
    ),
    token: one === null ? null : tokenOf(one),
    file: one === null ? null : folder.file(file),
  }
}

/** Without a remedy each problem shows, and some remedy keeps it away. */
function exitCodeOf(rows: readonly RemedyRow[], errors: number): number {
  if (errors > 0) return ExitCode.internalError
  if (rows.length === 0) return ExitCode.nothingProved
  const told = [...new Set(rows.map((row) => row.problem))]
  const asExpected = told.every((problem) => {
    const own = rows.filter((row) => row.problem === problem)
    const bare = own.find((row) => row.remedy === 'none')
    return bare?.verdict === 'broken' && own.some((row) => row.verdict === 'kept')
  })
  return asExpected ? ExitCode.asExpected : ExitCode.notAsExpected
}
