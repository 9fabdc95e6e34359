import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Connection } from '../../sim/process.ts'
import { puppets, type PuppetWorld } from './puppets.ts'

const RTT_US = 200

/** Two puppets that are connected, at the time when both know it. */
function connected(options: Parameters<typeof puppets>[1] = {}): PuppetWorld & {
  readonly to: Connection
  readonly from: Connection
} {
  const two = puppets(['a', 'b'], options)
  const to = two.puppet('a').context.connect('b')
  two.world.runUntil(10_000)
  return { ...two, to, from: two.puppet('b').accepted[0] as Connection }
}

function range(count: number, first = 0): number[] {
  return Array.from({ length: count }, (_none, index) => first + index)
}

describe('a direction of a connection', () => {
  test('delivers in the order of sending, whatever each packet takes', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 90 }), (seed, count) => {
        const two = connected({ seed, jitterUs: 5_000 })

        two.tell('a', two.to, 0, count)
        two.world.runUntil(10_000_000)

        expect(two.notes('b')).toEqual(range(count))
      }),
      { numRuns: 60, seed: 1 },
    )
  })

  test('does not wait for another connection of the same pair', () => {
    const overtakes = range(30).filter((seed) => {
      const two = connected({ seed, jitterUs: 5_000 })
      const second = two.puppet('a').context.connect('b')
      two.world.runUntil(200_000)
      two.tell('a', two.to, 1)
      two.tell('a', second, 2)
      two.world.runUntil(1_000_000)
      return two.notes('b')[0] === 2
    })

    expect(overtakes.length).toBeGreaterThan(3)
    expect(overtakes.length).toBeLessThan(27)
  })

  test('takes what is sent before the handshake is over', () => {
    const two = puppets(['a', 'b'])
    const to = two.puppet('a').context.connect('b')

    two.tell('a', to, 0, 3)
    two.world.runUntil(10_000)

    expect(two.notes('b')).toEqual([0, 1, 2])
    expect(two.heard['b']?.at(-1)?.atUs).toBe(RTT_US + 100)
  })

  test('shares the bandwidth of the sender’s NIC', () => {
    const two = connected({ nicBytesPerUs: 0.01 })
    two.world.runUntil(1_000_000)

    two.tell('a', two.to, 0, 3)
    two.world.runUntil(2_000_000)

    // 100 bytes leave in 10 ms and are received meanwhile, one after the other.
    expect(two.heard['b']?.slice(-3).map(({ atUs }) => atUs - 1_000_000)).toEqual([
      10_100, 20_100, 30_100,
    ])
  })
})

describe('a connection that ends', () => {
  test('is refused by a process that is down on a live host, after one round trip', () => {
    const two = puppets(['a', 'b'])
    two.world.crash('b')

    two.puppet('a').context.connect('b')
    two.world.runUntil(10_000)

    expect(two.heard['a']).toEqual([{ atUs: RTT_US, what: 'closed', n: 0, reason: 'refused' }])
  })

  test('is neither refused nor answered by a host without power', () => {
    const two = puppets(['a', 'b'])
    two.world.powerLoss('b')

    two.puppet('a').context.connect('b')
    two.world.runUntil(60_000_000)

    expect(two.heard['a']).toEqual([])
  })

  test('gives the other side everything that was sent, then FIN', () => {
    const two = connected({ jitterUs: 2_000 })

    two.tell('a', two.to, 0, 20)
    two.puppet('a').context.close(two.to)
    two.world.runUntil(1_000_000)

    expect(two.notes('b')).toEqual(range(20))
    expect(two.heard['b']?.at(-1)?.reason).toBe('fin')
    expect(two.closings('a')).toEqual([])
  })

  test('loses what is under way when it is reset', () => {
    const two = connected()

    two.tell('a', two.to, 0, 5)
    two.puppet('a').context.reset(two.to)
    two.world.runUntil(1_000_000)

    expect(two.notes('b')).toEqual([])
    expect(two.closings('b')).toEqual(['reset'])
  })

  test('sends nothing any more', () => {
    const two = connected()
    two.puppet('a').context.close(two.to)

    two.tell('a', two.to, 0, 5)
    two.world.runUntil(1_000_000)

    expect(two.notes('b')).toEqual([])
    expect(two.to.open).toBe(false)
  })
})

