/**
 * The answer of `dmqsim replay`: whether it is the same run again, and then its whole story.
 */

import type { Difference, ReplayAnswer } from '../answer.ts'
import { fullStop, offsetsText } from '../sentence.ts'
import { explanationLines } from './explanation.ts'
import { blocks, hung, type Page, text, title } from './layout.ts'
import { grouped, moment } from './numbers.ts'
import { bodyBlocks, endLines, headLines } from './run.ts'
import { nameOf } from './verdicts.ts'

export function replayText(answer: ReplayAnswer, page: Page): string {
  return text(
    blocks(
      headLines(answer, page),
      sameLines(answer, page),
      keptLines(answer, page),
      storyLines(answer, page),
      answer.explanation === null
        ? []
        : explanationLines(answer.explanation, answer.mendCommand, page),
      ...bodyBlocks(answer, page),
      endLines(answer, page),
    ),
  )
}

function sameLines(answer: ReplayAnswer, page: Page): string[] {
  const { paint, width } = page
  const { recordedHash, recordedEngine, same, repeatable, firstDifference, head } = answer
  const hash = answer.judged.result.traceHash
  const lines = [title('Replay', page)]
  if (recordedHash === null) {
    const twice =
      repeatable === true ? 'two runs of it have the same hash' : 'TWO RUNS OF IT DIFFER'
    lines.push(...hung('  ', `no hash was kept for this very case; ${twice}: ${hash}`, width))
  } else if (same) {
    lines.push(paint.green(`  ✓ the same run: ${hash}`))
  } else {
    lines.push(paint.red(`  ✗ not the same run: ${hash} instead of ${recordedHash}`))
    lines.push(...hung('  ', verdictOnDifference(answer), width))
  }
  if (recordedEngine !== head.version) {
    lines.push(`  kept by dmqsim ${recordedEngine}, replayed by ${head.version}`)
  }
  return firstDifference === null ? lines : [...lines, ...differenceLines(firstDifference, width)]
}

function verdictOnDifference({ repeatable, recordedEngine, head }: ReplayAnswer): string {
  if (repeatable === false) return 'two replays differ from each other: it is not deterministic'
  if (recordedEngine === head.version) {
    return 'two replays agree with each other, and the version is the same: the case or the program was changed, or the run that was kept was not deterministic'
  }
  return 'two replays agree with each other: the model has changed between the versions, and the verdicts below decide'
}

function differenceLines({ event, atMs, was, is }: Difference, width: number): string[] {
  const place =
    event === null
      ? 'no trace of the first run was kept, so the first event that differs has no name'
      : `event ${grouped(event)}${atMs === null ? '' : `, ${placed(atMs)}`}`
  return [
    ...hung('  first difference: ', place, width),
    ...hung('    was: ', was, width),
    ...hung('    is:  ', is, width),
  ]
}

/** To the microsecond: two runs may part by less than a millisecond. */
function placed(atMs: number): string {
  const seconds = (Math.abs(atMs) / 1_000).toFixed(6)
  return atMs < 0 ? `during boot, ${seconds} s before t = 0` : `at ${seconds} s`
}

/** What the file says broke, with all the evidence that it kept. */
function keptLines({ failure, judged }: ReplayAnswer, page: Page): string[] {
  if (failure === null) return []
  const again = judged.verdicts.find(
    (verdict) => verdict.check === failure.check && verdict.scope === failure.scope,
  )
  const stands =
    again?.verdict === 'broken'
      ? 'and breaks again'
      : `and is ${again?.verdict ?? 'not judged'} now`
  return [
    title('What broke', page),
    ...hung('  ', `${nameOf(failure)}: ${fullStop(failure.sentence)}`, page.width),
    ...hung('  ', `It broke in run ${grouped(failure.index)} ${stands}.`, page.width),
    ...hung('  ', `mechanism: ${failure.signature}`, page.width),
  ]
}

/** Lost records and how each came to be lost, from truth. */
function storyLines({ judged }: ReplayAnswer, page: Page): string[] {
  const { removals, excuses, truth } = judged.result
  const rows: string[] = []
  const topics = judged.result.topics
  for (const { partition, atUs, fromOffset, untilOffset, broker, leaderEpoch, how } of (
    removals ?? []
  ).slice(0, REMOVALS_SHOWN)) {
    const name = partitionName(topics, partition)
    rows.push(
      `${moment(atUs)}: ${offsetsText(fromOffset, untilOffset)} of ${name} left the log of ` +
        `broker ${broker}${leaderEpoch < 0 ? '' : ` in epoch ${leaderEpoch}`}: ${ways[how]}`,
    )
  }
  const more = (removals?.length ?? 0) - REMOVALS_SHOWN
  if (more > 0) rows.push(`and ${more} more`)
  for (const { partition, atUs, cause } of excuses) {
    rows.push(
      `${moment(atUs)}: what ${partitionName(topics, partition)} lost is excused by ${causes[cause]}`,
    )
  }
  for (const breach of truth) rows.push(`${moment(breach.atUs)}: ${fullStop(breach.sentence)}`)
  if (rows.length === 0) return []
  return [title('What the logs lost', page), ...rows.flatMap((row) => hung('  ', row, page.width))]
}

const causes = {
  'unclean-election': 'unclean-election',
  disk: 'disk',
  'topic-deleted': 'the deletion of its topic',
}

const REMOVALS_SHOWN = 8

const ways = {
  elected: 'it began to lead without them',
  'elected-uncleanly': 'it was elected uncleanly without them',
  truncated: 'it cut them off to follow its leader',
  disk: 'a power loss had taken them',
  retention: 'it deleted them by age',
} as const

/** Partition ids pack topic and number; 4096 numbers a topic (`model/record.ts`). */
const PARTITIONS_MAX = 4_096

function partitionName(topics: readonly string[], partition: number): string {
  const topic = Math.floor(partition / PARTITIONS_MAX)
  return `${topics[topic] ?? `topic-${topic}`}-${partition % PARTITIONS_MAX}`
}
