import { expect, test } from 'vitest'
import { costOf } from '../../../../model/kafka/config/costs.ts'

test('one replica of the topic of commits costs every group its coordinator', () => {
  const property = 'offsets.topic.replication.factor'

  expect(costOf('broker', property, '1')).toContain('the commits are lost')
  expect(costOf('broker', property, 1)).toContain('neither join nor commit')
  expect(costOf('broker', property, 3)).toBeUndefined()
})

test('a price is tied to the kind of configuration', () => {
  expect(costOf('producer', 'acks', 0)).toContain('unnoticed')
  expect(costOf('broker', 'acks', 0)).toBeUndefined()
})
