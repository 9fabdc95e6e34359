import { describe, expect, test } from 'vitest'
import { chartSheet } from '../../../reports/html/sheets/charts.ts'
import {
  BROKER_COLOURS,
  brokerColour,
  brokerStripes,
  colourSheet,
} from '../../../reports/html/sheets/colours.ts'

type Scheme = ReadonlyMap<string, string>

const [light = new Map(), dark = new Map()] = colourSheet()
  .split('@media')
  .map(
    (part): Scheme =>
      new Map(
        [...part.matchAll(/--([\w-]+):([^;}]+)/g)].map(([, name = '', value = '']) => [
          name,
          value,
        ]),
      ),
  )

/** Relative luminance by WCAG 2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(scheme: Scheme, one: string, other: string): number {
  const [high = 0, low = 0] = [one, other]
    .map((name) => luminance(scheme.get(name) ?? '#000000'))
    .sort((left, right) => right - left)
  return (high + 0.05) / (low + 0.05)
}

const schemes = [
  ['light', light],
  ['dark', dark],
] as const

describe.each(schemes)('the colours of the %s scheme', (_name, scheme) => {
  test.each([
    ['ink', 'ground'],
    ['ink', 'surface'],
    ['ink-soft', 'ground'],
    ['ink-soft', 'surface'],
    ['ink-soft', 'sunken'],
    ['accent', 'surface'],
    ['accent', 'bad-ground'],
    ['good', 'good-ground'],
    ['good', 'surface'],
    ['bad', 'bad-ground'],
    ['bad', 'surface'],
    ['warn', 'warn-ground'],
    ['warn', 'surface'],
    ['fault-ink', 'fault-bar'],
    ['fault-ink', 'surface'],
    ['operation-ink', 'operation-bar'],
    ['operation-ink', 'surface'],
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((place) => ['broker-ink', `broker-${place}`]),
  ])('let %s be read on %s', (text = '', ground = '') => {
    expect(contrast(scheme, text, ground)).toBeGreaterThanOrEqual(4.5)
  })

  test.each(['produced', ...[1, 2, 3, 4, 5, 6].map((place) => `group-${place}`), 'under-minimum'])(
    'let the line %s be seen',
    (line) => {
      expect(contrast(scheme, line, 'surface')).toBeGreaterThanOrEqual(3)
    },
  )
})

describe.each(schemes)('the heat of the %s scheme', (name, scheme) => {
  test('goes one way in lightness, for eyes and printers that see no hue', () => {
    const steps = [1, 2, 3, 4, 5, 6].map((place) => luminance(scheme.get(`heat-${place}`) ?? ''))

    const sorted = [...steps].sort((left, right) =>
      name === 'light' ? right - left : left - right,
    )
    expect(steps).toEqual(sorted)
  })
})

describe('the schemes', () => {
  test('name the same colours', () => {
    expect([...dark.keys()]).toEqual([...light.keys()])
    expect(light.size).toBeGreaterThan(30)
  })
})

test('brokers of the same colour are told apart by stripes, and the sheet has them', () => {
  const places = Array.from({ length: 4 * BROKER_COLOURS }, (_none, at) => at)
  const looks = places.map((at) => `${brokerColour(at)} ${brokerStripes(at)}`)

  expect(brokerStripes(0)).toBe('')
  expect(new Set(looks).size).toBe(looks.length)
  const striped = [...new Set(places.map(brokerStripes))].slice(1)
  expect(striped).toHaveLength(3)
  expect(striped.filter((name) => !chartSheet.includes(`.block.${name} {`))).toEqual([])
})
