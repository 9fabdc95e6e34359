import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  formatDuration,
  parseBandwidth,
  parseBytes,
  parseDuration,
  parseRate,
  parseShare,
  parseSignedDuration,
  UnitError,
} from '../../../scenarios/schema/units.ts'

test.each([
  ['250us', 250],
  ['20ms', 20_000],
  ['1.5s', 1_500_000],
  ['10 s', 10_000_000],
  ['5m', 300_000_000],
  ['2h', 7_200_000_000],
  ['0s', 0],
])('%s is %i microseconds', (text, expected) => {
  expect(parseDuration(text)).toBe(expected)
})

test.each([
  ['100B', 100],
  ['8KiB', 8_192],
  ['64MiB', 67_108_864],
  ['1kB', 1_000],
])('%s is %i bytes', (text, expected) => {
  expect(parseBytes(text)).toBe(expected)
})

test.each([
  ['125MB/s', 125_000_000],
  ['1Gbit/s', 125_000_000],
])('%s is %i bytes a second', (text, expected) => {
  expect(parseBandwidth(text)).toBe(expected)
})

test('rates and shares need not be whole', () => {
  expect([parseRate('200/s'), parseRate('10k/s'), parseRate('0.5/s')]).toEqual([200, 10_000, 0.5])
  expect([parseShare('80%'), parseShare('2.5%')]).toEqual([0.8, 0.025])
})

test('a decimal fraction is exact', () => {
  expect(parseDuration('0.3ms')).toBe(300)
  expect(parseDuration('1.1s')).toBe(1_100_000)
})

test('only a signed duration may go back', () => {
  expect(parseSignedDuration('-5s')).toBe(-5_000_000)
  expect(() => parseDuration('-5s')).toThrow('is negative')
})

test.each([
  [60, '60 needs a unit: a duration is written 20ms, 10s, 5m (60s?)'],
  ['60', '"60" needs a unit: a duration is written 20ms, 10s, 5m (60s?)'],
  ['60 sec', '"60 sec" has no unit of a duration: the units are us ms s m h'],
  ['soon', '"soon" is not a duration: write 20ms, 10s, 5m'],
  ['0.5us', '"0.5us" is finer than 1us, the smallest that counts'],
  ['99999999999h', '"99999999999h" is too large'],
  ['5constructor', '"5constructor" has no unit of a duration: the units are us ms s m h'],
  [undefined, 'needs a duration, such as 20ms, 10s, 5m'],
])('the duration %j is refused in one line', (value, sentence) => {
  expect(() => parseDuration(value)).toThrow(new UnitError(sentence))
})

test('a duration that is written is read back', () => {
  const microseconds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })

  fc.assert(
    fc.property(microseconds, (us) => {
      expect(parseDuration(formatDuration(us))).toBe(us)
      expect(parseSignedDuration(formatDuration(-us))).toBe(us === 0 ? 0 : -us)
    }),
    { seed: 1 },
  )
})

test('no value makes a parser fail in another way than with its own error', () => {
  const outcome = (parse: (value: unknown) => number, value: unknown): unknown => {
    try {
      return parse(value) >= 0
    } catch (error) {
      return error instanceof UnitError && !error.message.includes('undefined')
    }
  }

  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.double(), fc.anything()), (value) => {
      for (const parse of [parseDuration, parseBytes, parseBandwidth, parseRate, parseShare]) {
        expect(outcome(parse, value)).toBe(true)
      }
    }),
    { seed: 1 },
  )
})
