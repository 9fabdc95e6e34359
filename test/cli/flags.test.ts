import { expect, test } from 'vitest'
import { commandLine } from '../../cli/flags.ts'

test('the command that does it again repeats every flag that decides what is run', () => {
  const line = commandLine(['run', 'orders', '7'], {
    set: ['topics.orders.partitions=12'],
    brokerConfig: 'server.properties',
    topicConfig: ['min.insync.replicas=2'],
    without: ['isr.eligibility'],
    protocol: ['truncation=hw'],
    strict: true,
  })

  expect(line).toBe(
    'npx dmqsim run orders 7 --set topics.orders.partitions=12 --broker-config server.properties ' +
      '--topic-config min.insync.replicas=2 --without isr.eligibility --protocol truncation=hw',
  )
})

test('a word that a shell would take apart is quoted', () => {
  expect(commandLine(['run', "my orders'.yaml", '7'])).toBe(
    "npx dmqsim run 'my orders'\\''.yaml' 7",
  )
})
