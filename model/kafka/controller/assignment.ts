/**
 * Which brokers get which replicas of a new topic: Kafka's assignment, as a pure function.
 *
 * The first replicas go round the brokers from a drawn start; the followers of each round are
 * shifted by one more, so that the followers of one broker spread over all others. With racks, the
 * brokers are first put in an order that changes the rack at each step, and a rack gets a second
 * replica of a partition only when every rack has one. If a broker has no rack, racks are ignored.
 */

export interface AssignableBroker {
  readonly id: number
  readonly rack: string | null
}

export interface AssignmentPlan {
  /** Partitions to assign. */
  readonly count: number
  /** At most the number of brokers. */
  readonly replicationFactor: number
  /** Number of the first of them: 0 for a new topic. */
  readonly firstPartition: number
  /** Index of the broker that leads partition 0; taken modulo their number. */
  readonly start: number
  /** Shift of the followers in the first round. */
  readonly shift: number
}

/** Replica lists of the partitions, in their order. */
export function assignReplicas(
  brokers: readonly AssignableBroker[],
  plan: AssignmentPlan,
): readonly (readonly number[])[] {
  const racked = brokers.length > 0 && brokers.every(({ rack }) => rack !== null)
  const order = racked ? rackAlternated(brokers) : [...brokers].sort((a, b) => a.id - b.id)
  const lists: number[][] = []
  if (order.length === 0) return lists
  let shift = plan.shift
  for (let index = 0; index < plan.count; index += 1) {
    const partition = plan.firstPartition + index
    if (partition > 0 && partition % order.length === 0) shift += 1
    const first = (partition + plan.start) % order.length
    lists.push(
      racked ? acrossRacks(order, first, shift, plan) : roundRobin(order, first, shift, plan),
    )
  }
  return lists
}

function roundRobin(
  order: readonly AssignableBroker[],
  first: number,
  shift: number,
  plan: AssignmentPlan,
): number[] {
  const replicas = [brokerAt(order, first).id]
  for (let follower = 0; replicas.length < plan.replicationFactor; follower += 1) {
    replicas.push(brokerAt(order, followerIndex(first, shift, follower, order.length)).id)
  }
  return replicas
}

function acrossRacks(
  order: readonly AssignableBroker[],
  first: number,
  shift: number,
  plan: AssignmentPlan,
): number[] {
  const racks = new Set(order.map(({ rack }) => rack)).size
  const leader = brokerAt(order, first)
  const replicas = [leader.id]
  const used = new Set([leader.rack])
  for (let follower = 0; replicas.length < plan.replicationFactor; follower += 1) {
    const index = followerIndex(first, shift * racks, follower, order.length)
    const { id, rack } = brokerAt(order, index)
    if (replicas.includes(id) || (used.has(rack) && used.size < racks)) continue
    replicas.push(id)
    used.add(rack)
  }
  return replicas
}

/** Never `first` itself: the shift goes round the other brokers. */
function followerIndex(first: number, shift: number, follower: number, brokers: number): number {
  return (first + 1 + ((shift + follower) % (brokers - 1))) % brokers
}

function brokerAt(order: readonly AssignableBroker[], index: number): AssignableBroker {
  return order[index] as AssignableBroker
}

/** Racks by name; one broker of each rack in turn, ascending by id, until all are used. */
export function rackAlternated(brokers: readonly AssignableBroker[]): readonly AssignableBroker[] {
  const byRack = new Map<string, AssignableBroker[]>()
  for (const broker of [...brokers].sort((a, b) => a.id - b.id)) {
    const rack = broker.rack ?? ''
    const members = byRack.get(rack)
    if (members === undefined) byRack.set(rack, [broker])
    else members.push(broker)
  }
  const racks = [...byRack.keys()].sort((a, b) => (a < b ? -1 : Number(a > b)))
  const order: AssignableBroker[] = []
  for (let turn = 0; order.length < brokers.length; turn += 1) {
    for (const rack of racks) {
      const members = byRack.get(rack) ?? []
      const next = members[turn]
      if (next !== undefined) order.push(next)
    }
  }
  return order
}
