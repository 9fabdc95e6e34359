import { expect, test } from 'vitest'
import { partingOf, traceBytes, traceFrom } from '../../../scenarios/explain/trace-words.ts'
import { Recording } from '../../../sim/recording.ts'

interface Word {
  readonly time: number
  readonly digest?: number
  readonly name?: string
}

function recorded(words: readonly Word[], keptMax?: number): Recording {
  const recording = new Recording(keptMax)
  for (const { time, digest = 7, name = 'tick' } of words) {
    recording.event({ sequence: 1, atUs: time, cause: 0, process: 'b', kind: 'timer', name })
    recording.fold(time, 0xfffffff0, 3, digest)
  }
  return recording
}

const three = [{ time: 5 }, { time: 2_000_000_000 }, { time: 9_000_000_000_000 }]

test('a trace comes back from its file word for word', () => {
  const words = recorded(three).words()

  const { words: read, engine } = traceFrom(
    traceBytes({ engine: '1.2.3', traceHash: 'ab', words }),
    'a.trace',
  )

  expect(engine).toBe('1.2.3')
  expect(read).toEqual(words)
  expect(partingOf(words, read)).toBeNull()
})

test('a file that is no trace, and one that is damaged, are refused by name', () => {
  const bytes = traceBytes({ engine: '1', traceHash: 'ab', words: recorded(three).words() })

  expect(() => traceFrom(Buffer.from('hello'), 'x.trace')).toThrow(/^x\.trace: not a trace/)
  expect(() => traceFrom(bytes.subarray(0, bytes.length - 9), 'x.trace')).toThrow(/damaged/)
})

test('the first event that differs is named by time, by name and by content', () => {
  const was = recorded(three).words()

  const later = partingOf(was, recorded([{ time: 5 }, { time: 6 }]).words())
  const other = partingOf(was, recorded([{ time: 5, name: 'tock' }]).words())
  const content = partingOf(was, recorded([{ time: 5, digest: 8 }]).words())

  expect(later).toMatchObject({ event: 2, atUs: 6, was: 'b timer tick at 2000000000 µs' })
  expect(other).toMatchObject({ event: 1, is: 'b timer tock at 5 µs' })
  expect(content?.is).toBe('b timer tick at 5 µs, carrying something else')
})

test('a run that ends earlier differs in the first event that it lacks', () => {
  const parting = partingOf(recorded(three).words(), recorded(three.slice(0, 2)).words())

  expect(parting).toMatchObject({ event: 3, is: 'the end of the run' })
})

test('beyond what is kept whole the block of the difference is named', () => {
  const was = recorded(three, 1).words()
  const is = recorded([...three.slice(0, 2), { time: 9_000_000_000_001 }], 1).words()

  expect(partingOf(was, is)).toMatchObject({ event: 2 })
  expect(partingOf(was, recorded(three, 1).words())).toBeNull()
})
