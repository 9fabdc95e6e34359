import { beforeEach, describe, expect, test } from 'vitest'
import { EnsembleTruth } from '../../../scenarios/truth/ensemble.ts'

const EPOCH = 4_294_967_296

let truth: EnsembleTruth

function sentences(): readonly string[] {
  return truth.breaches.map(({ sentence }) => sentence)
}

beforeEach(() => {
  truth = new EnsembleTruth(() => 7_000_000)
  for (const server of [1, 2, 3]) truth.started(server, 1)
  for (const server of [1, 2]) truth.entered(server, 2)
  truth.committed(EPOCH + 1, 11, 1)
  truth.committed(EPOCH + 2, 12, 1)
})

describe('the truth of the ensemble', () => {
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

  test('breaks when a server is elected without the votes of a quorum', () => {
    const ballot = { round: 4, leader: 3, epoch: 1, zxid: EPOCH + 2 }
    truth.voted(3, ballot)
    truth.voted(2, { ...ballot, round: 3 })
    truth.chosen(3, ballot)
    truth.voted(2, ballot)
    truth.chosen(3, ballot)

    expect(sentences()).toEqual(['ZooKeeper: server 3 was elected without the votes of a quorum.'])
  })

  test('breaks when a server votes for an older history than its own', () => {
    const ballot = { round: 4, leader: 3, epoch: 1, zxid: EPOCH + 2 }
    truth.preferred(1, ballot, 1, EPOCH + 2)
    truth.preferred(1, ballot, 0, EPOCH + 9)
    truth.preferred(2, ballot, 1, EPOCH + 3)
    truth.preferred(3, ballot, 2, EPOCH + 1)

    expect(sentences()).toEqual([
      'ZooKeeper: server 2 voted for a history older than its own.',
      'ZooKeeper: server 3 voted for a history older than its own.',
    ])
  })

  test('breaks when two servers finish the discovery of one epoch', () => {
    truth.discovered(1, 2)
    truth.discovered(1, 2)
    truth.discovered(3, 2)

    expect(sentences()).toEqual(['ZooKeeper: servers 1 and 3 both began epoch 2.'])
  })

  test('breaks when a server leads before a quorum has its history', () => {
    truth.entered(3, 3)
    truth.led(3, 3, () => true)

    expect(sentences()).toEqual([
      'ZooKeeper: server 3 led epoch 3 before a quorum had its history.',
    ])
  })

  test('breaks when a server takes back the promise of an epoch, unless its disk lost it', () => {
    truth.accepted(1, 5)
    truth.accepted(2, 5)
    truth.started(1, 0)
    truth.accepted(1, 2)
    truth.accepted(2, 2)

    expect(sentences()).toEqual(['ZooKeeper: server 2 accepted epoch 2 after epoch 5.'])
  })

  test('breaks when a server serves more or less than was committed', () => {
    truth.serves(1, 0, EPOCH + 2, 2)
    truth.serves(1, EPOCH + 1, EPOCH + 2, 1)
    truth.serves(2, 0, EPOCH + 2, 3)
    truth.serves(3, 0, EPOCH + 2, 1)

    expect(sentences()).toEqual([
      'ZooKeeper: server 2 serves more than was committed up to zxid 1:2.',
      'ZooKeeper: server 3 serves less than was committed up to zxid 1:2.',
    ])
  })

  test('counts its times from the origin', () => {
    truth.committed(5, 11, 2)

    expect(truth.report(5_000_000)[0]?.atUs).toBe(2_000_000)
  })

  test('tells votes and epochs apart from what comes of them', () => {
    const ballot = { round: 4, leader: 3, epoch: 1, zxid: EPOCH + 2 }
    truth.preferred(2, ballot, 1, EPOCH + 3)
    truth.accepted(2, 5)
    truth.accepted(2, 2)
    truth.led(3, 2, () => false)

    expect(truth.breaches.map(({ property }) => property)).toEqual([
      'EnsembleVotes',
      'EnsembleEpochs',
      'EnsembleAgreement',
    ])
  })
})
