import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readCalibration } from '../../scenarios/schema/hardware-files.ts'
import { said, temporaryFolder } from './recording-terminal.ts'

const scenario = `
system: kafka
duration: 100ms
hardware: { box: { like: ssd-generic } }
cluster: { brokers: 1, zookeeper: 1, hardware: box, config: { num.io.threads: 1 } }
topics: [{ name: orders, partitions: 1, replicationFactor: 1 }]
producers:
  - name: shop
    count: 20
    topic: orders
    recordBytes: 1000B
    load: { rate: 60k/s, arrival: steady }
    config: { acks: 1, batch.size: 1000, enable.idempotence: false }
`

function folderWith(points: string): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'one.yaml'), scenario)
  writeFileSync(join(folder, 'ideal.yaml'), 'system: kafka\nduration: 1s\ntopics: [{ name: a }]\n')
  writeFileSync(join(folder, 'points.yaml'), points)
  return folder
}

const point = '{ id: a, scenario: one.yaml, measure: produced, value: 30000 }'

describe('dmqsim calibrate', () => {
  test('fits a constant to a measured rate, and writes a set that a profile can take', async () => {
    const folder = folderWith(`name: ours\nfit: [requestCpuNs]\npoints:\n  - ${point}\n`)
    const file = join(folder, 'set.yaml')

    const { code, out } = await said([
      'calibrate',
      join(folder, 'points.yaml'),
      '--jobs',
      '1',
      '--out',
      file,
      '--json',
    ])

    const answer = JSON.parse(out) as { points: { error: number }[]; constants: object }
    expect(code).toBe(0)
    expect(Math.abs(answer.points[0]?.error ?? 1)).toBeLessThan(0.05)
    const set = readCalibration(readFileSync(file, 'utf8'), 'set.yaml')
    expect(set).toMatchObject({ name: 'ours', fitted: ['requestCpuNs'], rowsUsed: ['a'] })
    expect(set.constants).toEqual(answer.constants)
  })

  test.each([
    ['name: a\nfit: [recordCpu]\npoints:\n  - POINT\n', /points\.yaml:2:7: there is no constant/],
    ['name: a\nfit: []\npoints:\n  - POINT\n', /:2:6: fit: needs a list with one entry at least/],
    [
      'name: a\nfit: [recordCpuNs, batchCpuNs]\npoints:\n  - POINT\n',
      /:2:6: fit: 2 constants from 1 point: measure more, or fit fewer/,
    ],
    [
      'name: a\nfit: [recordCpuNs]\npoints:\n  - { id: a, scenario: one.yaml, measure: rate, value: 1 }\n',
      /:4:43: there is no measure "rate"/,
    ],
    [
      'name: a\nfit: [recordCpuNs]\npoints:\n  - { id: a, scenario: one.yaml, measure: produced, value: -1 }\n',
      /:4:\d+: value: needs a number above 0/,
    ],
    [
      'name: a\nfit: [recordCpuNs]\npoints:\n  - { id: a, scenario: ideal.yaml, measure: produced, value: 1 }\n',
      /^point a: .*ideal\.yaml runs on ideal hardware/,
    ],
    ['name: a\nfits: [recordCpuNs]\n', /:2:1: there is no key "fits", did you mean/],
  ])('says of %j in one line what is wrong, and writes nothing', async (text, line) => {
    const folder = folderWith(text.replace('POINT', point))
    const file = join(folder, 'set.yaml')

    const { code, err } = await said(['calibrate', join(folder, 'points.yaml'), '--out', file])

    expect(code).toBe(2)
    expect(err).toMatch(line)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
    expect(existsSync(file)).toBe(false)
  })
})
