import { beforeEach, describe, expect, test } from 'vitest'
import { EnsembleTruth } from '../../../scenarios/truth/ensemble.ts'

const EPOCH = 4_294_967_296

let truth: EnsembleTruth

function sentences(): readonly string[] {
  return truth.breaches.map(({ sentence }) => sentence)
}

beforeEach(() => {
  truth = new EnsembleTruth(() => 7_000_000)
  truth.committed(EPOCH + 1, 11, 1)
  truth.committed(EPOCH + 2, 12, 1)
})

describe('EnsembleAgreement', () => {
  test('holds while servers apply what is committed, and its heirs commit it again', () => {
    truth.applied(1, EPOCH + 1, 11, 1)
    truth.committed(EPOCH + 2, 12, 1)
    truth.led(2, 2, () => true)
    truth.applied(2, EPOCH + 2, 12, 1)

    expect(sentences()).toEqual([])
  })

  test('breaks when one zxid is two transactions', () => {
    truth.committed(EPOCH + 2, 13, 5)
    truth.applied(3, EPOCH + 1, 13, 4)

    expect(sentences()).toEqual([
      'ZooKeeper: two different transactions were committed as zxid 1:2.',
      'ZooKeeper: server 3 applied another transaction as zxid 1:1.',
    ])
  })

  test('breaks when a server applies what no quorum has', () => {
    truth.applied(3, EPOCH + 9, 11, 2)

    expect(truth.breaches).toMatchObject([
      {
        property: 'EnsembleAgreement',
        partition: -1,
        sentence: 'ZooKeeper: server 3 applied zxid 1:9, which no quorum has.',
      },
    ])
  })

  test('breaks when something is committed behind what is committed', () => {
    truth.committed(5, 11, 2)

    expect(sentences()).toEqual(['ZooKeeper: zxid 0:5 was committed after zxid 1:2.'])
  })

  test('breaks when a leader lacks what was committed before it', () => {
    truth.led(3, 2, (zxid) => zxid <= EPOCH + 1)

    expect(sentences()).toEqual(['ZooKeeper: server 3 led epoch 2 without zxid 1:2.'])
  })

  test('breaks when two servers lead one epoch', () => {
    truth.led(1, 2, () => true)
    truth.led(2, 2, () => true)

    expect(sentences()).toEqual(['ZooKeeper: servers 1 and 2 both led epoch 2.'])
  })

  test('counts its times from the origin', () => {
    truth.committed(5, 11, 2)

    expect(truth.report(5_000_000)[0]?.atUs).toBe(2_000_000)
  })
})
