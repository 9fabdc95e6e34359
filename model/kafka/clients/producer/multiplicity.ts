/**
 * What many real producers make of their records: batches, and requests that carry them (KC
 * 1.3–1.5).
 *
 * A client of a fleet sends λ = rate ÷ clients. A request to a broker begins with a record, waits
 * for `linger.ms` L, and takes with it whatever has come for the partitions that this broker leads.
 *
 * - Without keys all records of the window go to the sticky partition: 1 + λL records, one batch.
 * - With keys a request to a broker that leads m of P partitions carries 1 + λb·L records, where λb
 *   is what the client sends to them. Partition p is in it if it had the first record, or one in
 *   the
 *   window: q = λp/λb + (1 − λp/λb)(1 − e^−λpL). Batches of a request: the sum of q over the m.
 * - A batch holds at most n = (batch.size − header) ÷ record bytes, so the window is at most the
 *   time in which n − 1 more come. The sticky partition is left only with the record after two full
 *   batches, which begins a third: 2n + 1 records make three.
 *
 * Against 20 real producers it is right to 2 % where linger.ms ends a batch, and where batch.size
 * does to 10 %, with up to 20 % too many requests without keys: the third batch often goes with the
 * second. Its limits: arrivals at a client are Poisson, clients are alike, leaders lie evenly on
 * the brokers. Retries, and batches that grow while a client waits for `max.in.flight` answers, are
 * left out: a client that sends more than it gets answered makes fewer and fuller batches than
 * this.
 */

import { powerOfE } from '../../../../sim/arithmetic.ts'
import { BATCH_HEADER_BYTES } from '../../../record.ts'

/** One client of a fleet and where it sends. */
export interface ClientShape {
  readonly clients: number
  readonly lingerMs: number
  readonly batchSize: number
  readonly recordBytes: number
  /** Records find their partition by their key. */
  readonly keyed: boolean
  readonly partitions: number
  readonly brokers: number
}

/** Of one record: the share of a batch, and of a request, that it takes. */
export interface RecordShare {
  readonly batches: number
  readonly requests: number
}

/** `perSecond`: records of the fleet; `weight`: the share of them that goes to this partition. */
export function recordShare(shape: ClientShape, perSecond: number, weight: number): RecordShare {
  const rate = perSecond / shape.clients
  const fullest = recordsMax(shape)
  if (!shape.keyed) {
    const records = 1 + rate * windowOf(shape, rate, fullest)
    const batches = records < fullest ? 1 / records : 3 / (2 * fullest + 1)
    return { batches, requests: batches }
  }
  const own = rate * weight
  const others = Math.max(1, shape.partitions / shape.brokers) - 1
  const other = others === 0 ? 0 : (rate - own) / Math.max(1, shape.partitions - 1)
  const window = windowOf(shape, Math.max(own, other), fullest)
  const ofBroker = own + others * other
  if (!(own > 0)) return { batches: 1, requests: 1 }
  const present = presence(own, ofBroker, window)
  const batchesOfRequest = present + others * presence(other, ofBroker, window)
  const requestsPerSecond = ofBroker / (1 + ofBroker * window)
  const batches = Math.max(1 / fullest, (requestsPerSecond * present) / own)
  return { batches, requests: batches / batchesOfRequest }
}

/** Seconds from the first record of a request until it goes out. */
function windowOf({ lingerMs }: ClientShape, rate: number, fullest: number): number {
  const lingerSeconds = lingerMs / 1_000
  return rate > 0 ? Math.min(lingerSeconds, (fullest - 1) / rate) : lingerSeconds
}

function recordsMax({ batchSize, recordBytes }: ClientShape): number {
  return Math.max(1, Math.floor((batchSize - BATCH_HEADER_BYTES) / recordBytes))
}

/** The chance that a request has a batch of a partition that gets this rate. */
function presence(rate: number, ofBroker: number, window: number): number {
  if (!(rate > 0)) return 0
  const first = rate / ofBroker
  return first + (1 - first) * (1 - powerOfE(-Math.min(700, rate * window)))
}
