import { expect, test } from 'vitest'
import { thrownBy } from '../../reports/thrown.ts'
import { page } from '../../reports/text/layout.ts'
import { runJson, runSchema } from '../../reports/json/run.ts'
import { runText } from '../../reports/text/run.ts'
import type { HandlerError } from '../../scenarios/handlers/handler.ts'
import { plantedAnswer } from './planted.ts'

function error(place: string, message: string, firstUs: number, count = 1): HandlerError {
  return { group: 'payment', message, place, firstUs, count }
}

const errors = [
  error('charge.js:9:4', 'Error: no price for 3/1', 900_000, 3),
  error('charge.js:9:4', 'Error: no price for 7/0', 400_000, 3),
  error('charge.js:5:2', 'TypeError: prices is undefined', 600_000),
]

function answerThat(threw: readonly HandlerError[]): ReturnType<typeof plantedAnswer> {
  const answer = plantedAnswer()
  const { judged } = answer
  return { ...answer, judged: { ...judged, result: { ...judged.result, handlerErrors: threw } } }
}

test('a line that throws in many words is one finding with its first words', () => {
  const found = thrownBy({ handlerErrors: errors })

  expect(found).toEqual([
    {
      group: 'payment',
      place: 'charge.js:9:4',
      count: 6,
      firstUs: 400_000,
      message: 'Error: no price for 7/0',
      messages: 2,
    },
    {
      group: 'payment',
      place: 'charge.js:5:2',
      count: 1,
      firstUs: 600_000,
      message: 'TypeError: prices is undefined',
      messages: 1,
    },
  ])
})

test('the terminal names the line, how often and what it said', () => {
  const text = runText(answerThat(errors), page(80, false))

  expect(text).toContain(`Thrown by handlers
  charge.js:9:4 in payment: 6 times, first at 0.4 s
    Error: no price for 7/0 (and 1 other message)
  charge.js:5:2 in payment: once at 0.6 s
    TypeError: prices is undefined
`)
})

test('a handler that throws at many lines leaves the page to the rest', () => {
  const many = Array.from({ length: 30 }, (_, line) => error(`charge.js:${line}:1`, 'no', line))

  const text = runText(answerThat(many), page(80, false))

  expect(text).toContain('charge.js:7:1')
  expect(text).not.toContain('charge.js:8:1')
  expect(text).toContain('  and at 22 more lines\n')
})

test('the JSON answer has every line that threw, and fits its schema', () => {
  const json = runJson(answerThat(errors))

  expect(runSchema.parse(json).handlerErrors[0]).toEqual({
    group: 'payment',
    place: 'charge.js:9:4',
    count: 6,
    firstMs: 400,
    message: 'Error: no price for 7/0',
    messages: 2,
  })
  expect(runJson(answerThat([])).handlerErrors).toEqual([])
})
