/**
 * What `dmqsim calibrate` does: reads points, searches, writes the set whole or not at all.
 */

import { availableParallelism } from 'node:os'
import type { CalibrateAnswer } from '../reports/answer.ts'
import { calibrateJson } from '../reports/json/calibrate.ts'
import { calibrateSentence, calibrateText } from '../reports/text/calibrate.ts'
import { calibrate, calibrationText } from '../scenarios/calibration/calibrate.ts'
import { readPoints } from '../scenarios/calibration/points.ts'
import { crewOf } from '../scenarios/explore/crew.ts'
import { validationCraft } from '../scenarios/validation/errand.ts'
import { speak } from './answer.ts'
import type { CalibrateFlags } from './commands/calibrate.ts'
import { countOf, seedOf, written } from './environment.ts'
import { ExitCode } from './exit-code.ts'
import { commandLine } from './flags.ts'
import { readyFor, writeWhole } from './folder.ts'
import { ProgressLine } from './progress.ts'
import type { Session } from './session.ts'

/** A set that misses one of its own points by more does not describe the machine. */
const TOLERANCE = 0.15

interface Asked {
  readonly points: string
  readonly seed: string | undefined
  readonly flags: CalibrateFlags
}

export async function calibrateCommand(session: Session, asked: Asked): Promise<number> {
  const { terminal } = session
  const { flags } = asked
  const file = readPoints(asked.points)
  const seed = seedOf(asked.seed, terminal.environment, undefined)
  const jobs = written('--jobs', flags.jobs, terminal.environment, 'DMQSIM_JOBS')
  const out = flags.out ?? `calibration-${file.name}.yaml`
  readyFor(out)
  session.again = commandLine(['calibrate', asked.points, String(seed)])
  const crew = crewOf(
    validationCraft,
    null,
    jobs === undefined ? availableParallelism() : countOf(jobs),
  )
  const progress = new ProgressLine(terminal, flags.quiet === true)
  const trying = progress.counting('constants tried')
  const simulate = crew.run.bind(crew)
  const found = await calibrate(file, { seed, trying, simulate }).finally(async () => {
    progress.end()
    await crew.close()
  })
  writeWhole(out, calibrationText(found))
  const answer: CalibrateAnswer = {
    head: session.head('calibrate', seed),
    calibrated: found,
    file: out,
  }
  speak(terminal, flags, {
    json: () => calibrateJson(answer),
    text: (page) => calibrateText(answer, page),
    sentence: () => calibrateSentence(answer),
    again: null,
  })
  const off = found.residuals.some(({ error }) => !(Math.abs(error) <= TOLERANCE))
  return off ? ExitCode.thresholdMissed : ExitCode.asExpected
}
