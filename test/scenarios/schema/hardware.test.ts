import { describe, expect, test } from 'vitest'
import { parseScenario } from '../../../scenarios/schema/load.ts'
import {
  calibrationNames,
  calibrationOf,
  readCalibration,
  shippedNames,
  shippedProfile,
} from '../../../scenarios/schema/hardware-files.ts'
import { InputError } from '../../../scenarios/schema/input-error.ts'
import type { Hardware, Scenario } from '../../../scenarios/schema/scenario.ts'

const smallest = { system: 'kafka', duration: '1s', topics: [{ name: 'orders' }] }

async function scenarioOf(over: object): Promise<Scenario> {
  return (await parseScenario({ ...smallest, ...over })).scenario
}

async function slips(over: object): Promise<readonly string[]> {
  try {
    await parseScenario({ ...smallest, ...over })
  } catch (error) {
    if (error instanceof InputError) return error.lines
    throw error
  }
  return []
}

describe('a profile that comes with dmqsim', () => {
  test('is used by its name, and stands in the scenario with its figures', async () => {
    const { hardware } = await scenarioOf({ cluster: { hardware: 'm7g.2xlarge' } })

    expect(Object.keys(hardware)).toEqual(['ideal', 'm7g.2xlarge'])
    expect(hardware['m7g.2xlarge']).toMatchObject({
      cores: 8,
      nicBytesPerSecond: 468_750_000,
      diskBytesPerSecond: 262_144_000,
      pageCacheBytes: 26 * 1_073_741_824,
    })
  })

  test.each(shippedNames().map((name) => [name]))('%s has a source for each figure', (name) => {
    const { title, entry, sources } = shippedProfile(name) ?? {}
    const { disk, calibration, heap, ...rest } = entry ?? {}
    const words = [...Object.keys(rest), ...Object.keys(disk ?? {}).map((word) => `disk.${word}`)]

    expect(title).not.toBe('')
    expect(Object.keys(sources ?? {}).sort()).toEqual(words.sort())
    for (const { source, from } of Object.values(sources ?? {})) {
      expect(['published', 'derived', 'assumed']).toContain(source)
      expect(from.length).toBeGreaterThan(5)
    }
    expect(calibrationNames()).toContain(calibration)
    expect(heap === undefined || entry?.memory !== undefined).toBe(true)
  })

  test('gives a broker as many disks as it has, unless the broker says so itself', async () => {
    const { cluster } = await scenarioOf({
      cluster: { hardware: 'linkedin-2014', brokers: [{ id: 1 }, { id: 2, disks: 2 }] },
    })

    expect(cluster.brokers.map(({ disks }) => disks)).toEqual([6, 2])
  })

  test('is found by who slips in its name', async () => {
    expect(await slips({ cluster: { hardware: 'm7g.2xlage' } })).toEqual([
      'scenario: cluster.hardware: there is no hardware "m7g.2xlage", did you mean "m7g.2xlarge"?',
    ])
  })
})

describe('a profile that is like another', () => {
  async function mine(entry: object): Promise<Hardware | undefined> {
    const { hardware } = await scenarioOf({
      hardware: { mine: entry },
      cluster: { hardware: 'mine' },
    })
    return hardware['mine']
  }

  test('differs in what it says and has the rest of the other', async () => {
    const profile = await mine({ like: 'm7g.large', nic: '1Gbit/s', disk: { space: '50GB' } })

    expect(profile).toMatchObject({
      cores: 2,
      nicBytesPerSecond: 125_000_000,
      diskSpaceBytes: 50e9,
      diskBytesPerSecond: 78_750_000,
    })
    expect(profile?.origin?.sources).toMatchObject({
      cores: 'published',
      nicBytesPerSecond: 'given',
      recordCpuNs: 'assumed',
    })
  })

  test('takes the costs of another calibration', async () => {
    const profile = await mine({ like: 'm7g.large', calibration: 'assumed-2010s' })

    expect(profile?.recordCpuNs).toBe(calibrationOf('assumed-2010s')?.constants.recordCpuNs)
    expect(profile?.origin).toMatchObject({ profile: 'm7g.large', calibration: 'assumed-2010s' })
  })

  test('cannot be like itself', async () => {
    const hardware = { a: { like: 'b' }, b: { like: 'a' } }

    expect((await slips({ hardware }))[0]).toContain('"a" is like itself: name another profile')
  })

  test('has to leave memory beside its heap', async () => {
    const hardware = { a: { like: 'm7g.large', memory: '4GiB', heap: '4GiB' } }

    expect(await slips({ hardware })).toEqual([
      'scenario: hardware.a.heap: leaves no memory to cache pages: it has to be less than "memory"',
    ])
  })

  test('names a calibration that exists', async () => {
    const hardware = { a: { calibration: 'assumed-2021s' } }

    expect(await slips({ hardware })).toEqual([
      'scenario: hardware.a.calibration: there is no calibration "assumed-2021s", did you mean "assumed-2020s"?',
    ])
  })
})

describe('a calibration set', () => {
  const text = (constants: string): string =>
    `name: mine\nconstants: ${constants}\nfitted: [recordCpuNs]\nrowsUsed: [V1.1]\ndate: 2026-11-23\n`

  test('is read with the constants that were fitted and the rows they came from', () => {
    expect(readCalibration(text('{ recordCpuNs: 310 }'), 'mine.yaml')).toMatchObject({
      name: 'mine',
      constants: { recordCpuNs: 310 },
      fitted: ['recordCpuNs'],
      rowsUsed: ['V1.1'],
    })
  })

  test.each([
    ['{ recordCpuNanos: 310 }', 'mine.yaml: constants: there is no "recordCpuNanos", did you mean'],
    ['{ recordCpuNs: -1 }', 'mine.yaml: constants.recordCpuNs: -1 is no number of at least 0'],
  ])('with the constants %s is refused in one line', (constants, message) => {
    expect(() => readCalibration(text(constants), 'mine.yaml')).toThrow(message)
  })
})
