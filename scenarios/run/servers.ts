/**
 * The processes of a run that serve: ZooKeeper, brokers, downstream services, and the harness's
 * tools.
 */

import { adminProcess } from '../../model/kafka/clients/admin.ts'
import { auditorProcess } from '../../model/kafka/clients/auditor.ts'
import { inspectorProcess } from '../../model/kafka/clients/inspector/inspector.ts'
import { proberProcess } from '../../model/kafka/clients/prober.ts'
import type { Ailments } from '../../model/kafka/application/ailments.ts'
import { serviceLedger, serviceProcess } from '../../model/kafka/application/service.ts'
import { broker } from '../../model/kafka/broker.ts'
import { type BrokerCosts, isFree } from '../../model/kafka/costs.ts'
import type { DurableMetadata } from '../../model/kafka/durable-metadata.ts'
import { type Protocols, protocolsOf } from '../../model/kafka/protocols.ts'
import type { Topics } from '../../model/kafka/topics.ts'
import type { Facts } from '../../model/facts.ts'
import type { History } from '../../model/history.ts'
import { CommitRecorder } from '../../model/zookeeper/commit-recorder.ts'
import { zooKeeperServer } from '../../model/zookeeper/server.ts'
import type { Simulation } from '../../sim/simulation.ts'
import type { Case } from '../case.ts'
import type { HandlerError } from '../handlers/handler.ts'
import type { Hardware, Scenario } from '../schema/scenario.ts'
import type { TimelineEntry } from '../schema/timeline.ts'
import type { EnsembleTruth } from '../truth/ensemble.ts'
import type { Truth } from '../truth/truth.ts'
import { ADMIN, AUDITOR, INSPECTOR, PROBER } from './cluster.ts'
import { GatedFacts } from './gated-facts.ts'
import { CLIENT_ZONE, hardwareNamed, hostConfig } from './hosts.ts'
import { brokerView, topicViews, zookeeperView } from './views.ts'

/** What is there before the processes. */
export interface Making {
  readonly one: Case
  readonly scenario: Scenario
  readonly world: Simulation
  readonly topics: Topics
  readonly history: History
  readonly truth: Truth
  readonly ensembleTruth: EnsembleTruth
  /** Whoever is told what really happens: truth, and a witness if there is one. */
  readonly facts: Facts
  readonly durable: DurableMetadata
  /** What operations made of single records. */
  readonly ailments: Ailments
  /** Protocol levels that single brokers start with. */
  readonly levels: Map<number, Protocols>
  /** What handlers of the user's own threw. */
  readonly handlerErrors: HandlerError[]
}

/** What each finalizing quorum of votes waits for a better one (KB Z20). */
const FINALIZE_WAIT_MS = 200

export function addZooKeeper({
  scenario,
  world,
  durable,
  ensembleTruth,
}: Making): { id: number; name: string }[] {
  const config = zookeeperView(scenario.cluster.zookeeperConfig)
  const peers = scenario.cluster.zookeeper.map(({ id }) => ({ id, name: `zookeeper-${id}` }))
  const recorder = new CommitRecorder(durable, ensembleTruth)
  for (const { id, rack, hardware } of scenario.cluster.zookeeper) {
    const name = `zookeeper-${id}`
    world.addHost(
      hostConfig({ name, zone: rack, disks: 1, hardware: hardwareNamed(scenario, hardware) }),
    )
    const server = {
      id,
      peers,
      tickMs: config.tickTime,
      initLimit: config.initLimit,
      syncLimit: config.syncLimit,
      minSessionTimeoutMs: config.minSessionTimeout,
      maxSessionTimeoutMs: config.maxSessionTimeout,
      finalizeWaitMs: FINALIZE_WAIT_MS,
      observer: durable,
      cpuNs: hardwareNamed(scenario, hardware).zookeeperCpuNs,
    }
    world.addProcess({
      name,
      host: name,
      behaviour: zooKeeperServer(server, recorder),
      restart: scenario.restart,
    })
  }
  return peers
}

