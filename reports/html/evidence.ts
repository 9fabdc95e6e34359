/**
 * The evidence of every broken verdict in full: the sentence, the records, and what happened to
 * their partition, with the leader change and the faults around it.
 */

import type {
  Evidence,
  Judged,
  LeaderChange,
  Removal,
  Result,
  Struck,
  TruthBreach,
  Verdict,
} from '../../scenarios/result.ts'
import { counted, grouped, moment } from '../text/numbers.ts'
import { fullStop, offsetsText } from '../sentence.ts'
import { entryLabel, targetText } from './bands.ts'
import { joined, markup, type Markup, nothing, type Piece } from './markup.ts'
import { partitionName } from './partitions.ts'
import { empty, type Section } from './section.ts'
import { evidenceId } from './verdicts.ts'

export function evidenceSection(judged: Judged): Section {
  const broken = judged.verdicts.filter((one) => one.verdict === 'broken')
  const ordered = [...broken].sort(
    (left, right) => Number(left.asExpected) - Number(right.asExpected),
  )
  return {
    id: 'evidence',
    title: 'Evidence',
    lead: null,
    body:
      ordered.length === 0
        ? empty('Nothing broke: there is nothing to show.')
        : ordered.map((one) => verdictMarkup(one, judged.result)),
  }
}

function verdictMarkup(verdict: Verdict, result: Result): Markup {
  const { check, scope, sentence, count, evidence, signature, asExpected } = verdict
  const name = scope === 'all' || scope === '' ? check : `${check} ${scope}`
  const more = Math.max(count, evidence.length) - evidence.length
  const rest = more > 0 ? markup`<p class="note-line">and ${grouped(more)} more.</p>` : nothing
  return markup`<article class="evidence ${asExpected ? '' : 'unwelcome'}" id="${evidenceId(verdict)}">
<h3>${name}</h3>
<p>${fullStop(sentence)}</p>
<p class="note-line">Signature <code>${signature}</code></p>
<ol>
${evidence.map((piece) => pieceMarkup(piece, result))}</ol>
${rest}
</article>
`
}

function pieceMarkup(piece: Evidence, result: Result): Markup {
  const causes = causeFacts(piece, result).filter((one) => one !== null)
  const list = causes.length === 0 ? nothing : markup`<dl class="inline">${causes}</dl>`
  return markup`<li><p>${fullStop(piece.sentence)}</p>
<p class="facts-line">${joined(whereFacts(piece), ' · ')}</p>
${list}</li>
`
}

/** Time, place and records in one line. */
function whereFacts({ atUs, partition, offset, records }: Evidence): Piece[] {
  const facts: Piece[] = []
  if (atUs !== null) facts.push(`at ${moment(atUs)}`)
  if (partition !== null) facts.push(partition)
  if (offset !== null) facts.push(`offset ${grouped(offset)}`)
  if (records.length > 0) {
    const codes = records.map((record) => markup`<code>${record}</code>`)
    facts.push([records.length === 1 ? 'record ' : 'records ', joined(codes, ' ')])
  }
  return facts
}

function fact(name: string, value: Piece): Markup {
  return markup`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

/** What the result says of the partition at that time: how records left, who led, what was on. */
function causeFacts(piece: Evidence, result: Result): Piece[] {
  const removal = removalOf(piece, result)
  const atUs = removal?.atUs ?? piece.atUs
  const change = changeOf(piece, removal, result)
  const faults = atUs === null ? [] : result.struck.filter((one) => isOn(one, atUs))
  const breach = breachOf(piece, result)
  return [
    removal === undefined ? null : fact('left the log', removalText(removal)),
    change === undefined ? null : fact('leader change', changeText(change, result)),
    breach === undefined ? null : fact('inside', breach.sentence),
    faults.length === 0 ? null : fact('meanwhile', faults.map(struckText).join('; ')),
  ]
}

function isAbout(piece: Evidence, partition: number, result: Result): boolean {
  return piece.partition !== null && partitionName(result, partition).text === piece.partition
}

/** The removal that took the offset, the last one at or before the evidence's time. */
function removalOf(piece: Evidence, result: Result): Removal | undefined {
  const { offset } = piece
  if (offset === null) return undefined
  return (result.removals ?? []).findLast(
    (one) =>
      isAbout(piece, one.partition, result) && one.fromOffset <= offset && offset < one.untilOffset,
  )
}

/** The change that brought the removing leader, else a new leader shortly before the breach. */
function changeOf(
  piece: Evidence,
  removal: Removal | undefined,
  result: Result,
): LeaderChange | undefined {
  const own = result.leaders.filter((one) => isAbout(piece, one.partition, result))
  if (removal !== undefined && removal.leaderEpoch >= 0) {
    const brought = own.find((one) => one.leaderEpoch === removal.leaderEpoch)
    if (brought !== undefined) return brought
  }
  const atUs = removal?.atUs ?? piece.atUs
  if (atUs === null) return undefined
  return own.findLast(
    (one, at) =>
      one.atUs <= atUs && one.atUs > atUs - SHORTLY_US && one.leader !== own[at - 1]?.leader,
  )
}

/** How long before a breach something still bears on it. */
const SHORTLY_US = 10_000_000

const removalWords: Readonly<Record<Removal['how'], string>> = {
  elected: 'became leader without them',
  'elected-uncleanly': 'became leader uncleanly, without them',
  truncated: 'cut them off to follow its leader',
  disk: 'lost them with its page cache',
  retention: 'deleted them by age',
}

function removalText({ broker, fromOffset, untilOffset, how, atUs }: Removal): string {
  const count = counted(untilOffset - fromOffset, 'record')
  const range = offsetsText(fromOffset, untilOffset)
  return `${moment(atUs)}: broker ${broker} ${removalWords[how]} (${range}, ${count})`
}

function changeText(change: LeaderChange, result: Result): string {
  const { atUs, leader, leaderEpoch, isr, clean, partition } = change
  const before = result.leaders.findLast(
    (one) => one.partition === partition && one.leaderEpoch < leaderEpoch && one.leader !== -1,
  )
  const who = leader === -1 ? 'no leader' : `broker ${leader} leads`
  const former = before === undefined ? '' : `, before it broker ${before.leader}`
  const how = clean ? '' : ', elected uncleanly'
  const when = atUs < 0 ? 'before t = 0' : moment(atUs)
  return `${when}: ${who} at epoch ${leaderEpoch}${how}${former}; ISR ${isr.join(', ')}`
}

function isOn(one: Struck, atUs: number): boolean {
  if (one.atUs === null || one.refused !== null) return false
  return one.atUs <= atUs && atUs <= (one.untilUs ?? one.atUs + SHORTLY_US)
}

function struckText(one: Struck): string {
  return `${entryLabel(one.index)} ${one.kind} ${targetText(one)}`
}

/** A breach inside the system at the same place and time. */
function breachOf(piece: Evidence, result: Result): TruthBreach | undefined {
  return result.truth.find(
    (one) => isAbout(piece, one.partition, result) && one.sentence !== piece.sentence,
  )
}
