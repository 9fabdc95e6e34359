import { expect, test } from 'vitest'
import { atText } from '../../../reports/text/at.ts'
import { page } from '../../../reports/text/layout.ts'
import { clusterAt } from '../../../scenarios/explain/at.ts'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import { loadScenario } from '../../../scenarios/schema/load.ts'

test('a moment in which a member is down shows the group as kafka-consumer-groups does', async () => {
  const { scenario } = await loadScenario('commit-before-process')
  const at = clusterAt(plainCase(scenario, 1), 12_000_000)
  if (at === null) throw new Error('the run is over before')

  const text = atText({ scenario: scenario.name, seed: 1, at, again: 'again' }, page(160, false))

  expect(text).toMatch(/^ {2}down +payment-1$/m)
  expect(text).toMatch(/^\tTopic: orders\tPartition: 0\tLeader: \d\tReplicas: \d,\d,\d\tIsr: /m)
  expect(text).toMatch(
    /^GROUP +TOPIC +PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG +CONSUMER-ID +HOST +CLIENT-ID$/m,
  )
  expect(text.indexOf('Topic: __consumer_offsets')).toBeGreaterThan(text.indexOf('CLIENT-ID'))
  expect(text).toContain('\tall partitions are led, with every replica in sync\n')
  expect(text).toMatch(/^payment orders 0 +\d+ +\d+ +\d+ /m)
})
