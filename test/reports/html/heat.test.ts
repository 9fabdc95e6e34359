import { describe, expect, test } from 'vitest'
import { heatStep } from '../../../reports/html/client/heat.ts'
import { edgesOf, heatOf } from '../../../reports/html/heat.ts'
import { HEAT_STEPS } from '../../../reports/html/sheets/colours.ts'

const use = (host: string, ...values: (number | null)[]) => ({ host, resource: 'disk', values })

describe('the picture of utilisation', () => {
  test('has the resources in one order and hosts by their numbers', () => {
    const hosts = ['broker 10', 'order-service-1', 'broker 2', 'zookeeper 1']
    const uses = hosts.map((host) => use(host, 0.5))

    const { groups } = heatOf('x', [0, 1], [...uses, { ...use('broker 1', 0.3), resource: 'cpu' }])

    expect(groups.map(({ title }) => title)).toEqual(['cpu', 'disk'])
    expect(groups[1]?.rows.map(({ short }) => short)).toEqual(['2', '10', 'zk 1', 'order-s…'])
  })

  test('leaves out who is idle, and never who was not there', () => {
    const [group] = heatOf(
      'x',
      [0, 1, 2],
      [use('broker 1', 0.9, 0.2), use('broker 2', 0.01, 0.02), use('broker 3', null, 0.01)],
    ).groups

    expect(group?.rows.map(({ name }) => name)).toEqual(['broker 1', 'broker 3'])
    expect(group?.idle).toBe(1)
  })

  test('names a resource that nobody used without a row for it', () => {
    const { groups, idle } = heatOf('x', [0, 1], [use('broker 1', 0.01)])

    expect([groups, idle]).toEqual([[], ['disk']])
  })

  test('keeps the highest of the samples that a step gathers', () => {
    const values = Array.from({ length: 900 }, (_none, at) => (at === 451 ? 1 : 0.1))
    const edges = Array.from({ length: 901 }, (_none, at) => at)

    const { edges: shown, groups } = heatOf('x', edges, [use('broker 1', ...values)])

    expect(shown).toHaveLength(301)
    expect(groups[0]?.rows[0]?.values).toHaveLength(300)
    expect(groups[0]?.rows[0]?.values[150]).toBe(100)
  })

  test('takes times as the ends of steps where the first is not the beginning', () => {
    expect(edgesOf([1, 2, 3], 1)).toEqual([0, 1, 2, 3])
    expect(edgesOf([0, 1, 2], 1)).toEqual([0, 1, 2, 3])
  })

  test('changes its colour where the legend says', () => {
    expect([19, ...HEAT_STEPS].map(heatStep)).toEqual([0, 1, 2, 3, 4, 5])
    expect(heatStep(null)).toBe(-1)
  })
})
