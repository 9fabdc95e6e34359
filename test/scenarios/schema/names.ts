import type { Names } from '../../../scenarios/schema/names.ts'

/** A small cluster with two topics, a group, a producer and a service. */
export const names: Names = {
  brokers: [1, 2, 3],
  zookeeper: [1, 2, 3],
  racks: ['a', 'b'],
  topics: new Map([
    ['orders', 6],
    ['order-events', 2],
  ]),
  partitionsAtFirst: new Map([
    ['orders', 6],
    ['order-events', 2],
  ]),
  disks: 4,
  groups: new Map([['payment', 3]]),
  producers: new Map([['order-service', 2]]),
  services: ['bank'],
}
