/**
 * What an inspector knows: its options, the inspection under way, what it suspects.
 */

import type { Connection, Context } from '../../../../sim/process.ts'
import type { Stream } from '../../../../sim/random.ts'
import type { History } from '../../../history.ts'
import type { ZooKeeperClient, ZooKeeperTimer } from '../../../zookeeper/client.ts'
import type { Topics } from '../../topics.ts'
import type { Alarm } from '../deadlines.ts'
import type { Network, NetworkTimer } from '../network.ts'
import type { ToldEnds } from './end-inspections.ts'
import type { Parked } from './parked.ts'
import type { Ask, Inspection, Limits, Script, Seat } from './script.ts'
import type { SessionDoubt } from './session-doubt.ts'
import type { SessionLines } from './session-lines.ts'
import type { InspectionSubject } from './subject-names.ts'

export interface InspectorOptions {
  readonly topics: Topics
  readonly brokers: readonly number[]
  /** Names of the ZooKeeper servers' processes. */
  readonly zookeeper: readonly string[]
  /** The topic that is inspected. */
  readonly topic: string
  /** What it asks about: everything by default. */
  readonly about?: readonly InspectionSubject[]
  readonly limits: Limits
  /** Pause between two inspections, on average. */
  readonly pauseUs: number
  /** A server may know of a touch so much longer than the leader. */
  readonly touchDelayMs: number
  /** An inspection without an answer for so long is given up. */
  readonly patienceMs: number
  readonly history: History
}

/** From the runner: begin, or end after the inspection under way. */
export interface InspectCommand {
  readonly type: 'InspectCommand'
  readonly command: 'start' | 'stop'
}

/** One inspection under way. */
export interface Dialogue {
  readonly number: number
  readonly inspection: Inspection | null
  readonly row: number
  readonly deadlineMs: number
  script: Script | null
  /** What is to be asked; null while an answer is awaited. */
  ask: Ask | null
  readonly parked: Parked
}

/** What was taken `times` of the `tries` since it was taken first. */
export interface Suspect {
  readonly inspection: Inspection
  readonly times: number
  readonly tries: number
}

/** What an exchange belongs to. */
export interface Token {
  readonly dialogue: number
  /** Null unless it was parked. */
  readonly parkedOn: Seat | null
}

export interface Inspector {
  readonly options: InspectorOptions
  /** By seat. */
  networks: readonly Network[]
  zookeeper: ZooKeeperClient
  readonly alarm: Alarm
  readonly random: Stream
  running: boolean
  /** Inspections of this round that are still to come. */
  queue: Inspection[]
  dialogue: Dialogue | null
  dialogues: number
  /** Taken so often in a row, and to be asked again. */
  suspect: Suspect | null
  /** When the last answer came. */
  answeredMs: number
  readonly toldEnds: ToldEnds
  /** The connection of a session that an inspection asks for. */
  session: Connection | null
  readonly lines: SessionLines
  /** Of its own session, where it ended too early by the word of one server. */
  readonly doubt: SessionDoubt
  /** When its own ZooKeeper session was in touch before it lost its server. */
  heardUs: number
}

export type InspectorTimer = NetworkTimer | ZooKeeperTimer | 'attend' | 'inspect' | 'waited'

export type InspectorContext = Context<InspectorTimer>
export const ZOOKEEPER_SESSION_MS = 6_000
