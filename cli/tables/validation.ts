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
import type { Chapter, FittedConstant } from '../../scenarios/validation/chapter.ts'
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
  run: (options) => validate(options, chapters),
}

/** The same with other chapters, for tests. */
export async function validate(
  options: TableOptions,
  against: readonly Chapter[],
): Promise<TableAnswer> {
  const { session, seed, runs, only, progress } = options
  checkAsked(options, against)
  const rows: ValidationRow[] = []
  const constants: FittedConstant[] = []
  const crew = crewOf(validationCraft, null, options.jobs)
  const ids = against.flatMap((chapter) => chapter.ids).filter((id) => isWanted(id, only))
  try {
    for (const chapter of against) {
      await chapter.run({
        seed,
        runs,
        simulate: (errand) => crew.run(errand),
        wants: (id) => isWanted(id, only),
        told: (row) => {
          rows.push(row)
          progress.show(() => `${rows.length} of ${ids.length}: ${row.id}`)
        },
        fitted: (constant) => void constants.push(constant),
        stopped: options.stopped,
      })
    }
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

function filesOf(answer: ValidationAnswer): readonly { name: string; text: string }[] {
  return [{ name: 'report.html', text: validationReport(answer) }, validationCsv(answer)]
}

/** A row by its id, a chapter by its beginning: `V1` is all of V1. */
function isWanted(id: string, only: readonly string[]): boolean {
  return only.length === 0 || only.some((one) => id === one || id.startsWith(`${one}.`))
}

function checkAsked({ runs, only }: TableOptions, against: readonly Chapter[]): void {
  if (runs !== null && runs < RUNS_MIN) {
    throw new UsageError(`--runs ${runs}: an interval needs ${RUNS_MIN} at least`)
  }
  const ids = against.flatMap((chapter) => chapter.ids)
  const unknown = only.find((one) => !ids.some((id) => isWanted(id, [one])))
  if (unknown === undefined) return
  throw new UsageError(`--only ${unknown}: there is no such row; there are ${ids.join(', ')}`)
}

function exitCodeOf(rows: readonly ValidationRow[]): number {
  if (rows.length === 0) return ExitCode.nothingProved
  return rows.every(({ inside }) => inside) ? ExitCode.asExpected : ExitCode.thresholdMissed
}
