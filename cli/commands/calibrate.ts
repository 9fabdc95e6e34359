/**
 * `dmqsim calibrate <points>`: fits a few constants of the hardware to what was measured, and
 * writes them as a calibration set.
 */

import type { Command } from 'commander'
import { type AnswerFlags, refuseTests, withJsonFlag } from '../flags.ts'
import type { Session } from '../session.ts'
import { UsageError } from '../usage.ts'

export interface CalibrateFlags extends AnswerFlags {
  readonly out?: string
  readonly jobs?: string
}

export function declareCalibrate(program: Command, session: Session): void {
  const command = program
    .command('calibrate')
    .description('fit constants of the hardware to measured points')
    .argument('[points]', 'a YAML file: name, fit, points')
    .argument('[seed]', 'a whole number; 1 without')
    .option('--out <file>', 'the calibration set (calibration-<name>.yaml)')
    .option('--jobs <n>', 'threads (all cores)')
    .option('--quiet', 'print the first sentence alone')
  withJsonFlag(command).action(
    async (points: string | undefined, seed: string | undefined, flags: CalibrateFlags) => {
      refuseTests(flags)
      if (points === undefined) {
        throw new UsageError('calibrate: which points? Give a YAML file with name, fit and points')
      }
      const { calibrateCommand } = await import('../calibrating.ts')
      session.exitCode = await calibrateCommand(session, { points, seed, flags })
    },
  )
}
