/**
 * Every input with its value and where it comes from.
 */

import type { PlanAnswer } from '../../../scenarios/plan/plan-answer.ts'
import { sourceNames } from '../../plan/words.ts'
import { empty, type Section } from '../section.ts'
import { cardTable } from '../table.ts'

export function inputSection({ inputs }: PlanAnswer): Section {
  const columns = [
    { title: 'Input', prose: true },
    { title: 'Value', prose: true },
    { title: 'Is' },
    { title: 'From', prose: true },
  ]
  const rows = inputs.map(({ name, value, source, from }) => ({
    cells: [name, value, sourceNames[source], from ?? '–'],
    faint: source === 'default',
  }))
  return {
    id: 'inputs',
    title: 'Inputs',
    lead: null,
    body: rows.length === 0 ? empty('No inputs are known.') : cardTable('Inputs', columns, rows),
  }
}