describe('a process that dies', () => {
  test('still gets out what it sent, then FIN', () => {
    const two = connected()

    two.tell('a', two.to, 0, 3)
    two.world.crash('a')
    two.world.runUntil(1_000_000)

    expect(two.notes('b')).toEqual([0, 1, 2])
    expect(two.closings('b')).toEqual(['fin'])
  })

  test('answers with RST if it left input unread', () => {
    const two = connected()
    two.puppet('b').context.mute(two.from)
    two.tell('a', two.to, 0, 3)
    two.world.runUntil(20_000)

    two.world.crash('b')
    two.world.runUntil(1_000_000)

    expect(two.closings('a')).toEqual(['reset'])
  })

  test('still gets out what it sent before that RST', () => {
    const two = connected()
    two.puppet('b').context.mute(two.from)
    two.tell('a', two.to, 0, 3)
    two.world.runUntil(20_000)

    two.tell('b', two.from, 0, 2)
    two.world.crash('b')
    two.world.runUntil(1_000_000)

    expect(two.notes('a')).toEqual([0, 1])
    expect(two.closings('a')).toEqual(['reset'])
  })

  test('still gets out what it sent, whatever the other side sends to it meanwhile', () => {
    const two = connected()

    two.tell('a', two.to, 0)
    two.world.runUntil(10_050)
    two.tell('b', two.from, 0, 2)
    two.world.crash('b')
    two.world.runUntil(1_000_000)

    expect(two.notes('a')).toEqual([0, 1])
    expect(two.closings('a')).toEqual(['fin'])
  })

  test('leaves the other side half-open in silence when its host loses power', () => {
    const two = connected()

    two.world.powerLoss('b')
    two.world.runUntil(600_000_000)

    expect(two.closings('a')).toEqual([])
    expect(two.to.open).toBe(true)
  })

  test('lets the first packet after its host is back be answered by RST', () => {
    const two = connected()
    two.world.powerLoss('b')
    two.world.runUntil(20_000_000)
    two.world.powerOn('b')
    two.world.runUntil(30_000_000)
    expect(two.closings('a')).toEqual([])

    two.tell('a', two.to, 0)
    two.world.runUntil(30_000_000 + RTT_US)

    expect(two.closings('a')).toEqual(['reset'])
  })
})

describe('a cut', () => {
  test('holds back what is sent, and lets it arrive at a retransmission after the heal', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 8_000 }), (seed, cutMs) => {
        const two = connected({ seed })

        two.world.links.cutOneWay(['a'], ['b'])
        two.tell('a', two.to, 0, 5)
        const healUs = 10_000 + cutMs * 1000
        two.world.runUntil(healUs)
        expect(two.notes('b')).toEqual([])
        two.world.links.healOneWay(['a'], ['b'])
        two.world.runUntil(60_000_000)

        expect(two.notes('b')).toEqual(range(5))
        const sinceUs = (two.heard['b']?.at(-1)?.atUs ?? 0) - 10_100
        // 200 ms, then twice as long each time, each drawn within 10 %.
        expect(sinceUs).toBeGreaterThanOrEqual(cutMs * 1000 - 100)
        expect(sinceUs).toBeLessThanOrEqual(220_000 + 2.25 * cutMs * 1000)
      }),
      { numRuns: 60, seed: 1 },
    )
  })

  test('strikes one direction alone', () => {
    const two = connected()

    two.world.links.cutOneWay(['a'], ['b'])
    two.tell('a', two.to, 0)
    two.tell('b', two.from, 7)
    two.world.runUntil(1_000_000)

    expect(two.notes('a')).toEqual([7])
    expect(two.notes('b')).toEqual([])
  })

  test('lasts until each of several cuts has healed', () => {
    const two = connected()

    two.world.links.cutOneWay(['a'], ['b'])
    two.world.links.cutOneWay(['a'], ['b'])
    two.tell('a', two.to, 0)
    two.world.links.healOneWay(['a'], ['b'])
    two.world.runUntil(5_000_000)
    const before = two.notes('b')
    two.world.links.healOneWay(['a'], ['b'])
    two.world.runUntil(30_000_000)

    expect(before).toEqual([])
    expect(two.notes('b')).toEqual([0])
  })

  test('of fifteen minutes resets the connection of who sent meanwhile', () => {
    const two = connected()

    two.world.links.cutOneWay(['a'], ['b'])
    two.tell('a', two.to, 0)
    two.world.runUntil(899_000_000)
    const before = two.closings('a')
    two.world.runUntil(901_000_000)

    expect(before).toEqual([])
    expect(two.closings('a')).toEqual(['reset'])
  })

  test('of fifteen minutes does so too if the link comes up now and then, and nothing gets through', () => {
    const two = connected()
    two.tell('a', two.to, 0)

    for (let second = 0; second < 901; second += 5) {
      two.world.links.cutOneWay(['a'], ['b'])
      two.world.runUntil((second + 5) * 1_000_000 - 1_000)
      two.world.links.healOneWay(['a'], ['b'])
      two.world.runUntil((second + 5) * 1_000_000)
    }

    expect(two.notes('b')).toEqual([])
    expect(two.closings('a')).toEqual(['reset'])
  })

  test('makes a handshake wait', () => {
    const two = puppets(['a', 'b'])
    two.world.links.cutOneWay(['a'], ['b'])

    two.puppet('a').context.connect('b')
    two.world.runUntil(500_000)
    two.world.links.healOneWay(['a'], ['b'])
    two.world.runUntil(850_000)
    const early = two.heard['a']?.length
    two.world.runUntil(1_200_000)

    expect(early).toBe(0)
    expect(two.heard['a']?.map(({ what }) => what)).toEqual(['opened'])
  })
})

