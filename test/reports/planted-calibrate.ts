/**
 * Constants as `dmqsim calibrate` fits them: one to two points, of which one is off.
 */

import type { CalibrateAnswer } from '../../reports/answer.ts'
import { plantedHead } from './planted.ts'

export const plantedCalibrate: CalibrateAnswer = {
  head: { ...plantedHead, command: 'calibrate' },
  calibrated: {
    name: 'ours',
    fitted: [{ name: 'recordCpuNs', before: 60, after: 310 }],
    constants: { recordCpuNs: 310, requestCpuNs: 20_000 },
    residuals: [
      { id: 'one producer', measured: 821_557, simulated: 819_000.2, error: -0.0031 },
      { id: 'acks=all', measured: 2.1, simulated: 2.6, error: 0.238 },
    ],
    tried: 23,
  },
  file: 'calibration-ours.yaml',
}
