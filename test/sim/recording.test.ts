import { expect, test } from 'vitest'
import { Recording } from '../../sim/recording.ts'
import { TraceHash } from '../../sim/trace.ts'

test('a recording gives the hash that the plain trace gives', () => {
  const plain = new TraceHash()
  const recording = new Recording(2)

  for (let at = 1; at <= 9_000; at += 1) {
    plain.fold(at * 7, at % 5, 1, at)
    recording.fold(at * 7, at % 5, 1, at)
  }

  expect(recording.hex()).toBe(plain.hex())
})

test('a word is named by what the sink is told first of its event', () => {
  const recording = new Recording()

  recording.event({ sequence: 1, atUs: 5, cause: 0, process: 'a', kind: 'timer', name: 'tick' })
  recording.event({ sequence: 1, atUs: 5, cause: 0, process: 'a', kind: 'stop', name: 'crash' })
  recording.fold(5, 3, 1, 9)
  recording.fold(6, 3, 1, 9)

  const { symbols, symbolOf } = recording.words()
  expect(symbols.map(({ label }) => label)).toEqual(['a timer tick', ''])
  expect(Array.from(symbolOf)).toEqual([0, 1])
})

test('events beyond the bound leave a digest for each block', () => {
  const recording = new Recording(10)

  for (let at = 0; at < 10 + 4_096 + 1; at += 1) recording.fold(at, 1, 1, at)

  const words = recording.words()
  expect([words.events, words.kept, words.blocks.length]).toEqual([4_107, 10, 2])
})
