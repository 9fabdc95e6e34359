/**
 * The processes of a run that produce and consume.
 */

import { type EffectStore, effectStore } from '../../model/kafka/application/effect-store.ts'
import { applicationNamed } from '../../model/kafka/application/patterns.ts'
import { type ClientCosts, isClientFree } from '../../model/kafka/clients/costs.ts'
import { consumerProcess } from '../../model/kafka/clients/consumer/process.ts'
import { burstyCurve } from '../../model/kafka/clients/producer/bursts.ts'
import { bucketsOf } from '../../model/kafka/clients/producer/fleet.ts'
import {
  fleetProcess,
  type FleetProcessOptions,
} from '../../model/kafka/clients/producer/fleet-process.ts'
import type { Load } from '../../model/kafka/clients/producer/load.ts'
import { producerProcess } from '../../model/kafka/clients/producer/process.ts'
import { groupPartition } from '../../model/kafka/group/placement.ts'
import { partitionId } from '../../model/record.ts'
import type { Application, FailurePolicy } from '../../model/application.ts'
import type { ProducerConfig } from '../../model/kafka/config/producer-config.ts'
import { stream } from '../../sim/random.ts'
import type { Case } from '../case.ts'
import { handlerApplication } from '../handlers/application.ts'
import { handlerOf } from '../handlers/modules.ts'
import type {
  ClosedLoop,
  Consumer,
  Failures,
  Fleet,
  Hardware,
  LoadPoint,
  Producer,
  Scenario,
} from '../schema/scenario.ts'
import type { Group, PhaseTimes } from './cluster.ts'
import { CLIENT_ZONE, hardwareNamed, hostConfig } from './hosts.ts'
import type { Making } from './servers.ts'
import { protocolsOf } from '../../model/kafka/protocols.ts'
import { clusterView, consumerView, producerView } from './views.ts'

/** Id of `__consumer_offsets`, the first topic of every run. */
const OFFSETS_TOPIC_ID = 0

export function addProducers(
  making: Making,
  phases: PhaseTimes,
): { service: string; name: string }[] {
  const { scenario, world, topics, history } = making
  const brokers = scenario.cluster.brokers.map(({ id }) => id)
  const halves = protocolsOf(making.one.protocols)['producer.split'] === 'halves'
  return scenario.producers.flatMap((producer) =>
    Array.from({ length: producer.count }, (_instance, index) => {
      const name = `${producer.name}-${index + 1}`
      const options = {
        topic: topics.id(producer.topic) as number,
        topics,
        brokers,
        config: producerView(producer.config),
        load: loadOf(producer, index, making.one),
        halves,
        history,
        elapsedUs: () => world.nowUs - (phases.originUs === 0 ? Infinity : phases.originUs),
      }
      addClientHost(making, name, producer.hardware)
      const { restart } = scenario
      if (producer.fleet === undefined) {
        const resendOnTimeout = producer.pattern === 'resend'
        const costs = clientCosts(hardwareNamed(scenario, producer.hardware))
        // Field by field: see the cluster in `build.ts`.
        const behaviour = producerProcess({
          topic: options.topic,
          topics,
          brokers,
          config: options.config,
          load: options.load,
          halves,
          history,
          elapsedUs: options.elapsedUs,
          resendOnTimeout,
          costs,
        })
        world.addProcess({ name, host: name, behaviour, restart })
      } else {
        const behaviour = fleetProcess({ ...options, ...fleetOf(producer, scenario) })
        world.addProcess({ name, host: name, behaviour, restart })
      }
      return { service: producer.name, name }
    }),
  )
}

/** What makes an instance a fleet. */
function fleetOf(
  { fleet, keys, topic }: Producer,
  { topics }: Scenario,
): Pick<FleetProcessOptions, 'clients' | 'records' | 'slotUs' | 'partitions' | 'buckets'> {
  const partitions = topics.find(({ name }) => name === topic)?.partitions ?? 1
  const { clients, records, slotUs } = fleet as Fleet
  return { clients, records, slotUs, partitions, buckets: bucketsOf(keys, partitions) }
}

export function addGroups(making: Making): Group[] {
  return making.scenario.consumers.map((consumer) => addGroup(making, consumer))
}

