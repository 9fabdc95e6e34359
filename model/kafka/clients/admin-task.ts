/**
 * One command of an administrator on its way: its requests, its answers, its rows in the history.
 */

import { type History, Outcome } from '../../history.ts'
import { type PartitionId, partitionOf, topicOf } from '../../record.ts'
import type { KafkaError } from '../errors.ts'
import type {
  CreatePartitionsResponse,
  CreateTopicsRequest,
  CreateTopicsResponse,
  ElectLeadersResponse,
  KafkaRequest,
} from '../messages.ts'
import type { Topics } from '../topics.ts'
import { isRetriable } from './errors.ts'
import { type Exchange, type Network, nextCorrelationId } from './network.ts'

export type AdminAction =
  | { readonly kind: 'create-topics'; readonly topics: CreateTopicsRequest['topics'] }
  | { readonly kind: 'create-partitions'; readonly topic: string; readonly count: number }
  | { readonly kind: 'delete-topics'; readonly topics: readonly string[] }
  | {
      readonly kind: 'alter-configs'
      readonly topic: string
      readonly config: Readonly<Record<string, string>>
    }
  | {
      readonly kind: 'reassign'
      readonly partition: PartitionId
      readonly replicas: readonly number[]
    }
  | {
      readonly kind: 'elect-leaders'
      readonly election: 'preferred' | 'unclean'
      readonly partitions: readonly PartitionId[]
    }

/** Values of `kind` in the history's table of administration. */
export const AdminKind = {
  createTopic: 0,
  createPartitions: 1,
  electLeader: 2,
  alterConfigs: 3,
  reassign: 4,
  deleteTopic: 5,
} as const

/** One subject of a command, a topic or a partition, with its row in the history. */
interface Subject {
  /** Name of a topic, or packed id of a partition. */
  readonly subject: string | PartitionId
  readonly row: number
  error: KafkaError
  open: boolean
}

export interface AdminTask {
  readonly action: AdminAction
  readonly history: History
  readonly deadlineMs: number
  readonly subjects: readonly Subject[]
  inFlight: boolean
  attempts: number
  retryAtMs: number
  /** Some request got no answer: it may have been carried out. */
  ambiguous: boolean
}

interface TaskOptions {
  readonly history: History
  readonly topics: Topics
}

export function startTask(
  action: AdminAction,
  deadlineMs: number,
  { history, topics }: TaskOptions,
): AdminTask {
  return {
    action,
    history,
    deadlineMs,
    subjects: subjectsOf(action, history, topics),
    inFlight: false,
    attempts: 0,
    retryAtMs: -Infinity,
    ambiguous: false,
  }
}

/** The request for what is still open. */
export function requestOf(task: AdminTask, network: Network): KafkaRequest {
  const { action } = task
  const header = {
    correlationId: nextCorrelationId(network),
    clientId: network.options.clientId,
  }
  switch (action.kind) {
    case 'create-topics': {
      const topics = action.topics.filter(({ name }) => isOpen(task, name))
      return { type: 'CreateTopicsRequest', ...header, apiVersion: 7, topics }
    }
    case 'create-partitions': {
      const { topic, count } = action
      return { type: 'CreatePartitionsRequest', ...header, apiVersion: 3, topic, count }
    }
    case 'delete-topics': {
      const topics = action.topics.filter((name) => isOpen(task, name))
      return { type: 'DeleteTopicsRequest', ...header, apiVersion: 6, topics }
    }
    case 'alter-configs': {
      const { topic, config } = action
      const body = { topic, config, apiVersion: 1 }
      return { type: 'IncrementalAlterConfigsRequest', ...header, ...body }
    }
    case 'reassign': {
      const { partition, replicas } = action
      const body = { partition, replicas, apiVersion: 0 }
      return { type: 'AlterPartitionReassignmentsRequest', ...header, ...body }
    }
    case 'elect-leaders': {
      const partitions = action.partitions.filter((partition) => isOpen(task, partition))
      const { election: electionType } = action
      return { type: 'ElectLeadersRequest', ...header, apiVersion: 2, electionType, partitions }
    }
  }
}

