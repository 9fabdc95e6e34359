/**
 * The end of a log, asked again and again: what a reader was told is there stays there (KB F9).
 *
 * Follows KIP-207: a new leader knows of less than the old one had committed and told, and says so
 * until it has caught up. Compared are answers of leaders alone, each with the epoch it leads in:
 * one that was deposed and does not know it may rightly name an earlier end. Left out: topics whose
 * leaders may be elected uncleanly, for those lose what was told.
 */

import type { PartitionId } from '../../../record.ts'
import type { KafkaError } from '../../errors.ts'
import type { MetadataPartition } from '../../messages.ts'
import { errorsOf, type Inspection, ledPartition, type Script, type View } from './script.ts'

/** The furthest end of a partition that was told, and in which leader epoch. */
export interface ToldEnd {
  readonly offset: number
  readonly leaderEpoch: number
}

export type ToldEnds = Map<PartitionId, ToldEnd>

const NOT_YET: readonly KafkaError[] = ['OFFSET_NOT_AVAILABLE']

function* askingEnd({ leader, partition }: MetadataPartition, told: ToldEnds): Script {
  const answer = yield {
    to: 'broker',
    broker: leader,
    request: {
      type: 'ListOffsetsRequest',
      apiVersion: 9,
      replicaId: -1,
      isolation: 'read_uncommitted',
      partitions: [{ partition, currentLeaderEpoch: -1, timestamp: 'latest' }],
    },
  }
  if (errorsOf(answer).some((error) => NOT_YET.includes(error))) return 'refused'
  if (answer === null || !('type' in answer) || answer.type !== 'ListOffsetsResponse')
    return 'unsure'
  const [row] = answer.partitions
  if (row === undefined || row.error !== 'NONE') return 'unsure'
  const before = told.get(partition) ?? { offset: 0, leaderEpoch: -1 }
  if (row.leaderEpoch < before.leaderEpoch) return 'unsure'
  if (row.offset < before.offset) return 'accepted'
  told.set(partition, { offset: row.offset, leaderEpoch: row.leaderEpoch })
  return 'refused'
}

export const endInspections: readonly Inspection[] = [
  {
    name: 'the end of a log whose leader does not know it yet',
    certain: true,
    play(view: View): Script | null {
      const partition = view.limits.uncleanLeaderElectionEnable ? undefined : ledPartition(view)
      return partition === undefined ? null : askingEnd(partition, view.toldEnds)
    },
  },
]
