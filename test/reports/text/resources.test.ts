import { expect, test } from 'vitest'
import { page } from '../../../reports/text/layout.ts'
import { resourceLines } from '../../../reports/text/resources.ts'
import { resourcesJson } from '../../../reports/json/resources.ts'
import type { Resources, ResourceUse } from '../../../scenarios/resources.ts'

function use(resource: string, mean: number, peak: number, part = ''): ResourceUse {
  return { resource, part, utilisation: [mean, peak], mean, peak, peakAtUs: 400_000 }
}

const resources: Resources = {
  stepUs: 200_000,
  atUs: [200_000, 400_000],
  hosts: [
    { host: 'broker-1', uses: [use('cpu', 0.2, 0.4), use('nic-out', 0.3, 0.5)] },
    {
      host: 'broker-4',
      uses: [use('cpu', 0.1, 0.9), use('nic-out', 0.71, 0.93), use('disk', 0, 0, 'data-1')],
    },
    { host: 'shop-1', uses: [use('cpu', 0.99, 1)] },
  ],
}

test('the answer names the busiest resource of the cluster', () => {
  const lines = resourceLines(resources, page(80, false))

  expect(lines[1]).toBe('  the busiest: nic-out of broker-4, 71 % over the load, 93 % at its peak')
})

test('a row shows where a resource was used most, and none what was not used', () => {
  const text = resourceLines(resources, page(80, false)).join('\n')

  expect(text).toMatch(/nic-out +broker-4 +71 % +93 % +0\.4 s/)
  expect(text).not.toContain('disk')
})

test('without hardware nothing is said', () => {
  expect(resourceLines(null, page(80, false))).toEqual([])
  expect(resourcesJson(null)).toBeNull()
})

test('the JSON answer has every resource of every host', () => {
  const json = resourcesJson(resources)

  expect(json?.busiest).toMatchObject({ host: 'broker-4', resource: 'nic-out', mean: 0.71 })
  expect(json?.hosts[1]?.uses[2]).toEqual({
    resource: 'disk',
    part: 'data-1',
    mean: 0,
    peak: 0,
    peakAtMs: 400,
    fullAtMs: null,
  })
})
