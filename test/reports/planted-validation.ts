/**
 * A table of validation as the command makes it: one row inside, one outside, one that did not
 * happen, and one that is not simulated.
 */

import type { ValidationAnswer } from '../../reports/answer.ts'
import type { ValidationRow } from '../../scenarios/validation/row.ts'
import { plantedHead } from './planted.ts'

const theory: ValidationRow = {
  id: 'T.MM1.50',
  kind: 'theory',
  title: 'M/M/1 at 50 %',
  measure: 'mean sojourn, ms',
  expected: 10,
  low: null,
  high: null,
  simulated: 10.0123,
  ci: [9.86, 10.16],
  calibrated: false,
  inside: true,
  source: 'Pollaczek–Khinchine',
  note: null,
}

const published: ValidationRow = {
  ...theory,
  id: 'V1.2',
  kind: 'published',
  title: '1 producer, 3 replicas, acks=1',
  measure: 'records/s',
  expected: 786_980,
  low: 668_933,
  high: 905_027,
  simulated: 512_000.4,
  ci: [510_000, 514_000],
  inside: false,
  source: 'FIG V1',
  note: 'the link is full',
}

export const plantedValidation = (): ValidationAnswer => ({
  head: { ...plantedHead, command: 'table validation' },
  constants: [{ name: 'recordCpuNs', value: 310, rows: ['V1.1'] }],
  rows: [
    theory,
    published,
    { ...published, id: 'V5.3', expected: 14, low: 9.3, high: 21, simulated: null, ci: null },
    { ...published, id: 'V4.2', simulated: null, ci: null, inside: null, note: 'not modelled' },
  ],
})
