import { Script } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { paddedPlot } from '../../../reports/html/client/main.ts'
import { clientScript } from '../../../reports/html/client/script.ts'
import { laneOf } from '../../../reports/html/bands.ts'
import { plotsOf } from '../../../reports/html/plots.ts'
import { topicStrips } from '../../../reports/html/strips.ts'
import { plantedEmpty, plantedJudged } from './planted-run.ts'

describe('the plots', () => {
  test('all run from zero to the end of the run, on times in order', () => {
    const plots = plotsOf(plantedJudged())

    expect(plots.map(({ id }) => id)).toEqual(['rates', 'backlog', 'lateness'])
    for (const { x, lines } of plots) {
      expect([x[0], x.at(-1)]).toEqual([0, 262])
      expect([...x].sort((left, right) => left - right)).toEqual(x)
      expect(lines.every((line) => line.values.length === x.length)).toBe(true)
    }
  })

  test('give a group one colour in every chart', () => {
    const colours = plotsOf(plantedJudged()).map(({ lines }) =>
      lines.filter(({ name }) => name.startsWith('inventory')).map(({ colour }) => colour),
    )

    expect(colours).toEqual([[2], [2], [2]])
  })

  test('name the measured peak, which samples may miss', () => {
    const judged = plantedJudged()
    const groups = judged.measures.groups.map((one) => ({ ...one, backlogPeak: 99_999 }))

    const [, backlog] = plotsOf({ ...judged, measures: { ...judged.measures, groups } })

    expect(backlog?.lines.map(({ peak }) => peak)).toEqual([99_999, 99_999, 99_999])
  })

  test('have percentiles on a logarithmic axis, which has no zero', () => {
    const judged = plantedJudged()
    const some = [null, 0, 2_500]
    const most = [null, 0, 9_000]
    const curve = { atUs: [1, 2, 3], p50: some, p99: most, p999: most, max: most }
    const none = { ...curve, p50: [], p99: [], p999: [], max: [] }
    const series = { ...judged.measures.series, latency: { produce: curve, endToEnd: none } }

    const plots = plotsOf({ ...judged, measures: { ...judged.measures, series } })

    expect(plots.map(({ id }) => id)).toEqual(['rates', 'backlog', 'lateness', 'latency-produce'])
    expect(plots[3]?.log).toBe(true)
    expect(plots[3]?.lines[0]?.values).toEqual([null, 0.0001, 0.0025])
  })

  test('leave out a percentile that the next one covers whole', () => {
    const judged = plantedJudged()
    const times = { atUs: [1, 2], p50: [1_000, 1_000], p99: [1_000, 2_500] }
    const few = { ...times, p999: [1_000, 9_000], max: [1_000, 9_000] }
    const latency = { produce: few, endToEnd: { ...few, p99: few.max } }
    const series = { ...judged.measures.series, latency }

    const plots = plotsOf({ ...judged, measures: { ...judged.measures, series } })

    const names = plots.slice(-2).map(({ lines }) => lines.map(({ name }) => name))
    expect(names).toEqual([
      ['p50', 'p99', 'highest'],
      ['p50', 'highest'],
    ])
  })

  test('are left out where nothing was measured', () => {
    expect(plotsOf(plantedEmpty())).toEqual([])
  })
})

describe('the strips', () => {
  test('show a topic each, a row a partition, from the state that boot left', () => {
    const strips = topicStrips(plantedJudged()).map(({ strip }) => strip)

    expect(strips.map(({ topic, rows }) => [topic, rows.length])).toEqual([
      ['orders', 12],
      ['payments', 6],
    ])
    expect(strips.every(({ rows }) => rows.every(({ reigns }) => reigns[0]?.[0] === 0))).toBe(true)
    expect(strips[0]?.replicas).toBe(3)
    expect(strips[0]?.minIsr).toBe(2)
  })

  test('count an unclean election once', () => {
    const [orders, payments] = topicStrips(plantedJudged())

    expect(orders?.unclean).toBe(1)
    expect(payments?.unclean).toBe(0)
  })

  test('of a topic with hundreds of partitions show those in which most happened', () => {
    const judged = plantedJudged()
    const quiet = Array.from({ length: 300 }, (_, number) => ({
      atUs: -1,
      partition: 100 + number,
      leader: 1,
      leaderEpoch: 0,
      isr: [1, 2, 3],
      clean: true,
    }))
    const leaders = [...quiet, ...judged.result.leaders]

    const [orders] = topicStrips({ ...judged, result: { ...judged.result, leaders } })

    expect(orders?.strip.rows).toHaveLength(64)
    expect(orders?.hidden).toBe(248)
    expect(orders?.strip.rows.slice(0, 12).map(({ number }) => number)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    ])
  })
})

describe('the lane', () => {
  test('holds what took effect, and neither what was refused nor what never fired', () => {
    const { bands, rows } = laneOf(plantedJudged())

    const entries = bands.filter(({ nature }) => nature !== 'phase')
    expect(entries.map(({ label }) => label)).toEqual(['1', '2', '3', '4', '5'])
    expect(entries[1]?.nature).toBe('operation')
    expect(rows).toBeGreaterThan(1)
  })

  test('marks the phases that were reached', () => {
    const phases = laneOf(plantedJudged()).bands.filter(({ nature }) => nature === 'phase')

    expect(phases.map(({ kind, from }) => [kind, from])).toEqual([
      ['heal', 240],
      ['drained', 258],
    ])
  })
})

describe('a plot on the axis of its page', () => {
  test('goes from its beginning to its end, with nothing where nothing was measured', () => {
    const line = { name: 'a', colour: 0, values: [5, 6], peak: 6 }

    const padded = paddedPlot({ id: 'x', unit: 'records', x: [1, 2], lines: [line] }, 0, 4)

    expect(padded.x).toEqual([0, 1, 2, 4])
    expect(padded.lines[0]?.values).toEqual([null, 5, 6, null])
    expect(paddedPlot(padded, 0, 4)).toEqual(padded)
  })
})

describe('the script of the page', () => {
  test('knows every function by name that it uses of another file', () => {
    const script = clientScript()

    const named = [...script.matchAll(/^(?:async )?function (\w+)/gm)].map((match) => match[1])
    expect(new Set(named).size).toBe(named.length)
    expect(named).toContain('startPage')
    expect(script).not.toMatch(/__vi|import_|exports\./)
  })

  test('is a program', () => {
    expect(() => new Script(clientScript())).not.toThrow()
  })
})
