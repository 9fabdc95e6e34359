/**
 * The names that a scenario introduces, for the phrases that use them.
 *
 * Partitions and members count what the timeline may add, so that a fault can strike a member
 * that joins in the middle of the run.
 */

export interface Names {
  readonly brokers: readonly number[]
  readonly zookeeper: readonly number[]
  readonly racks: readonly string[]
  /** Partitions by topic. */
  readonly topics: ReadonlyMap<string, number>
  /** Partitions by topic before the timeline adds any. */
  readonly partitionsAtFirst: ReadonlyMap<string, number>
  /** Most disks of a host. */
  readonly disks: number
  /** Members by group. */
  readonly groups: ReadonlyMap<string, number>
  /** Instances by producer. */
  readonly producers: ReadonlyMap<string, number>
  readonly services: readonly string[]
}
