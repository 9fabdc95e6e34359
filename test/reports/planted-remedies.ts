import type { RemediesAnswer, RemedyRow } from '../../reports/answer.ts'
import { plantedHead } from './planted.ts'

export const plantedRemedy = (over: Partial<RemedyRow> = {}): RemedyRow => ({
  problem: 'duplicates',
  remedy: 'none',
  variant: null,
  scenario: 'scenarios/remedies/duplicates.yaml',
  sets: {},
  check: 'effects-once',
  verdict: 'broken',
  runs: 40,
  kept: 28,
  broken: 12,
  firstAt: 3,
  upperBound: null,
  sideEffects: {
    loss: { verdict: 'kept', broken: 0 },
    disorder: { verdict: 'broken', broken: 5 },
    backlog: { verdict: 'kept', broken: 0 },
  },
  token: 'dmq1.x',
  file: '.dmqsim/table-remedies-1/cases/duplicates-none.json',
  ...over,
})

export const plantedAtomic: RemedyRow = plantedRemedy({
  remedy: 'idempotent-consumer',
  variant: 'atomic',
  sets: { 'consumers.payment.pattern': 'idempotent' },
  verdict: 'kept',
  kept: 40,
  broken: 0,
  firstAt: null,
  upperBound: 0.075,
  token: null,
  file: null,
})

export const plantedRemedies = (rows: readonly RemedyRow[]): RemediesAnswer => ({
  head: plantedHead,
  rows,
})
