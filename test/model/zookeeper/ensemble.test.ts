import { describe, expect, test } from 'vitest'
import { create, EnsembleWorld, ephemeral, exists, getData, setData } from './ensemble-world.ts'

describe('an ensemble', () => {
  test.each([1, 3, 5])('of %i servers elects one leader and serves', (servers) => {
    const world = new EnsembleWorld({ servers, clients: 2 })
    world.start()

    world.settle()
    const created = world.do('client-1', create('/a', 'one'))

    expect(world.led).toHaveLength(1)
    expect(created).toMatchObject({ error: 'OK', path: '/a' })
    world.runFor(100)
    for (const server of world.servers) expect(world.treeOf(server)).toContain('"path":"/a"')
  })

  test('of one server leads without a single election message', () => {
    const world = new EnsembleWorld({ servers: 1 })
    world.start()

    world.runFor(5)

    expect(world.leaders()).toEqual(['zookeeper-1'])
    expect(world.simulation.nowUs).toBe(5000)
  })
})
