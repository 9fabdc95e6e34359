import { describe, expect, test } from 'vitest'
import { htmlReport } from '../../../reports/html/report.ts'
import type { Verdict } from '../../../scenarios/result.ts'
import { plantedExplanation } from '../planted-explanation.ts'
import { plantedEmpty, plantedJudged, plantedOptions } from './planted-run.ts'

const hostile = `</script><img src=x onerror="alert('1')"><!-- & -->`

/** The page without what it carries in scripts and sheets. */
function visible(page: string): string {
  return page.replaceAll(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '')
}

function embedded(page: string, id: string): unknown {
  const found = new RegExp(`<script type="application/json" id="${id}">([^<]*)</script>`).exec(page)
  return JSON.parse(found?.[1] ?? 'null')
}

describe('the HTML report', () => {
  test('opens with the sentence, the standing and the question', () => {
    const page = visible(htmlReport(plantedJudged(), plantedOptions))

    const places = [
      '37 acknowledged records of orders are in no log.',
      'A promise broke',
      'Asked',
    ].map((text) => page.indexOf(text === 'Asked' ? 'Do orders, charges' : text))

    expect(places.every((place) => place > 0)).toBe(true)
    expect(places).toEqual([...places].sort((left, right) => left - right))
    expect(page.indexOf('<nav')).toBeGreaterThan(places[2] ?? 0)
  })

  test('shows its sections in the order of the answer', () => {
    const page = visible(htmlReport(plantedJudged(), plantedOptions))

    const sections = [...page.matchAll(/<section id="([\w-]+)"/g)].map((match) => match[1])

    expect(sections).toEqual([
      'verdicts',
      'over-time',
      'magnitudes',
      'groups',
      'evidence',
      'timeline',
      'registries',
      'configuration',
      'believe',
      'replay',
    ])
  })

  test('puts what disappoints before all other verdicts', () => {
    const page = visible(htmlReport(plantedJudged(), plantedOptions))

    const words = [...page.matchAll(/<li class="(?:line )?(\w+) ?\w*"/g)].map((match) => match[1])

    expect(words[0]).toBe('broken')
    expect(words.lastIndexOf('vacuous')).toBe(words.length - 1)
    expect(page).toContain('1 broken · 1 unknown · 6 kept · 1 vacuous')
  })

  test('tells a loss with its records, how they left the log and which leader did it', () => {
    const page = visible(htmlReport(plantedJudged(), plantedOptions))

    expect(page).toContain('offset 204 · record <code>3:17</code>')
    expect(page).toContain(
      '26 s: broker 3 became leader uncleanly, without them (offsets 204 to 240, 37 records)',
    )
    expect(page).toContain(
      '26 s: broker 3 leads at epoch 2, elected uncleanly, before it broker 5; ISR 3',
    )
    expect(page).toContain('1 crash leader of orders-0 → broker-1')
    expect(page).toContain('and 34 more.')
  })

  test('says of each entry of the timeline what became of it', () => {
    const page = visible(htmlReport(plantedJudged(), plantedOptions))

    expect(page).toContain('refused: it would lose committed records of orders-2')
    expect(page).toContain('never fired')
    expect(page).toContain('took effect, ended')
  })

  test('says of an operation that nobody answered that it may have been done', () => {
    const judged = plantedJudged()
    const struck = judged.result.struck.map((one) => ({ ...one, unanswered: true as const }))

    const page = visible(
      htmlReport({ ...judged, result: { ...judged.result, struck } }, plantedOptions),
    )

    expect(page).toContain('no answer, it may have been done')
    expect(page).toContain('refused: it would lose committed records of orders-2')
  })

  test('tells the throughput of topics, and of partitions where they were asked for', () => {
    const judged = plantedJudged()
    const of = { recordsPerSecond: 1_234, bytesPerSecond: 1_048_576, peakRecordsPerSecond: 2_000 }
    const throughput = [{ topic: hostile, ...of, windowUs: 1_000_000, series: [] }]
    const peak = { backlogPeak: 7, backlogPeakAtUs: 0, latenessPeakUs: 0, latenessPeakAtUs: 0 }
    const partitions = Array.from({ length: 30 }, (_none, partition) => ({ partition, ...peak }))
    const groups = judged.measures.groups.map((one) => ({ ...one, partitions }))

    const page = visible(
      htmlReport({ ...judged, measures: { ...judged.measures, throughput, groups } }),
    )

    expect(page).toContain('1,234 records/s')
    expect(page).toContain('1 MB/s')
    expect(page).toContain('those with the greatest backlog; 10 more')
    expect(page).not.toContain('<img')
  })

  test('needs nothing but the run', () => {
    const judged = plantedJudged()

    const page = visible(htmlReport(judged))

    expect(page).toContain('npx dmqsim replay report.html')
    expect(page).toContain(`dmqsim ${judged.result.case.engine}`)
  })

  test('tells what a handler threw with its line, and only where one did', () => {
    const judged = plantedJudged()
    const handlerErrors = [
      { group: hostile, message: hostile, place: 'charge.js:9:4', firstUs: 400_000, count: 3 },
    ]
    const threw = { ...judged, result: { ...judged.result, handlerErrors } }

    const page = visible(htmlReport(threw, plantedOptions))

    expect(page.indexOf('id="thrown"')).toBeGreaterThan(page.indexOf('id="verdicts"'))
    expect(page.indexOf('id="thrown"')).toBeLessThan(page.indexOf('id="over-time"'))
    expect(page).toContain('<code class="place">charge.js:9:4</code>')
    expect(page).toContain('3 times, first at 0.4 s')
    expect(page).not.toContain('<img')
    expect(visible(htmlReport(judged, plantedOptions))).not.toContain('id="thrown"')
  })

  test('folds the anomalies that nobody saw into one line', () => {
    const judged = plantedJudged()
    const [one] = judged.verdicts.filter(({ verdict }) => verdict === 'kept')
    const anomaly = { ...one, check: 'anomalies', expected: null } as Verdict
    const verdicts = [
      { ...anomaly, scope: 'G1a' },
      { ...anomaly, scope: 'unseen' },
      { ...anomaly, scope: 'G0', verdict: 'vacuous' as const },
    ]

    const page = visible(htmlReport({ ...judged, verdicts }, plantedOptions))

    expect(page.match(/<summary class="line">/g)).toHaveLength(1)
    expect(page).toContain('kept in 2 scopes: <span class="scope">G1a, unseen</span>')
    expect(page).toContain('nothing to judge in 1 scope: <span class="scope">G0</span>')
  })

  test('gives the names over the diagram the room they need', () => {
    const long = 'payment-gateway-of-the-north-1'
    const { cone } = plantedExplanation
    if (cone === null) throw new Error('the planted explanation has a diagram')
    const named = { ...cone, processes: [...cone.processes.slice(0, -1), long] }
    const widthOf = (explanation: typeof plantedExplanation): number[] => {
      const page = htmlReport(plantedJudged(), { ...plantedOptions, explanation })
      const found = /<svg viewBox="0 0 (\d+) (\d+)"/.exec(page) ?? []
      return found.slice(1).map(Number)
    }

    const [width = 0, height = 0] = widthOf(plantedExplanation)
    const [wider = 0, higher = 0] = widthOf({ ...plantedExplanation, cone: named })

    expect(wider).toBeGreaterThan(width)
    expect(higher).toBeGreaterThan(height)
  })

  test('names each message beside the row in which it comes', () => {
    const page = htmlReport(plantedJudged(), {
      ...plantedOptions,
      explanation: plantedExplanation,
    })

    const named = [...page.matchAll(/<text class="name"[^>]*>([^<]+)</g)].map((found) => found[1])
    expect(named).toEqual(plantedExplanation.cone?.edges.map(({ message }) => message))
    expect(named).not.toEqual([])
  })

  test('escapes every text of a user', () => {
    const words = { name: hostile, question: hostile, topic: hostile, group: hostile }
    const judged = plantedJudged({ ...words, evidence: hostile })
    const options = {
      ...plantedOptions,
      replayCommand: hostile,
      notModelled: [hostile],
      inputs: [{ name: hostile, value: hostile, source: hostile }],
    }

    const page = htmlReport(judged, options)

    expect(page).not.toContain('<img')
    expect(page).not.toContain('<!-- &')
    expect(visible(page).split('&lt;/script&gt;&lt;img').length).toBeGreaterThan(15)
    expect([...page.matchAll(/<\/script>/g)]).toHaveLength(4)
  })

  test('carries its case unchanged, whatever it holds', () => {
    const judged = plantedJudged({ name: hostile, question: hostile })

    const page = htmlReport(judged, plantedOptions)

    const expected: unknown = JSON.parse(JSON.stringify(judged.result.case))
    expect(embedded(page, 'dmqsim-case')).toEqual(expected)
  })

  test('refers to nothing outside itself', () => {
    const page = htmlReport(plantedJudged(), plantedOptions)

    const references = [...page.matchAll(/\s(?:src|href|action|data|poster)="([^"]*)"/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !/^(?:#|data:,$|data:text\/csv;)/.test(target))
    expect(references).toEqual([])
    expect(page).not.toMatch(/@import|url\(|<(?:iframe|object|embed|base|form)\b/)
    expect(page).toContain(
      `content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; script-src &#39;unsafe-inline&#39;; img-src data:"`,
    )
  })

  test('is the same file for the same run, and small', () => {
    const page = htmlReport(plantedJudged(), plantedOptions)

    expect(htmlReport(plantedJudged(), plantedOptions)).toBe(page)
    expect(page.length).toBeLessThan(400_000)
  })

  test('says so where a section has nothing to show', () => {
    const page = visible(htmlReport(plantedEmpty(), plantedOptions))

    expect(page.match(/class="empty"/g)?.length).toBeGreaterThan(6)
    expect(page).not.toContain('data-chart')
    expect(page).toContain('The timeline is empty')
    expect(page).toContain('Nothing broke')
  })
})

describe('the explanation', () => {
  const explained = {
    ...plantedOptions,
    explanation: plantedExplanation,
    mendCommand: 'npx dmqsim replay a.json --set x=1',
  }

  test('stands after the verdicts with its steps, its diagram and its mend', () => {
    const page = visible(htmlReport(plantedJudged(), explained))

    expect(page).toMatch(/<section id="verdicts"[\s\S]*<section id="explanation"/)
    expect(page).toContain('<time>12.304 s</time> broker 2, leader of orders-0 in epoch 4')
    expect(page.match(/<path class="message"/g)).toHaveLength(3)
    expect(page.match(/<g class="step">/g)).toHaveLength(4)
    expect(page).toContain('npx dmqsim replay a.json --set x=1')
  })

  test('escapes the names of processes and keys', () => {
    const page = visible(htmlReport(plantedJudged(), explained))

    expect(page).toContain('broker-3&lt;b&gt;')
    expect(page).toContain('&lt;key-12&gt;')
    expect(page).not.toContain('broker-3<b>')
  })
})
