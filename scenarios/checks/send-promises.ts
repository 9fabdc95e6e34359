/**
 * send-promises: what a producer promises of each send beside order and loss
 * (KC 1.1, 1.2, 1.7, I2, I7, I8).
 *
 * told-once: no send ends twice. in-time: each ends within max.block.ms and delivery.timeout.ms.
 * kept-trying: none is given up before. memory: no more than buffer.memory is held. size: what is
 * too large is refused, and soon; a batch larger than a segment fails for good (KB P4). progress:
 * long after the last fault every send succeeds. identified: what an idempotent producer sent
 * stands in the log under its producer id.
 */

import { Lifecycle, Outcome } from '../../model/history.ts'
import { type Batch, BATCH_HEADER_BYTES, type StreamId } from '../../model/record.ts'
import type { Evidence } from '../result.ts'
import type { Check } from './check.ts'
import { isIdempotent } from './configuration.ts'
import { type Finding, kept, Tally, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { limitsOf, type SendLimits } from './send-limits.ts'
import { counted, seconds } from './words.ts'

export const sendPromises: Check = {
  name: 'send-promises',
  statement:
    'A send is told its result once (told-once), within max.block.ms and delivery.timeout.ms ' +
    '(in-time), and is not given up before (kept-trying); no more than buffer.memory is held ' +
    '(memory); a record that is too large is refused while no fault lasts (size); long after the ' +
    'last fault every send succeeds (progress); what an idempotent producer sent is stored under ' +
    'its producer id (identified).',
  promise:
    'For producers whose processes did not stand still and whose clocks were right. kept-trying: ' +
    'without `retries`. kept-trying, progress: of batches that fit into a segment. progress: unless ' +
    'the cluster cannot settle.',
  scopes: () => ['told-once', 'in-time', 'kept-trying', 'memory', 'size', 'progress', 'identified'],
  judge: (judgement, scope) => (judges[scope] as Judge)(judgement),
}

type Judge = (judgement: Judgement) => Finding

const judges: Readonly<Record<string, Judge>> = {
  'told-once': judgeToldOnce,
  'in-time': judgeInTime,
  'kept-trying': judgeKeptTrying,
  memory: judgeMemory,
  size: judgeSize,
  progress: judgeProgress,
  identified: judgeIdentified,
}

/** For the sender to wake up, and for its clock to count in whole milliseconds. */
const SLACK_US = 500_000
const CLOCK_US = 2_000

/** One send of a producer of the scenario that kept its time. */
interface Sent {
  readonly row: number
  readonly invokedUs: number
  readonly endedUs: number
  readonly outcome: number
  readonly limits: SendLimits
}

function* eachSend(judgement: Judgement): Generator<Sent> {
  const { history } = judgement.result
  const limits = judgement.once('send limits', () => limitsOf(judgement))
  const died = judgement.once('last crashes', () => lastCrashes(judgement))
  const { data, length } = history.sends
  for (let row = 0; row < length; row += 1) {
    const of = limits.get(data.process[row] as number)
    if (of === undefined) continue
    const invokedUs = data.invokedUs[row] as number
    const endedUs = data.endedUs[row] as number
    // Nobody was left to be told.
    if (endedUs === Infinity && invokedUs <= (died.get(data.process[row] as number) ?? -1)) continue
    yield { row, invokedUs, endedUs, outcome: data.outcome[row] as number, limits: of }
  }
}

/** By process: when it died last. */
function lastCrashes(judgement: Judgement): ReadonlyMap<number, number> {
  const { data, length } = judgement.result.history.lifecycles
  const found = new Map<number, number>()
  for (let row = 0; row < length; row += 1) {
    if (data.kind[row] !== Lifecycle.crashed) continue
    found.set(data.process[row] as number, data.atUs[row] as number)
  }
  return found
}

/** The finding of a walk over all sends; `any` where there was something to judge. */
function conclude(
  breaches: Tally,
  any: boolean,
  broke: (count: string) => string,
  held: string,
): Finding {
  if (breaches.count > 0) return breaches.broken(broke(counted(breaches.count, 'record')))
  return any ? kept(true, held) : vacuous(true, 'No send tells anything')
}

function piece(judgement: Judgement, row: number, what: string): Evidence {
  const { names, sends } = judgement.result.history
  const { data } = sends
  const atUs = judgement.since(data.invokedUs[row] as number)
  return {
    sentence: `a send of ${names[data.process[row] as number]} at ${seconds(atUs)} ${what}`,
    atUs,
    partition: null,
    offset: null,
    records: [`${data.stream[row]}:${data.index[row]}`],
  }
}

function judgeToldOnce(judgement: Judgement): Finding {
  const { retold, sends } = judgement.result.history
  const breaches = new Tally()
  for (let at = 0; at < retold.length; at += 1) {
    const row = retold.data.send[at] as number
    const count = sends.data.count[row] as number
    breaches.add('told again', count, null, () => piece(judgement, row, 'was told its end again'))
  }
  return conclude(
    breaches,
    sends.length > 0,
    (count) => `The ends of ${count} were told more than once`,
    'Each send was told its end once',
  )
}

function judgeInTime(judgement: Judgement): Finding {
  const { phases } = judgement.result
  const endUs = phases.originUs + phases.endUs
  const breaches = new Tally()
  let any = false
  for (const { row, invokedUs, endedUs, limits } of eachSend(judgement)) {
    any = true
    const boundUs = limits.maxBlockUs + limits.deliveryTimeoutUs + SLACK_US
    if (Math.min(endedUs, endUs) - invokedUs <= boundUs) continue
    breaches.add('told late', 1, null, () =>
      piece(judgement, row, `was not told its end within ${seconds(boundUs)}`),
    )
  }
  return conclude(
    breaches,
    any,
    (count) => `${count} had no answer within max.block.ms and delivery.timeout.ms`,
    'Each send was told its end within max.block.ms and delivery.timeout.ms',
  )
}

/** Rows that failed together, as a batch does, and are more than a segment takes. */
function oversized(judgement: Judgement): ReadonlySet<number> {
  const { data } = judgement.result.history.sends
  const batches = new Map<string, { readonly rows: number[]; bytes: number; most: number }>()
  for (const { row, endedUs, outcome, limits } of eachSend(judgement)) {
    if (outcome !== Outcome.failed && outcome !== Outcome.unknown) continue
    const name = `${data.process[row]}/${data.partition[row]}/${endedUs}`
    const batch = batches.get(name) ?? { rows: [], bytes: BATCH_HEADER_BYTES, most: 0 }
    batches.set(name, batch)
    batch.rows.push(row)
    batch.bytes += limits.recordBytesMax * (data.count[row] as number)
    batch.most = limits.segmentBytes
  }
  const all = [...batches.values()].filter(({ bytes, most }) => bytes > most)
  return new Set(all.flatMap(({ rows }) => rows))
}

/** The records of a batch fail together, and its oldest must be old enough. */
function judgeKeptTrying(judgement: Judgement): Finding {
  const breaches = new Tally()
  const oldest = new Map<string, Sent>()
  const refused = judgement.once('oversized batches', () => oversized(judgement))
  const { data } = judgement.result.history.sends
  let any = false
  for (const sent of eachSend(judgement)) {
    const { outcome, limits, row } = sent
    if (limits.givesUp || limits.mayBeTooLarge || refused.has(row)) continue
    any = true
    if (outcome !== Outcome.failed && outcome !== Outcome.unknown) continue
    const batch = `${data.process[row]}/${sent.endedUs}`
    if (!oldest.has(batch)) oldest.set(batch, sent)
  }
  for (const { row, invokedUs, endedUs, limits } of oldest.values()) {
    const leastUs = Math.min(limits.maxBlockUs, limits.deliveryTimeoutUs) - CLOCK_US
    const agedUs = endedUs - invokedUs
    if (agedUs >= leastUs) continue
    breaches.add('given up early', 1, null, () =>
      piece(judgement, row, `was given up after ${seconds(agedUs)}`),
    )
  }
  return conclude(
    breaches,
    any,
    (count) => `${count} failed although there was time to try again`,
    'No send was given up before its time',
  )
}

/** What is open for longer than `max.block.ms` is in the buffer: it would have failed otherwise. */
function judgeMemory(judgement: Judgement): Finding {
  const breaches = new Tally()
  const held = new Map<
    SendLimits,
    { readonly atUs: number; readonly row: number; bytes: number }[]
  >()
  for (const { row, invokedUs, endedUs, limits } of eachSend(judgement)) {
    const sinceUs = invokedUs + limits.maxBlockUs + SLACK_US
    if (endedUs <= sinceUs) continue
    const changes = held.get(limits) ?? []
    held.set(limits, changes)
    const bytes = limits.recordBytes * judgement.result.history.sends.get('count', row)
    changes.push({ atUs: sinceUs, row, bytes })
    changes.push({ atUs: endedUs, row, bytes: -bytes })
  }
  for (const [limits, changes] of held) {
    let bytes = 0
    // What ends goes before what begins.
    for (const change of changes.sort((a, b) => a.atUs - b.atUs || a.bytes - b.bytes)) {
      bytes += change.bytes
      if (change.bytes < 0 || bytes <= limits.bufferMemory) continue
      const most = bytes
      breaches.add('held too much', 1, null, () =>
        piece(judgement, change.row, `was held among ${most} bytes`),
      )
    }
  }
  return conclude(
    breaches,
    judgement.result.history.sends.length > 0,
    (count) => `${count} were held beyond buffer.memory`,
    'No producer held more than its buffer.memory',
  )
}

function judgeSize(judgement: Judgement): Finding {
  const { phases } = judgement.result
  const strikes = judgement.tookEffect().map(({ atUs }) => atUs ?? Infinity)
  const quietUntilUs = phases.originUs + Math.min(phases.healUs, ...strikes)
  const breaches = new Tally()
  let any = false
  for (const { row, invokedUs, endedUs, outcome, limits } of eachSend(judgement)) {
    if (!limits.tooLarge) continue
    any = true
    if (outcome === Outcome.ok)
      breaches.add('taken', 1, null, () => piece(judgement, row, 'was taken although too large'))
    const boundUs = limits.requestTimeoutUs + SLACK_US
    if (invokedUs + boundUs >= quietUntilUs || endedUs - invokedUs <= boundUs) continue
    breaches.add('refused late', 1, null, () =>
      piece(judgement, row, `is too large and was not refused within ${seconds(boundUs)}`),
    )
  }
  if (!any) return vacuous(true, 'No producer sends what is too large')
  return conclude(
    breaches,
    any,
    (count) => `${count} that are too large were not refused at once`,
    'Every record that is too large was refused',
  )
}

function judgeProgress(judgement: Judgement): Finding {
  const { ended, phases } = judgement.result
  const excuse = ended === 'stuck' ? 'not promised: the cluster cannot settle' : null
  const healUs = phases.originUs + phases.healUs
  const lastUs = Math.max(
    -Infinity,
    ...judgement
      .tookEffect()
      .map(
        ({ kind, atUs, untilUs }) => untilUs ?? (kind === 'reset' ? atUs : null) ?? phases.healUs,
      ),
  )
  const refused = judgement.once('oversized batches', () => oversized(judgement))
  const breaches = new Tally()
  let any = false
  for (const { row, invokedUs, outcome, limits } of eachSend(judgement)) {
    if (limits.mayBeTooLarge || refused.has(row) || invokedUs >= healUs) continue
    if (invokedUs < phases.originUs + lastUs + limits.recoveryUs) continue
    any = true
    if (outcome === Outcome.ok) continue
    breaches.add('no progress', 1, excuse, () => piece(judgement, row, 'did not succeed'))
  }
  return conclude(
    breaches,
    any,
    (count) => `${count} sent long after the last fault did not get through`,
    'Long after the last fault every send succeeded',
  )
}

/** −1: the batch is not of a sender of the scenario. */
function firstStreamOf({ content }: Batch): StreamId {
  const all = content.kind === 'explicit' ? content.records : content.ranges
  return all[0]?.stream ?? -1
}

/** A batch without a producer id can be appended twice: its retry looks like another one. */
function judgeIdentified(judgement: Judgement): Finding {
  const breaches = new Tally()
  let any = false
  for (const { entries, partition } of judgement.result.logs.uncommitted) {
    for (const { baseOffset, batch } of entries) {
      const stream = firstStreamOf(batch)
      if (stream < 0) continue
      if (!isIdempotent(judgement.senderOfStream(stream).config)) continue
      any = true
      if (batch.producerId >= 0) continue
      const log = judgement.partitionText(partition)
      breaches.add('stored without an id', batch.count, null, () => ({
        sentence: `${log} holds a batch of an idempotent producer without its id at ${baseOffset}`,
        atUs: null,
        partition: log,
        offset: baseOffset,
        records: [],
      }))
    }
  }
  if (!any) return vacuous(true, 'No idempotent producer wrote')
  return conclude(
    breaches,
    any,
    (count) => `${count} of idempotent producers are stored without a producer id`,
    'Whatever an idempotent producer sent is stored under its producer id',
  )
}
