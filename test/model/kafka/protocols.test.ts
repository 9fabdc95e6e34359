import { describe, expect, it } from 'vitest'
import {
  defaultProtocols,
  protocolFeatures,
  protocolPresets,
  protocolsOf,
} from '../../../model/kafka/protocols.ts'

describe('protocol levels', () => {
  it('are those of Kafka 3.9 when nothing is named', () => {
    expect(protocolsOf({})).toEqual(defaultProtocols)
  })

  it('have a modelled default for each feature, the one that the defaults use', () => {
    const defaults = protocolFeatures.map(({ name, default: level, levels }) => ({
      name,
      level,
      modelled: levels.find((one) => one.level === level)?.modelled,
    }))

    expect(defaults).toEqual(
      Object.entries(defaultProtocols).map(([name, level]) => ({ name, level, modelled: true })),
    )
  })

  it('of a release can be refined by name', () => {
    const levels = protocolsOf({ truncation: 'hw', release: '2.0' })

    expect(levels.truncation).toBe('hw')
    expect(levels.brokerEpoch).toBe('off')
  })

  it('name only levels that exist in every preset', () => {
    for (const preset of Object.values(protocolPresets)) {
      expect(() => protocolsOf(preset)).not.toThrow()
    }
  })

  it('say which levels exist when one is unknown', () => {
    expect(() => protocolsOf({ hwQuorum: 'some' })).toThrow(
      'hwQuorum=some: known levels are committed, maximal',
    )
    expect(() => protocolsOf({ truncations: 'hw' })).toThrow('is no protocol feature')
    expect(() => protocolsOf({ release: '9' })).toThrow('known releases are')
  })

  it('that are not modelled are refused', () => {
    expect(() => protocolsOf({ elr: 'on' })).toThrow('elr=on is not in this version')
  })
})