export function addBrokers(making: Making): { id: number; name: string }[] {
  const { one, scenario, world, topics, facts, levels } = making
  const protocols = protocolsOf(one.protocols)
  const zookeeper = scenario.cluster.zookeeper.map(({ id }) => `zookeeper-${id}`)
  const topicsMayGo = one.timeline.some(({ kind }) => kind === 'delete-topic')
  const isrsChangeByNode =
    protocols.isrUpdate === 'zk' || one.timeline.some((entry) => namesLevel(entry, one))
  return scenario.cluster.brokers.map(({ id, rack, disks, hardware, config }) => {
    const name = `broker-${id}`
    const own = brokerView(scenario.cluster.config, config)
    // Asked for each fact; the process exists once the first fact is told.
    let runtime: ReturnType<Simulation['process']>
    const cut = (): boolean => (runtime ??= world.process(name))?.posthumous ?? false
    const behaviour = broker({
      id,
      rack,
      config: own,
      topicConfig: topicViews(scenario.topics, own),
      topics,
      protocols,
      protocolsAtStart: () => levels.get(id) ?? protocols,
      zookeeper,
      topicsMayGo,
      isrsChangeByNode,
      costs: costsOf(hardwareNamed(scenario, hardware)),
      facts: new GatedFacts(facts, cut),
    })
    world.addHost(
      hostConfig({ name, zone: rack, disks, hardware: hardwareNamed(scenario, hardware) }),
    )
    const sockets = {
      receiveBytes: own.socketReceiveBufferBytes,
      sendBytes: own.socketSendBufferBytes,
    }
    world.addProcess({ name, host: name, behaviour, restart: scenario.restart, sockets })
    return { id, name }
  })
}

/** Whether brokers come back from it at `isrUpdate=zk`. */
function namesLevel(entry: TimelineEntry, { protocols }: Case): boolean {
  if (!('protocols' in entry) || entry.protocols === undefined) return false
  return protocolsOf({ ...protocols, ...entry.protocols }).isrUpdate === 'zk'
}

export function addServices({ scenario, world, history }: Making): string[] {
  return scenario.services.map((service) => {
    const name = `service-${service.name}`
    world.addHost(
      hostConfig({ name, zone: CLIENT_ZONE, disks: 1, hardware: hardwareNamed(scenario, 'ideal') }),
    )
    const behaviour = serviceProcess({ ...service, history, ledger: serviceLedger() })
    world.addProcess({ name, host: name, behaviour, restart: scenario.restart })
    return name
  })
}

/** Longer than a member of a group waits for its first generation. */
const INSPECTION_PATIENCE_MS = 5_000

/**
 * Administrator, prober, auditor and inspector: clients of the harness itself, which no fault
 * strikes.
 */
export function addTools({ scenario, world, topics, history }: Making): void {
  const brokers = scenario.cluster.brokers.map(({ id }) => id)
  const { inspector } = scenario
  const names = [ADMIN, AUDITOR, PROBER, ...(inspector === undefined ? [] : [INSPECTOR])]
  for (const name of names) {
    world.addHost(
      hostConfig({ name, zone: CLIENT_ZONE, disks: 0, hardware: hardwareNamed(scenario, 'ideal') }),
    )
  }
  world.addProcess({
    name: ADMIN,
    host: ADMIN,
    behaviour: adminProcess({ topics, brokers, history }),
  })
  world.addProcess({ name: AUDITOR, host: AUDITOR, behaviour: auditorProcess({ topics, brokers }) })
  world.addProcess({ name: PROBER, host: PROBER, behaviour: proberProcess({ topics, brokers }) })
  if (inspector === undefined) return
  const defaults = brokerView(scenario.cluster.config, {})
  const { tickTime, syncLimit } = zookeeperView(scenario.cluster.zookeeperConfig)
  const behaviour = inspectorProcess({
    ...inspector,
    limits: {
      ...topicViews(scenario.topics, defaults)(inspector.topic),
      groupMaxSize: defaults.groupMaxSize,
      sessionMs: defaults.groupMinSessionTimeoutMs,
      commitTimeoutMs: defaults.offsetsCommitTimeoutMs,
    },
    topics,
    brokers,
    zookeeper: scenario.cluster.zookeeper.map(({ id }) => `zookeeper-${id}`),
    patienceMs: INSPECTION_PATIENCE_MS,
    touchDelayMs: tickTime * (syncLimit + 2),
    history,
  })
  world.addProcess({ name: INSPECTOR, host: INSPECTOR, behaviour })
}

function costsOf(hardware: Hardware): BrokerCosts | null {
  return isFree(hardware) && hardware.pageCacheBytes === 0 ? null : hardware
}
