/**
 * What `dmqsim plan --backtest` is given: the JSON answer of `dmqsim backtest`.
 */

import { backtestSchema } from '../reports/json/backtest.ts'
import type { Backtest } from '../scenarios/plan/plan-answer.ts'
import { readTextFile } from '../scenarios/schema/files.ts'
import { InputError } from '../scenarios/schema/input-error.ts'

export function backtestInput(file: string): Backtest {
  const answer = backtestSchema.safeParse(parsed(readTextFile(file, '--backtest'), file))
  if (!answer.success) {
    throw new InputError([
      `--backtest ${file}: is no answer of dmqsim backtest: write one with --json`,
    ])
  }
  const { measured, scenario, series } = answer.data
  return {
    source: `${measured}, measured, against ${scenario} (${file})`,
    rows: series.map(({ series: name, fitted, judged }) => ({
      series: name,
      fitted: fitted.mape,
      judged: judged.mape,
    })),
  }
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InputError([`--backtest ${file}: is no JSON`])
  }
}
