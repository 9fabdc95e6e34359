import { expect, test } from 'vitest'
import { zookeeperConfig } from '../../../../model/kafka/config/zookeeper-config.ts'

test('session bounds follow from the tick', () => {
  expect(zookeeperConfig({ tickTime: 1_000 })).toEqual({
    tickTime: 1_000,
    initLimit: 10,
    syncLimit: 5,
    minSessionTimeout: 2_000,
    maxSessionTimeout: 20_000,
  })
})

test('session bounds that are set stand', () => {
  const config = zookeeperConfig({ minSessionTimeout: '3000', maxSessionTimeout: 9_000 })

  expect([config.minSessionTimeout, config.maxSessionTimeout]).toEqual([3_000, 9_000])
})

test('a lower bound above the upper one is refused', () => {
  expect(() => zookeeperConfig({ minSessionTimeout: 90_000 })).toThrow('at most maxSessionTimeout')
})
