/**
 * What the charts draw: plain JSON that the page carries, in seconds from t = 0. A page has one
 * model for each time axis: one for a run, one for each drill of a plan.
 *
 * Made by the report, read by `client/` in the browser. Colours are numbers: the page's style
 * knows which, for both schemes.
 */

/** A stretch or a moment behind every chart: an entry of the timeline, or the end of a phase. */
export interface Band {
  /** Number of the entry in the timeline, from 1; empty for phases. */
  readonly label: string
  readonly kind: string
  /** `leader of orders-0 → broker-2`; empty for phases. */
  readonly target: string
  readonly nature: 'fault' | 'operation' | 'phase'
  readonly from: number
  /** Null: a moment. */
  readonly until: number | null
  /** Row in the lane above the charts; −1 for phases. */
  readonly row: number
}

export type Unit = 'records' | 'records/s' | 'time' | 'bytes' | 'bytes/s' | 'share'

export interface Line {
  readonly name: string
  /** 0 is what is produced, 1 and on are the groups. */
  readonly colour: number
  readonly values: readonly (number | null)[]
  /** The highest that was measured; the values are samples and may miss it. */
  readonly peak: number
  /** What was asked for, beside what was done. */
  readonly dashed?: true
}

export interface Plot {
  readonly id: string
  readonly unit: Unit
  readonly x: readonly number[]
  readonly lines: readonly Line[]
  /** On a logarithmic axis: values of many magnitudes. */
  readonly log?: true
}

/** A partition's leader and ISR from a moment on: time, leader (−1: none), epoch, ISR, clean. */
export type Reign = readonly [number, number, number, readonly number[], 0 | 1]

export interface StripRow {
  readonly number: number
  readonly reigns: readonly Reign[]
}

/** Leaders and ISR of one topic. */
export interface Strip {
  readonly id: string
  readonly topic: string
  readonly replicas: number
  readonly minIsr: number
  readonly rows: readonly StripRow[]
}

export interface HeatRow {
  /** `broker 4`. */
  readonly name: string
  /** Before the row, where there is little room: `4`. */
  readonly short: string
  /** Hundredths of full use; null: there was nothing to measure. One less than there are edges. */
  readonly values: readonly (number | null)[]
}

/** Rows under one heading: the hosts that have a resource. */
export interface HeatGroup {
  readonly title: string
  readonly rows: readonly HeatRow[]
  /** Hosts left out of the picture, because they hardly used it. */
  readonly idle: number
}

/** Utilisation over time, a row for each resource of each host. */
export interface Heat {
  readonly id: string
  /** Ends of the steps, and the beginning of the first. */
  readonly edges: readonly number[]
  readonly groups: readonly HeatGroup[]
  /** Resources that no host used to speak of. */
  readonly idle: readonly string[]
}

export interface ChartModel {
  /** Of its time axis. */
  readonly id: string
  /** Where a lane is drawn. */
  readonly laneId: string
  readonly begin: number
  readonly end: number
  readonly bands: readonly Band[]
  /** Rows of the lane that shows the bands with their names. */
  readonly laneRows: number
  /** Broker ids; their places are their colours. */
  readonly brokers: readonly number[]
  readonly plots: readonly Plot[]
  readonly strips: readonly Strip[]
  readonly heats: readonly Heat[]
}
