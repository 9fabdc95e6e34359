/**
 * The answer of `dmqsim run` for a terminal: the sentence first, the command that replays last.
 */

import type { Cost, Determinism, RunAnswer } from '../answer.ts'
import { fullStop } from '../sentence.ts'
import { type Thrown, thrownBy } from '../thrown.ts'
import { backlogLines } from './backlog.ts'
import { beliefLines } from './believe.ts'
import { blocks, type Page, text, title, wrap } from './layout.ts'
import { latencyLines, operationLines, thresholdLines } from './measures.ts'
import { bytes, counted, grouped, moment, virtualTime } from './numbers.ts'
import { resourceLines } from './resources.ts'
import { timelineLines } from './timeline.ts'
import { verdictLines } from './verdicts.ts'
import { volumeLines } from './volume.ts'

export function runText(answer: RunAnswer, page: Page): string {
  return text(
    blocks(
      headLines(answer, page),
      ...bodyBlocks(answer, page),
      determinismLines(answer.determinism, page),
      endLines(answer, page),
    ),
  )
}

/** The sentence, and the run in one line. */
export function headLines({ judged, head, cost }: RunAnswer, page: Page): string[] {
  const { result, scenario } = judged
  const facts = [
    scenario.name,
    `seed ${result.case.seed}`,
    `${virtualTime(result.virtualUs)} in ${seconds(head.wallMs)}`,
    ...(cost === undefined ? [] : [costText(cost)]),
    `${grouped(result.events)} events`,
    endedText(judged.result.ended, judged.result.reason),
    `trace ${result.traceHash}`,
  ]
  return [
    ...wrap(fullStop(judged.sentence), page.width).map((line) => page.paint.bold(line)),
    ...wrap(facts.join(' · '), page.width).map((line) => page.paint.dim(line)),
  ]
}

/** What a run and a replay have in common. */
export function bodyBlocks({ judged, configuration, head }: RunAnswer, page: Page): string[][] {
  const { result, scenario } = judged
  return [
    verdictLines(judged.verdicts, page),
    operationLines(judged, page),
    volumeLines(result.volume, page),
    latencyLines(judged, page),
    thresholdLines(judged, page),
    resourceLines(result.resources ?? null, page),
    backlogLines(judged, page),
    handlerLines(thrownBy(result), page),
    timelineLines(result.struck, page),
    beliefLines(
      {
        head,
        scenario,
        configuration,
        sampling: samplingText(),
        probes: result.probes,
        guardsOff: result.case.guardsOff,
        protocols: result.case.protocols,
      },
      page,
    ),
  ]
}

/** Lines that throw which are told; the JSON answer has all. */
const THROWN_SHOWN = 8

/** What handlers of the user's own threw, by the line that threw. */
function handlerLines(thrown: readonly Thrown[], page: Page): string[] {
  if (thrown.length === 0) return []
  const more = thrown.length - THROWN_SHOWN
  return [
    title('Thrown by handlers', page),
    ...thrown.slice(0, THROWN_SHOWN).flatMap((one) => thrownLines(one, page)),
    ...(more > 0 ? [`  and at ${counted(more, 'more line')}`] : []),
  ]
}

function thrownLines(thrown: Thrown, page: Page): string[] {
  const { group, place, count, firstUs, message, messages } = thrown
  const times = count === 1 ? 'once' : `${grouped(count)} times, first`
  const head = `${place} in ${group}: ${times} at ${moment(firstUs)}`
  const others = messages === 1 ? '' : ` (and ${counted(messages - 1, 'other message')})`
  return [
    ...wrap(head, page.width - 4).map((line, at) => (at === 0 ? `  ${line}` : `    ${line}`)),
    ...wrap(`${message}${others}`, page.width - 4).map((line) => page.paint.dim(`    ${line}`)),
  ]
}

function samplingText(): string {
  return (
    'one run of one seed: "kept" says that this run broke nothing, and bounds nothing; ' +
    'dmqsim explore says how often'
  )
}

export function determinismLines(determinism: Determinism | null, page: Page): string[] {
  if (determinism === null) return []
  const { hashes, same, others } = determinism
  const widest = Math.max(...hashes.map(({ where }) => where.length))
  const verdict = same
    ? page.paint.green(`  ✓ the same hash after ${others} other runs in another thread`)
    : page.paint.red('  ✗ the hashes differ: the same case ran differently')
  return [
    title('Determinism', page),
    ...hashes.map(({ where, hash }) => `  ${where.padEnd(widest)}  ${hash}`),
    verdict,
  ]
}

export function endLines({ again, folder }: RunAnswer, page: Page): string[] {
  return [
    ...(folder === null ? [] : [`Report  ${folder}/report.html`]),
    `Again   ${page.paint.bold(again)}`,
  ]
}

function endedText(ended: string, reason: string | null): string {
  if (ended === 'drained') return 'drained'
  return reason === null ? ended : `${ended}: ${reason}`
}

function costText({ cpuMs, peakBytes }: Cost): string {
  return `${seconds(cpuMs)} of CPU, ${bytes(peakBytes)}`
}

function seconds(ms: number): string {
  return moment(Math.round(ms / 100) * 100_000)
}
