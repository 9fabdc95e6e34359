/**
 * What a producing service is made of: options, keys and orders, what it knows of its sends.
 *
 * The state is one and plain; `process.ts` says when its parts run, `records.ts` what is sent, and
 * `outcomes.ts` what a send came to.
 */

import type { Context } from '../../../../sim/process.ts'
import type { Stream } from '../../../../sim/random.ts'
import type { History } from '../../../history.ts'
import type { DataRecord, StreamId, TopicId } from '../../../record.ts'
import type { ProducerConfig } from '../../config/producer-config.ts'
import type { Topics } from '../../topics.ts'
import type { ClientCosts } from '../costs.ts'
import type { Arrivals, Load } from './load.ts'
import type { DrawBytes } from './sizes.ts'
import type { Producer, ProducerTimer } from './state.ts'
import type { Users } from './users.ts'

export interface ProducingOptions {
  /** At `producer.split=halves`. */
  readonly halves?: boolean
  readonly topic: TopicId
  readonly topics: Topics
  /** Ids of the brokers to ask first. */
  readonly brokers: readonly number[]
  readonly config: ProducerConfig
  readonly load: Load
  /** The application sends again, with the same message id, what ended with a TimeoutException. */
  readonly resendOnTimeout: boolean
  readonly history: History
  /** True time since the load began in µs; negative before. Then `LoadCommand` starts it. */
  readonly elapsedUs: () => number
  /** What records cost its threads; absent or null: nothing. */
  readonly costs?: ClientCosts | null
}

/** From the runner: the load begins now, or ends now. */
export interface LoadCommand {
  readonly type: 'LoadCommand'
  readonly command: 'start' | 'stop'
}

/** The value of a record: an event of an order; for other keys, the n-th record of a service. */
export interface OrderEvent {
  readonly kind: 'order-event'
  /** Number of the order in its service's incarnation. */
  readonly order: number
  /** 0: created; then what follows in the order's life. */
  readonly event: number
}

/** What records of one key have in common. */
export interface Keyed {
  readonly key: string | null
  /** `murmur2` of the key; 0 without one. */
  readonly keyHash: number
  readonly stream: StreamId
}

export interface Order extends Keyed {
  readonly order: number
  event: number
  /** When its next event is sent. */
  dueUs: number
}

export interface KeyTable {
  readonly keys: readonly string[]
  /** By key number; null before its first record. */
  readonly keyed: (Keyed | null)[]
  readonly weights: Float64Array | null
}

/** The desk where results arrive: what the application knows of its running sends. */
export interface Desk {
  readonly options: ProducingOptions
  /** Number of this process in the history. */
  readonly process: number
  /** Which resend a running send is, by its row in the history. */
  readonly resends: Map<number, number>
  /** Records that timed out, to be sent again by the application thread. */
  readonly timedOut: { readonly record: DataRecord; readonly attempt: number }[]
  stopped: boolean
  /** Who sends in a closed loop; null in an open one, and while there is no load. */
  users: Users | null
}

export interface ProducingService {
  readonly desk: Desk
  readonly producer: Producer<Desk>
  readonly random: Stream
  readonly keyTable: KeyTable | null
  /** Null where all records have one size. */
  readonly drawBytes: DrawBytes | null
  /** Null while there is no load. */
  arrivals: Arrivals | null
  /** Time of the next arrival; infinite when there is none any more, −1 before the load. */
  nextUs: number
  /** Orders whose next event is due, first in, first out. */
  readonly orders: Order[]
  /** What the keys of its orders begin with. */
  readonly keyPrefix: string
  unkeyed: Keyed | null
  orderCount: number
  recordCount: number
  /** How long ago the record that is being sent should have been: a paused service comes late. */
  lateUs: number
  /** Its application thread needs time for a record. */
  readonly occupies: boolean
  /** Time that records took of its application thread and that is less than a whole µs. */
  owedUs: number
}

export type ProducingTimer = ProducerTimer | 'arrive' | 'followUp' | 'resend'

/** The application thread has made what had arrived. */
export type ProducingIo = 'made'
export type ProducingContext = Context<ProducingTimer, ProducingIo>
