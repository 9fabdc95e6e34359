/**
 * A table of hazards as the command makes it: one mended, one that nobody found, one without a fix.
 */

import type { HazardRow, HazardsAnswer } from '../../reports/answer.ts'
import { plantedHead } from './planted.ts'

const mended: HazardRow = {
  id: 'R01',
  title: 'High-watermark truncation, then immediate leader change',
  scenario: 'scenarios/hazards/r01-high-watermark-truncation.yaml',
  sets: { 'protocols.truncation': 'hw' },
  check: 'no-loss:stored',
  mechanism: null,
  bias: 'none',
  found: true,
  runs: 21,
  index: 20,
  faults: 2,
  faultsBefore: 6,
  elements: 8,
  shrinkRuns: 60,
  shrinkMs: 1_120,
  shrinkStopped: null,
  token: 'dmq1.x',
  file: '.dmqsim/table-hazards-1/failures/R01.json',
  fix: {
    kind: 'protocol',
    sets: { 'protocols.truncation': 'fetch' },
    runs: 1_000,
    broken: 0,
    otherwise: [],
    errors: 0,
    upperBound: 0.003,
  },
  fixKept: true,
}

const unfound: HazardRow = {
  ...mended,
  id: 'D01',
  title: 'acks=1: the leader dies before replication',
  sets: { 'producers.order-service.config.acks': 1 },
  bias: 'bursts',
  found: false,
  runs: 1_000,
  index: null,
  faults: null,
  faultsBefore: null,
  elements: null,
  shrinkRuns: null,
  shrinkMs: null,
  shrinkStopped: null,
  token: null,
  file: null,
  fix: { ...mended.fix, kind: 'config', runs: 1_000, broken: 2, upperBound: null },
  fixKept: false,
}

const unmended: HazardRow = {
  ...mended,
  id: 'P10',
  title: 'Partition-count change breaks per-key order',
  sets: {},
  runs: 1,
  fix: { kind: 'none', sets: {}, runs: 0, broken: 0, otherwise: [], errors: 0, upperBound: null },
  fixKept: null,
}

export function plantedHazards(): HazardsAnswer {
  return { head: plantedHead, rows: [mended, unfound, unmended] }
}
