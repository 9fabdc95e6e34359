/**
 * A backtest of two series with one fitted constant.
 */

import type { BacktestAnswer } from '../../reports/answer.ts'
import { plantedHead } from './planted.ts'

export const plantedBacktest: BacktestAnswer = {
  head: { ...plantedHead, command: 'backtest' },
  scenario: 'shop',
  measured: 'june.csv',
  tolerance: 0.2,
  backtest: {
    rows: [
      {
        series: 'messages in',
        simulated: 'produced',
        fitted: { samples: 60, mape: 0.02, bias: 0.01 },
        judged: { samples: 60, mape: 0.031, bias: -0.012 },
      },
      {
        series: 'lag{group="payment"}',
        simulated: 'backlog:payment',
        fitted: { samples: 60, mape: 0.04, bias: 0 },
        judged: { samples: 60, mape: 0.27, bias: 0.2 },
      },
    ],
    curves: [
      {
        kind: 'produced',
        atUs: [0, 10_000_000, 20_000_000],
        measured: [100, 200, 200],
        simulated: [101, 195, 202],
      },
      {
        kind: 'backlog',
        atUs: [0, 10_000_000, 20_000_000],
        measured: [0, 40, 80],
        simulated: [0, 44, 101],
      },
    ],
    halfUs: 10_000_000,
    constants: { recordCpuNs: 310 },
    fitted: ['recordCpuNs'],
    tried: 31,
  },
}
