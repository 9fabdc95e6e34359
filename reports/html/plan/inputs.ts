/**
 * Every input with its value and where it comes from.
 */

import type { PlanAnswer } from '../../../scenarios/plan/plan-answer.ts'
import { sourceNames } from '../../plan/words.ts'
import { counted, grouped } from '../../text/numbers.ts'
import { folded } from '../folded.ts'
import { empty, type Section } from '../section.ts'
import { cardTable } from '../table.ts'

export function inputSection({ inputs }: PlanAnswer): Section {
  const columns = [
    { title: 'Input', prose: true },
    { title: 'Value', prose: true },
    { title: 'Is', whole: true },
    { title: 'By', prose: true },
  ]
  const rows = inputs.map(({ name, value, source, from }) => ({
    cells: [name, value, sourceNames[source], from ?? '–'],
    faint: source === 'default',
  }))
  return {
    id: 'inputs',
    title: 'Inputs',
    lead: null,
    body:
      rows.length === 0
        ? empty('No inputs are known.')
        : folded({
            title: counted(rows.length, 'input'),
            brief: sourcesText(inputs),
            body: cardTable('Inputs', columns, rows),
          }),
  }
}

/** `5 given · 6 by default` */
function sourcesText(inputs: PlanAnswer['inputs']): string {
  const counts = Object.entries(sourceNames).map(([source, words]) => {
    const count = inputs.filter((input) => input.source === source).length
    return count === 0 ? '' : `${grouped(count)} ${words}`
  })
  return counts.filter((text) => text !== '').join(' · ')
}
