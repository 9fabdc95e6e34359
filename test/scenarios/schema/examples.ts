/** The scenario of docs/scenario-files.md, in the author's form. */
export const leaderCrash = `name: orders-survive-a-leader
question: Does an acknowledged order survive the death of a partition leader?
system: kafka
duration: 60s
cluster:
  brokers: 3
  zookeeper: 3
  config: { min.insync.replicas: 2, unclean.leader.election.enable: false }
topics:
  - { name: orders, partitions: 6, replicationFactor: 3 }
producers:
  - { name: order-service, count: 2, topic: orders, keys: 100, load: { rate: 200/s }, config: { acks: all } }
consumers:
  - { group: payment, members: 3, topics: [orders], work: { p50: 2ms, p99: 40ms }, pattern: process-then-commit }
timeline:
  - { at: 10s, crash: leader of orders-0, for: 8s }
swarm: { families: [crash, pause, cut, clock], budget: within }
checks: [no-loss, no-duplicates, order-by-key, backlog-drains]
expect: { no-loss: kept, no-duplicates: may-break }
thresholds: { 'latency{phase:end-to-end}': ['p(99)<500ms'], 'lateness{group:payment}': ['max<30s'], drain: ['max<30s'] }
`

/** The shape of the flagship: racks, services, several events an order, all kinds of faults. */
export const doubleEleven = `name: double-eleven
question: Is every acknowledged order charged exactly once when midnight breaks things?
problem: backlog
system: kafka
duration: 4m
seed: 11
timeouts: brisk
cluster:
  racks: 3
  brokers: 5
  config: { min.insync.replicas: 2, default.replication.factor: 3 }
topics:
  - { name: orders, partitions: 24 }
  - { name: payments, partitions: 12 }
services:
  - { name: bank, workers: 64, work: { p50: 2ms, p99: 20ms } }
producers:
  - name: order-service
    count: 4
    topic: orders
    keys: per-order
    events: 3
    eventGap: 50ms
    recordBytes: 500B
    load: { csv: double-eleven.csv, compress: 60, scale: 0.1% }
consumers:
  - group: payment
    members: 6
    topics: [orders]
    pattern: idempotent
    effects: per-order
    work: 1ms
    services: [{ name: bank, timeout: 500ms }]
    produces: { topic: payments, recordBytes: 200B }
    config: { auto.offset.reset: earliest }
  - { group: inventory, members: 4, topics: [orders], work: 1ms }
  - { group: analytics, members: 2, topics: [orders, payments], work: 4ms }
timeline:
  - { at: 60s, crash: service bank, for: 15s }
  - { at: 70s, crash: leader of orders-0, for: 10s }
  - { at: 90s, cut: { between: broker 2, and: all zookeepers }, for: 8s }
  - { at: 110s, crash: zookeeper leader, for: 10s }
  - { at: 130s, pause: broker 4, for: 8s }
  - { at: 150s, slow-work: { target: analytics, factor: 3 }, for: 20s }
  - { at: 160s, add-members: { group: analytics, count: 2 } }
  - { on: { probe: isr.shrinkSent, of: orders-3, nth: 2 }, reset: analytics-3 }
`
