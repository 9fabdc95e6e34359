/**
 * Puts the shards of an exploration together: their runs in order, their failures by the lowest
 * run.
 *
 * Shards own whole islands (`scenarios/explore/shard.ts`), so what comes out is what one machine
 * would have found. A shard that is missing, or was cut short, is named.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExploreAnswer } from '../reports/answer.ts'
import { againstBaseline } from '../reports/baseline.ts'
import { exploreSuite } from '../reports/ci/explore.ts'
import { explorationFindings } from '../reports/conclusion.ts'
import { mergeJson } from '../reports/json/explore.ts'
import { exploreText } from '../reports/text/explore.ts'
import { explorationSentence } from '../reports/text/phrases.ts'
import { ENGINE } from '../scenarios/engine.ts'
import type { Exploration } from '../scenarios/explore/explore.ts'
import { type Failure, failureOf } from '../scenarios/explore/failure.ts'
import { type Shard, shardText } from '../scenarios/explore/shard.ts'
import { InputError } from '../scenarios/schema/input-error.ts'
import { probeEntries } from '../sim/registry.ts'
// For its registrations of probes.
import '../scenarios/run.ts'
import { speak } from './answer.ts'
import { readBaseline } from './baseline.ts'
import type { MergeFlags } from './commands/merge.ts'
import { ExitCode, exitCodesOf, gravest } from './exit-code.ts'
import { commandLine, reportOf, wantsJson } from './flags.ts'
import { Folder } from './folder.ts'
import { inputsOf } from './inputs.ts'
import { type JournalEnd, type ReadJournal, readJournal } from './journal.ts'
import { keepFailures } from './kept-failures.ts'
import { ProgressLine } from './progress.ts'
import type { Session } from './session.ts'
import { UsageError } from './usage.ts'

interface Part {
  readonly folder: string
  readonly journal: ReadJournal
  readonly shard: Shard
}

export async function mergeCommand(
  session: Session,
  folders: readonly string[],
  flags: MergeFlags,
): Promise<number> {
  if (reportOf(flags) !== undefined) {
    throw new UsageError('--report: merge writes none; replay a failure with --report instead')
  }
  wantsJson(flags)
  const parts = folders.map(partOf).sort((a, b) => a.shard.index - b.shard.index)
  checkTogether(parts)
  const exploration = explorationOf(parts)
  const { scenario, seed } = exploration
  const baseline = flags.baseline === undefined ? null : readBaseline(flags.baseline, scenario)
  const folder = new Folder(scenario.name, seed, flags.out)
  const baselineWords = flags.baseline === undefined ? [] : ['--baseline', flags.baseline]
  const again = commandLine(['merge', ...folders, ...baselineWords])
  session.again = again
  const progress = new ProgressLine(session.terminal, flags.quiet === true)
  const found = parts.flatMap((part) => failuresIn(part.folder))
  folder.clear('failures')
  const kept = keepFailures(exploration, {
    folder,
    shrinks: true,
    found,
    now: session.terminal.now,
    tell: (line) => progress.show(() => line),
  })
  progress.end()
  const answer: ExploreAnswer = {
    head: session.head('merge', seed),
    exploration,
    failures: kept.failures,
    configuration: { inputs: inputsOf(scenario), ignored: [], notices: [] },
    again,
    folder: folder.path,
    hashes: flags.hashes === true,
    exploredMs: Math.max(0, ...ends(parts).map(({ exploredMs }) => exploredMs)),
    stopped: null,
    runsAsked: null,
    probesKnown: probeEntries().map(({ name }) => name),
    shards: shardsOf(parts),
    baseline: baseline === null ? null : againstBaseline(exploration, baseline),
  }
  folder.write('result.json', `${JSON.stringify(mergeJson(answer), null, 2)}\n`)
  const code = gravest(exitCodesOf(explorationFindings(exploration, answer.baseline)))
  speak(session.terminal, flags, {
    json: () => mergeJson(answer),
    text: (page) => exploreText(answer, page),
    sentence: () => explorationSentence(exploration),
    again: code === ExitCode.asExpected ? null : again,
    suite: () => exploreSuite(answer),
  })
  return code
}

function partOf(folder: string): Part {
  const journal = readJournal(folder)
  if (journal === null) {
    throw new InputError([`${folder}: holds no journal: it is no folder of dmqsim explore --shard`])
  }
  const { shard, engine } = journal
  if (shard === null) {
    throw new InputError([
      `${folder}: is a whole exploration and no shard: nothing is to be merged`,
    ])
  }
  if (engine !== ENGINE) {
    throw new InputError([`${folder}: is of dmqsim ${engine}, and this is ${ENGINE}`])
  }
  return { folder, journal, shard }
}

/** One scenario, one seed, one division, and no shard twice. */
function checkTogether(parts: readonly Part[]): void {
  const [first, ...rest] = parts
  if (first === undefined) return
  const about = ({ journal, shard }: Part): string =>
    JSON.stringify([journal.scenario, journal.seed, shard.of])
  const stranger = rest.find((part) => about(part) !== about(first))
  if (stranger !== undefined) {
    const why = 'another scenario, seed or number of shards'
    throw new InputError([
      `${stranger.folder}: belongs to something else than ${first.folder}: ${why}`,
    ])
  }
  parts.forEach((part, at) => {
    const before = parts[at - 1]
    if (before?.shard.index !== part.shard.index) return
    const shard = shardText(part.shard)
    throw new InputError([`${part.folder}: is shard ${shard}, and so is ${before.folder}`])
  })
}

function explorationOf(parts: readonly Part[]): Exploration {
  const [{ journal }] = parts as [Part, ...Part[]]
  const done = ends(parts)
  const sum = (of: (end: JournalEnd) => number): number =>
    done.reduce((total, end) => total + of(end), 0)
  return {
    scenario: journal.scenario,
    seed: journal.seed,
    jobs: sum(({ jobs }) => jobs),
    runs: parts.flatMap((part) => part.journal.runs).sort((a, b) => a.index - b.index),
    determinism: {
      checked: sum(({ determinism }) => determinism.checked),
      different: done.flatMap(({ determinism }) => determinism.different).sort((a, b) => a - b),
    },
    spent: { runMs: sum(({ spent }) => spent.runMs), checkMs: sum(({ spent }) => spent.checkMs) },
  }
}

function ends(parts: readonly Part[]): readonly JournalEnd[] {
  return parts.flatMap(({ journal }) => journal.end ?? [])
}

function shardsOf(parts: readonly Part[]): NonNullable<ExploreAnswer['shards']> {
  const [first] = parts as [Part, ...Part[]]
  const whole = new Set(
    parts.filter(({ journal }) => journal.end !== null).map(({ shard }) => shard.index),
  )
  const missing: string[] = []
  for (let index = 0; index < first.shard.of; index += 1) {
    if (!whole.has(index)) missing.push(shardText({ index, of: first.shard.of }))
  }
  const there = parts.map(({ shard, journal }) => ({
    shard: shardText(shard),
    runs: journal.runs.length,
  }))
  return { there, missing }
}

/** What a shard has shrunk already. */
function failuresIn(folder: string): readonly Failure[] {
  const failures = join(folder, 'failures')
  let names: string[]
  try {
    names = readdirSync(failures)
  } catch {
    // A shard without a failure has no such folder.
    return []
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => failureOf(readFileSync(join(failures, name), 'utf8'), join(failures, name)))
}
