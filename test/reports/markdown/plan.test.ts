import { describe, expect, test } from 'vitest'
import { plain, tableLines } from '../../../reports/markdown/markdown.ts'
import { planMarkdown } from '../../../reports/markdown/plan.ts'
import { examplePlan } from '../../scenarios/plan/example-plan.ts'

describe('Markdown', () => {
  test('lets text of users mean nothing', () => {
    expect(plain('a|b\n<img> `x` [y](z) *w*')).toBe('a\\|b &lt;img&gt; \\`x\\` \\[y\\](z) \\*w\\*')
  })

  test('sets numbers to the right', () => {
    const lines = tableLines([{ title: 'Name' }, { title: 'Count', number: true }], [['a', '1']])

    expect(lines).toEqual(['| Name | Count |', '| --- | ---: |', '| a | 1 |', ''])
  })
})

describe('a plan as Markdown', () => {
  const text = planMarkdown(examplePlan, 'npx dmqsim plan report.html')

  test('answers first and has every part', () => {
    expect(text.split('\n')[2]).toContain('9 brokers m7g.2xlarge')
    expect([...text.matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual([
      'Why this cluster',
      'The walls in order',
      'Drills',
      'What if',
      'Inputs that move the nearest threshold most',
      'What the answer hangs on',
      'Public formulas on the same figures',
      'How far to believe',
      'Inputs',
      'Again',
    ])
  })

  test('has rows as long as their heads', () => {
    const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length
    const lines = text.split('\n')
    const longer = lines.filter((line, at) => {
      const above = lines[at - 1] ?? ''
      return line.startsWith('|') && above.startsWith('|') && cells(line) !== cells(above)
    })
    expect(longer).toEqual([])
  })

  test('leaves out what there is nothing of', () => {
    const bare = {
      ...examplePlan,
      walls: [],
      whatIf: [],
      sensitivity: [],
      doubts: null,
      formulas: [],
      cost: null,
    }

    const without = planMarkdown({ ...bare, answer: null, feasible: false }, 'x')

    expect(without).not.toMatch(/What if|hangs on|formulas|Cost:/)
    expect(without).toContain('No backtest')
  })
})
