import { describe, expect, test } from 'vitest'
import { htmlReport } from '../../../reports/html/report.ts'
import { diskPlot, utilisationHeat } from '../../../reports/html/resource-charts.ts'
import type { Resources, ResourceUse } from '../../../scenarios/resources.ts'
import { plantedJudged } from './planted-run.ts'

const SECOND = 1_000_000

function use(
  resource: string,
  utilisation: (number | null)[],
  rest: Partial<ResourceUse> = {},
): ResourceUse {
  const peak = Math.max(...utilisation.map(Number))
  return { resource, part: '', utilisation, mean: peak / 2, peak, peakAtUs: SECOND, ...rest }
}

const space = (bytes: number[], fullAtUs: number | null): ResourceUse =>
  use(
    'disk-space',
    bytes.map((one) => one / 1_000_000),
    { bytes, fullAtUs },
  )

const resources: Resources = {
  stepUs: SECOND,
  atUs: [SECOND, 2 * SECOND],
  hosts: [
    { host: 'broker-10', uses: [use('nic-out', [0.2, 0.97]), space([1_000, 2_000], null)] },
    { host: 'broker-2', uses: [use('nic-out', [0.3, 0.4]), space([500_000, 999_999], 2 * SECOND)] },
    { host: 'broker-3', uses: [use('cpu', [0.01, 0.02]), space([9_000, 10_000], 400 * SECOND)] },
  ],
}

function pageOf(of: Resources | null): string {
  const judged = plantedJudged()
  const page = htmlReport({ ...judged, result: { ...judged.result, resources: of } })
  return page.replaceAll(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '')
}

describe('the hardware of a run', () => {
  test('is told by the busiest host of each resource that was used', () => {
    const page = pageOf(resources)
    const [, section = ''] = /<section id="hardware"[^>]*>([\s\S]*?)<details>/.exec(page) ?? []

    expect(section).toContain('broker 10')
    expect(section).toContain('<span class="bad">97 %</span>')
    expect(section).not.toContain('cpu')
    expect(page).toContain('below 5 % everywhere: cpu')
  })

  test('says of each disk when it is full', () => {
    const page = pageOf(resources)

    expect(page).toContain('since 2 s')
    expect(page).toContain('160 s after the load')
    expect(page).toContain('not filling')
  })

  test('has no section where nothing has a limit', () => {
    expect(pageOf(null)).not.toContain('id="hardware"')
  })

  test('shows a host that is down as not there, and what its disk still writes as use', () => {
    const cpu = use('cpu', [0, 0.5, null, null])
    const disk = use('disk', [0.9, 0.9, 0.9, null])
    const atUs = [1, 2, 3, 4].map((at) => at * SECOND)
    const [heat] = utilisationHeat({
      ...resources,
      atUs,
      hosts: [{ host: 'broker-1', uses: [cpu, disk] }],
    })

    const values = heat?.groups.map(({ rows }) => rows[0]?.values)

    expect(values).toEqual([
      [0, 50, null, null],
      [90, 90, 90, null],
    ])
  })

  test('is drawn in the order of the hosts, from the beginning of the first step', () => {
    const [heat] = utilisationHeat(resources)
    const [plot] = diskPlot(resources)

    expect(heat?.edges).toEqual([0, 1, 2])
    expect(heat?.groups.map(({ title }) => title)).toContain('nic-out')
    expect(plot?.lines.map(({ name }) => name)).toEqual(['broker 2', 'broker 3', 'broker 10'])
    expect(plot?.lines[0]?.values).toEqual([500_000, 999_999])
  })
})
