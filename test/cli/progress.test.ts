import { expect, test } from 'vitest'
import { progressText } from '../../cli/exploring.ts'
import { ProgressLine, roughly } from '../../cli/progress.ts'
import type { Terminal } from '../../cli/terminal.ts'

function terminalAt(
  times: readonly number[],
  live: boolean,
): Terminal & { readonly lines: string[] } {
  const lines: string[] = []
  let at = 0
  return {
    lines,
    out: () => {},
    err: (text) => void lines.push(text),
    columns: 80,
    colour: false,
    live,
    environment: {},
    now: () => times[at++] ?? 0,
    onInterrupt: () => () => {},
  }
}

test('where nobody watches there is a line every ten seconds', () => {
  const terminal = terminalAt([0, 1_000, 9_999, 10_001, 12_000, 20_002], false)
  const progress = new ProgressLine(terminal, false)

  for (const text of ['a', 'b', 'c', 'd', 'e']) progress.show(() => text)
  progress.end()

  expect(terminal.lines).toEqual(['c\n', 'e\n'])
})

test('on a terminal one line is written over and cleared in the end', () => {
  const terminal = terminalAt([0, 50, 101, 150, 250], true)
  const progress = new ProgressLine(terminal, false)

  for (const text of ['a', 'b', 'c', 'd']) progress.show(() => text)
  progress.end()

  expect(terminal.lines).toEqual(['\r\u001B[Kb', '\r\u001B[Kd', '\r\u001B[K'])
})

test('a silent one says nothing', () => {
  const terminal = terminalAt([0, 60_000], true)
  const progress = new ProgressLine(terminal, true)

  progress.show(() => 'a')
  progress.end()

  expect(terminal.lines).toEqual([])
})

test('progress tells the rate, what is left and what broke', () => {
  const extent = {
    runs: 200,
    timeMs: null,
    jobs: undefined,
    bail: null,
    shard: null,
    budget: null,
    recheckEvery: 20,
  }

  const text = progressText({ done: 50, of: 200, failures: 1, breaks: 0 }, 10_000, extent)

  expect(text).toBe('50 of 200 runs, 5.0 a second, 30 s left, 1 run broke a promise')
})

test('with a time and no number the time says what is left', () => {
  const extent = {
    runs: null,
    timeMs: 60_000,
    jobs: undefined,
    bail: null,
    shard: null,
    budget: null,
    recheckEvery: 20,
  }

  const text = progressText({ done: 50, of: 1_000_000, failures: 0, breaks: 0 }, 10_000, extent)

  expect(text).toBe('50 runs, 5.0 a second, 50 s left, 0 runs broke a promise')
})

test('what is left is rounded up', () => {
  expect([100, 99_000, 100_001].map(roughly)).toEqual(['1 s', '99 s', '2 min'])
})

test('counts what is told one by one, and shows the count when it is time to', () => {
  const terminal = terminalAt([0, 1_000, 10_001, 12_000], false)
  const count = new ProgressLine(terminal, false).counting('simulations')

  count()
  count()
  count()

  expect(terminal.lines).toEqual(['simulations: 2\n'])
})