/** The error the task ends with, or null if something of it has to be asked again. */
export function takeAnswer(task: AdminTask, exchange: Exchange): KafkaError | null {
  if (exchange.response === null) {
    task.ambiguous = true
    return null
  }
  switch (exchange.response.type) {
    case 'CreateTopicsResponse':
      takeTopics(task, exchange.response)
      break
    case 'CreatePartitionsResponse':
      takePartitions(task, exchange.response)
      break
    case 'DeleteTopicsResponse':
      for (const { name, error } of exchange.response.topics) takeDeletion(task, name, error)
      break
    case 'IncrementalAlterConfigsResponse':
      settle(task, exchange.response.topic, exchange.response.error)
      break
    case 'AlterPartitionReassignmentsResponse':
      settle(task, exchange.response.partition, exchange.response.error)
      break
    default:
      takeElections(task, exchange.response as ElectLeadersResponse)
  }
  if (task.subjects.some(({ open }) => open)) return null
  return task.subjects.find(({ error }) => error !== 'NONE')?.error ?? 'NONE'
}

/** Ends what is still open. */
export function endRows(task: AdminTask, outcome: Outcome): void {
  for (const subject of task.subjects) {
    if (!subject.open) continue
    subject.open = false
    task.history.adminEnded(subject.row, outcome)
  }
}

function subjectsOf(action: AdminAction, history: History, topics: Topics): Subject[] {
  switch (action.kind) {
    case 'create-topics':
      return action.topics.map(({ name, partitions }) =>
        begun(name, history.adminInvoked(AdminKind.createTopic, topicId(topics, name), partitions)),
      )
    case 'create-partitions': {
      const { topic, count } = action
      const id = topicId(topics, topic)
      return [begun(topic, history.adminInvoked(AdminKind.createPartitions, id, count))]
    }
    case 'delete-topics':
      return action.topics.map((name) =>
        begun(name, history.adminInvoked(AdminKind.deleteTopic, topicId(topics, name), 0)),
      )
    case 'alter-configs': {
      const { topic, config } = action
      const properties = Object.keys(config).length
      const id = topicId(topics, topic)
      return [begun(topic, history.adminInvoked(AdminKind.alterConfigs, id, properties))]
    }
    case 'reassign': {
      const { partition } = action
      const row = history.adminInvoked(
        AdminKind.reassign,
        topicOf(partition),
        partitionOf(partition),
      )
      return [begun(partition, row)]
    }
    case 'elect-leaders':
      return action.partitions.map((partition) => {
        const number = partitionOf(partition)
        const topic = topicOf(partition)
        return begun(partition, history.adminInvoked(AdminKind.electLeader, topic, number))
      })
  }
}

function topicId(topics: Topics, name: string): number {
  return topics.id(name) ?? -1
}

function begun(subject: string | PartitionId, row: number): Subject {
  return { subject, row, error: 'NONE', open: true }
}

function isOpen(task: AdminTask, subject: string | PartitionId): boolean {
  return task.subjects.some((one) => one.open && one.subject === subject)
}

function takeTopics(task: AdminTask, { topics }: CreateTopicsResponse): void {
  for (const { name, error } of topics) {
    // Brokers may still be registering, and an earlier request may have been carried out.
    if (error === 'INVALID_REPLICATION_FACTOR') continue
    settle(task, name, error === 'TOPIC_ALREADY_EXISTS' ? 'NONE' : error)
  }
}

/** A topic that is not there is told at once: deleted by an earlier try, or never there. */
function takeDeletion(task: AdminTask, name: string, error: KafkaError): void {
  if (error !== 'UNKNOWN_TOPIC_OR_PARTITION') settle(task, name, error)
  else end(task, name, task.ambiguous ? 'NONE' : error)
}

function takePartitions(task: AdminTask, { error }: CreatePartitionsResponse): void {
  const [only] = task.subjects
  if (only === undefined) return
  const done = task.ambiguous && error === 'INVALID_PARTITIONS'
  settle(task, only.subject, done ? 'NONE' : error)
}

function takeElections(task: AdminTask, { partitions }: ElectLeadersResponse): void {
  for (const { partition, error } of partitions) {
    settle(task, partition, error === 'ELECTION_NOT_NEEDED' ? 'NONE' : error)
  }
}

function settle(task: AdminTask, subject: string | PartitionId, error: KafkaError): void {
  if (!isRetriable(error)) end(task, subject, error)
}

function end(task: AdminTask, subject: string | PartitionId, error: KafkaError): void {
  const found = task.subjects.find((one) => one.open && one.subject === subject)
  if (found === undefined) return
  found.error = error
  found.open = false
  task.history.adminEnded(found.row, error === 'NONE' ? Outcome.ok : Outcome.failed)
}