describe('a hold', () => {
  test('keeps packets back, and the release delivers them at once and in order', () => {
    const two = connected()

    two.world.links.holdOneWay(['a'], ['b'])
    two.tell('a', two.to, 0, 5)
    two.world.runUntil(3_000_000)
    const before = two.notes('b')
    two.world.links.releaseOneWay(['a'], ['b'])
    two.world.runUntil(3_000_000 + RTT_US)

    expect(before).toEqual([])
    expect(two.notes('b')).toEqual(range(5))
  })
})

describe('a slow link', () => {
  test('adds its delay to each packet, and takes it back', () => {
    const two = connected()
    const slower = { delayUs: 5_000, jitterUs: 0, bytesPerUs: 0 }

    two.world.links.slowOneWay(['a'], ['b'], slower)
    two.tell('a', two.to, 0)
    two.world.runUntil(100_000)
    two.world.links.slowOneWay(['a'], ['b'], { ...slower, delayUs: -5_000 })
    two.tell('a', two.to, 1)
    two.world.runUntil(200_000)

    const arrivals = two.heard['b']?.filter(({ what }) => what === 'note').map(({ atUs }) => atUs)
    expect(arrivals).toEqual([15_100, 100_100])
  })

  test('limits what passes in a time', () => {
    const two = connected()

    two.world.links.slowOneWay(['a'], ['b'], { delayUs: 0, jitterUs: 0, bytesPerUs: 0.1 })
    two.tell('a', two.to, 0, 3)
    two.world.runUntil(100_000)

    const arrivals = two.heard['b']?.filter(({ what }) => what === 'note').map(({ atUs }) => atUs)
    expect(arrivals).toEqual([11_100, 12_100, 13_100])
  })
})

describe('resetting connections', () => {
  test('closes both ends of every connection between the two sets, and no other', () => {
    const three = puppets(['a', 'b', 'c'])
    three.puppet('a').context.connect('b')
    three.puppet('b').context.connect('a')
    three.puppet('a').context.connect('c')
    three.world.runUntil(10_000)

    const count = three.world.links.resetConnections(['a'], ['b'])
    three.world.runUntil(20_000)

    expect(count).toBe(4)
    expect(three.closings('a')).toEqual(['reset', 'reset'])
    expect(three.closings('b')).toEqual(['reset', 'reset'])
    expect(three.closings('c')).toEqual([])
  })
})

