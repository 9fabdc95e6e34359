/**
 * What a scenario is judged by: checks with what is expected of them, and thresholds.
 */

export type CheckName =
  | 'no-loss'
  | 'no-log-duplicates'
  | 'no-duplicates'
  | 'effects-once'
  | 'order-by-key'
  | 'backlog-drains'
  | 'lateness'
  | 'committed-offset-regression'
  | 'availability'
  | 'truth'
  | 'refusals'
  | 'anomalies'
  | 'one-owner'
  | 'fencing'
  | 'leader-epoch-monotonic'
  | 'content'
  | 'compaction'
  | 'transaction-atomicity'
  | 'backlog-bounded'
  | 'ledgers-agree'
  | 'no-oversell'
  | 'rebalance-storm'
  | 'send-promises'

/** Another name of a check; answers use the first one. */
export type CheckAlias = 'exactly-once-effects'

export type Expectation = 'kept' | 'breaks' | 'may-break'

export type Measure =
  | 'latency'
  | 'lateness'
  | 'backlog'
  | 'drain'
  | 'write-silence'
  | 'lost'
  | 'duplicated'
  | 'redelivered'
  | 'reordered'
  | 'throughput'
  | 'utilisation'
  | 'isr-shrinks'
  | 'rebalances'
  | 'disk-full'

/** What values and limits of a threshold are in. */
export type MeasureUnit = 'us' | 'records' | 'records/s' | 'bytes/s' | 'share' | 'times'

/** `latency{phase:end-to-end}` with `p(99)<500ms`, taken apart. */
export interface Threshold {
  readonly measure: Measure
  readonly tags: Readonly<Record<string, string>>
  readonly aggregate: 'avg' | 'min' | 'max' | 'med' | 'p' | 'count'
  /** Of aggregate `p`: 0 to 100. */
  readonly percentile?: number
  readonly operator: '<' | '<=' | '>' | '>=' | '==' | '!='
  readonly limit: number
  /** Of the limit, and of what is found. */
  readonly unit: MeasureUnit
  /** The run ends as soon as it is broken; not looked at before so much of the load has gone by. */
  readonly abort?: { readonly delayUs: number }
  /** As written, for the answer: the measure with its tags, and the rule. */
  readonly text: { readonly measure: string; readonly rule: string }
}
