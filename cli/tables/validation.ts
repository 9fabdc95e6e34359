/**
 * `dmqsim table validation`: exact theory and published measurements against the simulator.
 *
 * Simulations go to a crew of threads; rows come in the order of the table whoever does them.
 */

import type { ValidationAnswer } from '../../reports/answer.ts'
import { validationSuite } from '../../reports/ci/tables.ts'
import { validationCsv, validationReport } from '../../reports/html/validation.ts'
import { validationJson } from '../../reports/json/validation.ts'
import { validationSentence, validationText } from '../../reports/text/validation.ts'
import { crewOf } from '../../scenarios/explore/crew.ts'
import type { Asking, Chapter, FittedConstant } from '../../scenarios/validation/chapter.ts'
import { chapters } from '../../scenarios/validation/chapters.ts'
import { validationCraft } from '../../scenarios/validation/errand.ts'
import type { ValidationRow } from '../../scenarios/validation/row.ts'
import { ExitCode } from '../exit-code.ts'
import { UsageError } from '../usage.ts'
import type { Table, TableAnswer, TableOptions } from './table.ts'

/** An interval needs so many replications. */
const RUNS_MIN = 3

export const validation: Table = {
  title: 'queueing theory and published measurements, and what is simulated of them',
  check: (asked) => checkAsked(asked, chapters),
  run: (options) => validate(options, chapters),
}

/** The same with other chapters, for tests. */
export async function validate(
  options: TableOptions,
  against: readonly Chapter[],
): Promise<TableAnswer> {
  const { session, seed, runs, only, progress } = options
  const rows: ValidationRow[] = []
  const constants: FittedConstant[] = []
  const ids = against.flatMap((chapter) => chapter.ids).filter((id) => isWanted(id, only))
  const crew = crewOf(validationCraft, null, options.jobs)
  let simulations = 0
  const simulate: Asking['simulate'] = async (errand) => {
    const figures = await crew.run(errand)
    simulations += 1
    progress.show(() => progressText(rows.length, ids, simulations))
    return figures
  }
  const asking: Asking = {
    seed,
    runs,
    simulate,
    wants: (id) => isWanted(id, only),
    told: (row) => void rows.push(row),
    fitted: (constant) => void constants.push(constant),
    stopped: options.stopped,
  }
  try {
    for (const chapter of against) await chapter.run(asking)
  } finally {
    await crew.close()
  }
  const answer = (): ValidationAnswer => ({
    head: session.head('table validation', seed),
    constants,
    rows,
  })
  return {
    json: () => validationJson(answer()),
    text: (page) => validationText(answer(), page),
    sentence: () => validationSentence(answer()),
    again: null,
    suite: () => validationSuite(answer()),
    files: () => (rows.length === 0 ? [] : filesOf(answer())),
    exitCode: exitCodeOf(rows),
  }
}

/** Rows of a chapter come together, in their order: the first one that is missing is under way. */
function progressText(done: number, ids: readonly string[], simulations: number): string {
  return `${done} of ${ids.length} rows, at ${ids[done] ?? 'the end'}: ${simulations} simulations`
}

function filesOf(answer: ValidationAnswer): readonly { name: string; text: string }[] {
  return [{ name: 'report.html', text: validationReport(answer) }, validationCsv(answer)]
}

/** A row by its id, a chapter by its beginning: `V1` is all of V1. */
function isWanted(id: string, only: readonly string[]): boolean {
  return only.length === 0 || only.some((one) => id === one || id.startsWith(`${one}.`))
}

function checkAsked(
  { runs, only }: Pick<TableOptions, 'only' | 'runs'>,
  against: readonly Chapter[],
): void {
  if (runs !== null && runs < RUNS_MIN) {
    throw new UsageError(`--runs ${runs}: an interval needs ${RUNS_MIN} at least`)
  }
  const ids = against.flatMap((chapter) => chapter.ids)
  const unknown = only.find((one) => !ids.some((id) => isWanted(id, [one])))
  if (unknown === undefined) return
  throw new UsageError(`--only ${unknown}: there is no such row; there are ${ids.join(', ')}`)
}

/** A row that is not simulated proves nothing either way. */
function exitCodeOf(rows: readonly ValidationRow[]): number {
  if (rows.some(({ inside }) => inside === false)) return ExitCode.thresholdMissed
  return rows.some(({ inside }) => inside) ? ExitCode.asExpected : ExitCode.nothingProved
}