describe('reading', () => {
  test('waits on a muted connection and goes on in order', () => {
    const two = connected()

    two.puppet('b').context.mute(two.from)
    two.tell('a', two.to, 0, 4)
    two.world.runUntil(50_000)
    const before = two.notes('b')
    two.puppet('b').context.unmute(two.from)
    two.world.runUntil(50_100)

    expect(before).toEqual([])
    expect(two.notes('b')).toEqual(range(4))
  })

  /** A reader that does not read has room for three notes, the sender's kernel for two. */
  function clogged(notes: number): ReturnType<typeof connected> {
    const two = connected({ sockets: { receiveBytes: 300, sendBytes: 200 } })
    two.puppet('b').context.mute(two.from)
    two.tell('a', two.to, 0, 1)
    two.world.runUntil(20_000)
    two.tell('a', two.to, 1, notes - 1)
    return two
  }

  test('stops the sender where the receive buffer is full; it goes on when there is room', () => {
    const two = clogged(6)
    two.world.runUntil(50_000)

    two.puppet('b').context.unmute(two.from)
    two.world.runUntil(60_000)

    expect(two.notes('b')).toEqual(range(6))
    // What had room is read at once; the rest has to be asked for, and comes one round trip later.
    expect(two.heard['b']?.slice(-6).map(({ atUs }) => atUs)).toEqual([
      50_000, 50_000, 50_000, 50_200, 50_200, 50_200,
    ])
  })

  test('what is sent while others wait to leave comes after them', () => {
    const two = clogged(6)
    two.world.runUntil(50_000)

    two.puppet('b').context.unmute(two.from)
    two.world.runUntil(50_050)
    two.tell('a', two.to, 6, 2)
    two.world.runUntil(60_000)

    expect(two.notes('b')).toEqual(range(8))
  })

  test('a message that is larger than the buffer comes when the buffer is empty', () => {
    const two = connected({ sockets: { receiveBytes: 50, sendBytes: 200 } })
    two.puppet('b').context.mute(two.from)

    two.tell('a', two.to, 0, 4)
    two.world.runUntil(50_000)
    two.puppet('b').context.unmute(two.from)
    two.world.runUntil(60_000)

    expect(two.notes('b')).toEqual(range(4))
  })

  test('of a sender that dies comes what its kernel had taken, and then FIN', () => {
    const two = clogged(10)

    two.world.crash('a')
    two.world.runUntil(50_000)
    two.puppet('b').context.unmute(two.from)
    two.world.runUntil(60_000)

    expect(two.notes('b')).toEqual(range(5))
    expect(two.closings('b')).toEqual(['fin'])
  })

  test('of a sender whose host loses power comes only what had left', () => {
    const two = clogged(10)
    two.world.runUntil(30_000)

    two.world.powerLoss('a')
    two.world.runUntil(50_000)
    two.world.powerOn('a')
    two.puppet('b').context.unmute(two.from)
    two.world.runUntil(60_000)

    expect(two.notes('b')).toEqual(range(3))
  })

  test('an end that has not read its FIN yet still writes, to nobody, and learns when it reads on', () => {
    const two = connected()
    two.puppet('b').context.mute(two.from)
    two.tell('a', two.to, 0, 1)
    two.puppet('a').context.close(two.to)
    two.world.runUntil(20_000)

    two.tell('b', two.from, 0, 1)
    two.world.runUntil(50_000)

    expect(two.notes('a')).toEqual([])
    expect(two.closings('b')).toEqual([])
    two.puppet('b').context.unmute(two.from)
    two.world.runUntil(60_000)
    expect(two.notes('b')).toEqual([0])
    expect(two.closings('b')).toEqual(['fin'])
  })

  test('delivers a long row of packets that waited, each once', () => {
    const two = connected()

    two.puppet('b').context.mute(two.from)
    for (let part = 0; part < 5; part += 1) {
      two.tell('a', two.to, part * 60, 60)
      two.world.runUntil(two.world.nowUs + 10_000)
      two.puppet('b').context.unmute(two.from)
      two.world.runUntil(two.world.nowUs + 150)
      two.puppet('b').context.mute(two.from)
    }
    two.puppet('b').context.unmute(two.from)
    two.world.runUntil(1_000_000)

    expect(two.notes('b')).toEqual(range(300))
  })
})