function addGroup(making: Making, consumer: Consumer): Group {
  const { scenario, world, topics, history } = making
  const store = effectStore(history.messages)
  const groupNumber = groupPartition(
    consumer.group,
    clusterView(scenario.cluster.config).offsetsTopicNumPartitions,
  )
  const config = consumerView(consumer.config)
  const options = {
    groupId: consumer.group,
    groupNumber,
    topics: consumer.topics,
    brokers: scenario.cluster.brokers.map(({ id }) => id),
    topicTable: topics,
    config,
    autoCommit: config.enableAutoCommit,
    history,
    application: applicationOf(making, consumer, store),
    store,
    work: consumer.work,
    ailments: making.ailments,
    producer: producerOf(consumer),
    costs: clientCosts(hardwareNamed(scenario, consumer.hardware)),
  }
  const members: string[] = []
  const addMember = (): string => {
    const name = `${consumer.group}-${members.length + 1}`
    addClientHost(making, name, consumer.hardware)
    world.addProcess({
      name,
      host: name,
      behaviour: consumerProcess(options),
      restart: scenario.restart,
    })
    members.push(name)
    return name
  }
  for (let n = 0; n < consumer.members; n += 1) addMember()
  const coordinatorPartition = partitionId(OFFSETS_TOPIC_ID, groupNumber)
  return { consumer, coordinatorPartition, members, stopped: new Set(), addMember }
}

const FOR_EVER: FailurePolicy = { attempts: 0, backoffUs: 100_000, deadLetter: null }

/** What each start of a member makes its application with. */
function applicationOf(
  making: Making,
  consumer: Consumer,
  store: EffectStore,
): (member: string) => Application {
  const { group, handler, pattern } = consumer
  const failures = consumer.failures === undefined ? FOR_EVER : policyOf(consumer.failures)
  if (pattern !== 'handler') {
    const { calls, effectPer } = consumer
    const produces = consumer.produces ?? null
    return () =>
      applicationNamed(pattern, { effect: group, effectPer, calls, produces, store, failures })
  }
  if (handler === undefined) throw new Error(`${group} has no handler`)
  const { scenario, topics, world } = making
  const options = {
    group,
    module: handler.module,
    services: new Map(scenario.services.map(({ name, timeoutUs }) => [name, timeoutUs])),
    topics: topics.names(),
    failures,
    values: new Map<string, unknown>(),
    handler: handlerOf(handler, group),
    commit: handler.commit,
    errors: making.handlerErrors,
    nowUs: () => world.nowUs,
  }
  return (member) => handlerApplication({ ...options, member })
}

function policyOf({ attempts, backoffUs, deadLetter }: Failures): FailurePolicy {
  return { attempts, backoffUs, deadLetter: deadLetter ?? null }
}

/** One producer serves what a group derives and its dead letters. */
function producerOf({ failures, handler, produces }: Consumer): ProducerConfig | null {
  if (handler !== undefined) return producerView(handler.producer)
  const output = produces ?? failures?.deadLetter
  return output === undefined ? null : producerView(output.config)
}

/** An instance's share of the load. */
function loadOf(producer: Producer, index: number, { scenario, seed }: Case): Load {
  const { load, count, sizes, stopAfterRecords } = producer
  return {
    arrival: load.arrival === 'steady' ? 'steady' : 'poisson',
    points: curveOf(producer, scenario.durationUs, seed).map(({ atUs, perSecond }) => ({
      atUs,
      perSecond: perSecond / count,
    })),
    endUs: scenario.durationUs,
    ...(load.closed === undefined ? {} : { closed: usersOf(load.closed, index, count) }),
    keys: producer.keys,
    recordBytes: producer.recordBytes,
    ...(sizes === undefined ? {} : { sizes }),
    ...(stopAfterRecords === undefined ? {} : { stopAfterRecords }),
  }
}

/** Bursts are those of a service's crowd: drawn from its name, the same for all instances. */
function curveOf({ name, load }: Producer, endUs: number, seed: number): readonly LoadPoint[] {
  const { points, bursts } = load
  if (bursts === undefined) return points
  return burstyCurve(points, bursts, endUs, stream(seed, `bursts of ${name}`))
}

/** The first instances have the users that do not divide evenly. */
function usersOf({ users, think }: ClosedLoop, index: number, count: number): ClosedLoop {
  const share = Math.floor(users / count)
  return { users: share + (index < users % count ? 1 : 0), think }
}

function clientCosts(hardware: Hardware): ClientCosts | null {
  return isClientFree(hardware) ? null : hardware
}

function addClientHost({ scenario, world }: Making, name: string, hardware: string): void {
  world.addHost(
    hostConfig({ name, zone: CLIENT_ZONE, disks: 0, hardware: hardwareNamed(scenario, hardware) }),
  )
}
