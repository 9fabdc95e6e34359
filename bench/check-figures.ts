/**
 * Judging a million operations: a planted history of sends, deliveries, processings and effects.
 *
 * Offsets leave gaps, as they do behind markers and compaction. Each check is timed by itself and
 * all of them together, on the processor's clock, for histories of the same shape.
 */

import { History, Lifecycle, Outcome, Ownership } from '../model/history.ts'
import { type LogEntry, partitionId, type PartitionId } from '../model/record.ts'
import { plainCase } from '../scenarios/explore/cases.ts'
import { judge } from '../scenarios/judge.ts'
import type { FinalLog, Result } from '../scenarios/result.ts'
import { checkNames } from '../scenarios/schema/check-names.ts'
import { parseScenario } from '../scenarios/schema/load.ts'
import type { CheckName, Scenario } from '../scenarios/schema/scenario.ts'
import { figure, type Figure, seconds } from './figures.ts'

/** Sends, deliveries, processings and effects together. */
const OPERATIONS = 1_000_000
const RECORDS = OPERATIONS / 4
const PARTITIONS = 12
const KEYS = 2_000
const TOPIC = 2
const BATCH = 8
/** Every so many records an offset is left out, and once in a log it jumps far ahead. */
const GAP_EVERY = 50
const JUMP = 1_000_000_000

const TOGETHER_TARGET = 5

export async function checkFigures(rounds: number): Promise<readonly Figure[]> {
  const { scenario } = await parseScenario({
    system: 'kafka',
    duration: '1000s',
    topics: [{ name: 'orders', partitions: PARTITIONS }],
    services: [{ name: 'bank' }],
    producers: [{ name: 'order-service', topic: 'orders', load: { rate: '1/s' } }],
    consumers: [
      {
        group: 'payment',
        members: 3,
        topics: ['orders'],
        pattern: 'idempotent',
        services: ['bank'],
      },
    ],
  })
  const result = planted(scenario)
  const figures: Figure[] = []
  const time = (name: string, checks: readonly CheckName[], target: number | null): void => {
    const one = { ...result, case: { ...result.case, scenario: { ...scenario, checks } } }
    const samples = Array.from({ length: rounds }, () =>
      seconds(() => judge(one, { series: false })),
    )
    figures.push(figure({ name, unit: 's', target, better: 'less' }, samples))
  }
  time('checks-million-operations', checkNames, TOGETHER_TARGET)
  time('checks-none', [], null)
  for (const name of checkNames) time(`checks-${name}`, [name], null)
  return figures
}

function planted(scenario: Scenario): Result {
  let nowUs = 0
  const history = new History(() => nowUs)
  const entries: LogEntry[][] = Array.from({ length: PARTITIONS }, () => [])
  const ends = new Float64Array(PARTITIONS)
  const producer = history.name('order-service-1')
  const group = history.name('payment')
  const bank = history.name('bank')
  const members = [1, 2, 3].map((number) => history.name(`payment-${number}`))
  for (const member of members) history.lived(member, Lifecycle.started, 0)
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const member = members[partition % members.length] as number
    history.owned(member, group, 1, of(partition), Ownership.assigned, -1)
  }
  for (let record = 0; record < RECORDS; record += 1) {
    nowUs += 1_000
    const key = record % KEYS
    const partition = key % PARTITIONS
    const stream = history.stream({
      producer: 'order-service-1',
      incarnation: 0,
      topic: TOPIC,
      key: `key-${key}`,
    })
    const index = history.takeIndexes(stream, 1)
    const far = record === Math.floor(RECORDS / 2) ? JUMP : 0
    const offset = (ends[partition] as number) + (record % GAP_EVERY === 0 ? 1 : 0) + far
    ends[partition] = offset + 1
    const send = history.sendInvoked(producer, stream, index, 1, TOPIC, 0)
    nowUs += 1
    history.sendEnded(send, Outcome.ok, of(partition), offset)
    entries[partition]?.push(entryOf(stream, index, offset))
    const member = members[partition % members.length] as number
    const poll = Math.floor(record / BATCH)
    history.delivered(member, group, 1, poll, of(partition), offset, stream, index, 1, 0)
    const row = history.processingBegan(member, group, 1, of(partition), offset, stream, index, 1)
    history.effected(
      bank,
      bank,
      history.messages.ofRecord(stream, index),
      stream,
      index,
      true,
      group,
    )
    nowUs += 1
    history.processingEnded(row, Outcome.ok)
    if (record % BATCH === 0) {
      const commit = history.commitInvoked(member, group, 1, of(partition), offset + 1)
      history.commitEnded(commit, Outcome.ok)
    }
  }
  return resultOf(scenario, { history, entries, endUs: nowUs })
}

function of(partition: number): PartitionId {
  return partitionId(TOPIC, partition)
}

function entryOf(stream: number, index: number, baseOffset: number): LogEntry {
  const record = { stream, index, key: null, value: null, bytes: 100, timestampMs: 0 }
  return {
    baseOffset,
    leaderEpoch: 0,
    batch: {
      producerId: 1,
      producerEpoch: 0,
      baseSequence: -1,
      transactional: false,
      control: 'none',
      count: 1,
      bytes: 100,
      maxTimestampMs: 0,
      content: { kind: 'explicit', records: [record] },
    },
  }
}

interface Planted {
  readonly history: History
  readonly entries: readonly (readonly LogEntry[])[]
  readonly endUs: number
}

function resultOf(scenario: Scenario, { history, entries, endUs }: Planted): Result {
  const logs = entries.map((of, number): FinalLog => ({
    partition: partitionId(TOPIC, number),
    topic: 'orders',
    number,
    entries: of,
    unread: null,
  }))
  return {
    case: plainCase(scenario, 1),
    traceHash: '0'.repeat(16),
    historyHash: '0'.repeat(16),
    ended: 'drained',
    reason: null,
    history,
    logs: { uncommitted: logs, committed: logs },
    truth: [],
    excuses: [],
    leaders: [],
    struck: [],
    phases: {
      originUs: 0,
      healUs: endUs,
      settledUs: endUs,
      wroteUs: endUs,
      producersDoneUs: endUs,
      drainedUs: endUs,
      endUs,
    },
    probes: {},
    guards: {},
    virtualUs: endUs,
    events: OPERATIONS,
    topics: ['__consumer_offsets', '__transaction_state', 'orders'],
  }
}
