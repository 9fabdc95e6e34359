/**
 * Loads a scenario from a name, a file or an object, with what the command line lays over it.
 *
 * Everything that is wrong is thrown at once as an `InputError`, one line each with its place.
 * zod is imported here and late: a command that loads no scenario does not pay for it.
 */

import { basename, dirname, extname, resolve } from 'node:path'
import { type Expanded, expand } from './expand.ts'
import { findScenario, readTextFile, shownPath } from './files.ts'
import { type Finding, pathText } from './findings.ts'
import { InputError } from './input-error.ts'
import { moduleExtensions, readModule } from './module-file.ts'
import type { Notice } from './notice.ts'
import { Overlay } from './overlay.ts'
import type { Scenario } from './scenario.ts'
import { readSource, type Source, sourceOf } from './source.ts'

export interface LoadOptions {
  /** `--set`, in their order. */
  readonly sets?: readonly string[]
  /** Paths of properties files. */
  readonly brokerConfig?: string
  readonly producerConfig?: string
  readonly consumerConfig?: string
  /** `--topic-config key=value`, for every topic. */
  readonly topicConfig?: readonly string[]
  /** Properties without effect here are errors. */
  readonly strict?: boolean
  /** What the model does not know by its name, if whoever loads knows the model. */
  readonly strangers?: (scenario: Scenario) => readonly Finding[]
}

/** A notice with the place where its property stands. */
export interface LocatedNotice extends Notice {
  readonly place: string
}

export interface LoadedScenario {
  readonly scenario: Scenario
  readonly notices: readonly LocatedNotice[]
  /** Absolute path, where it came from one. */
  readonly file?: string
}

export async function loadScenario(
  nameOrFile: string,
  options: LoadOptions = {},
): Promise<LoadedScenario> {
  const file = findScenario(nameOrFile)
  const shown = shownPath(file)
  const extension = extname(file)
  const source = moduleExtensions.includes(extension)
    ? await readModule(file, shown)
    : readSource(readTextFile(file, shown), shown)
  const loaded = await build(source, options, {
    name: basename(file, extension),
    folder: dirname(file),
  })
  return { ...loaded, file }
}

/** A scenario that a program holds as an object, in the form of `ScenarioFile`. */
export async function parseScenario(
  value: unknown,
  options: LoadOptions = {},
): Promise<LoadedScenario> {
  return await build(sourceOf(value, 'scenario'), options, { name: 'unnamed', folder: '.' })
}

/** The text of a YAML or JSON file; `shown` is its name in messages. */
export async function parseScenarioText(
  text: string,
  shown: string,
  options: LoadOptions = {},
): Promise<LoadedScenario> {
  const name = basename(shown, extname(shown))
  return await build(readSource(text, shown), options, { name, folder: dirname(shown) })
}

interface Origin {
  readonly name: string
  /** Files that the scenario names are beside it. */
  readonly folder: string
}

async function build(given: Source, options: LoadOptions, origin: Origin): Promise<LoadedScenario> {
  refuseWorkload(given)
  const { withoutFunctions, loadConsumers } = await import('./load-handlers.ts')
  const { source, functions } = withoutFunctions(given)
  const { validateScenarioFile } = await import('./validate.ts')
  const overlay = new Overlay(source)
  const locate = (finding: Finding): string => lineOf(finding, overlay)
  layOver(overlay, options)
  const validated = validateScenarioFile(overlay.value)
  if (validated.file === undefined) throw new InputError(inOrder(validated.findings.map(locate)))
  const handlers = await loadConsumers(validated.file, functions, {
    folder: origin.folder,
    locate,
  })
  const expanded = expand(validated.file, {
    name: origin.name,
    handlers,
    readText: (csv) => readTextFile(resolve(origin.folder, csv), csv),
  })
  if (expanded.findings.length > 0) throw new InputError(inOrder(expanded.findings.map(locate)))
  const strangers = options.strangers?.(expanded.scenario) ?? []
  if (strangers.length > 0) throw new InputError(inOrder(strangers.map(locate)))
  return withNotices(expanded, overlay, options)
}

/** A load generator's file has a command of its own. */
function refuseWorkload({ value, locate }: Source): void {
  if (typeof value !== 'object' || value === null || !('producersPerTopic' in value)) return
  const place = locate([], false)
  const file = place.replace(/:\d+:\d+$/, '')
  const mend = `dmqsim import ${file} makes a scenario of it`
  throw new InputError([`${place}: is a workload of the OpenMessaging Benchmark: ${mend}`])
}

function layOver(overlay: Overlay, options: LoadOptions): void {
  if (typeof overlay.value !== 'object' || overlay.value === null) return
  const { brokerConfig, producerConfig, consumerConfig } = options
  if (brokerConfig !== undefined) {
    overlay.layProperties('broker', readTextFile(brokerConfig, brokerConfig), brokerConfig)
  }
  if (producerConfig !== undefined) {
    overlay.layProperties('producer', readTextFile(producerConfig, producerConfig), producerConfig)
  }
  if (consumerConfig !== undefined) {
    overlay.layProperties('consumer', readTextFile(consumerConfig, consumerConfig), consumerConfig)
  }
  for (const text of options.topicConfig ?? []) overlay.layTopicConfig(text)
  for (const text of options.sets ?? []) overlay.laySet(text)
}

function withNotices(expanded: Expanded, overlay: Overlay, options: LoadOptions): LoadedScenario {
  const seen = new Set<string>()
  const notices: LocatedNotice[] = []
  for (const notice of expanded.notices) {
    const place = overlay.locate(notice.path, true)
    const key = `${notice.kind} ${place} ${notice.property}`
    if (seen.has(key)) continue
    seen.add(key)
    notices.push({ ...notice, place })
  }
  if (options.strict === true) {
    const lines = notices
      .filter((notice) => notice.kind === 'ignored')
      .map(({ place, property, sentence }) => `${place}: ${property} has no effect: ${sentence}`)
    if (lines.length > 0) throw new InputError(lines)
  }
  return { scenario: expanded.scenario, notices }
}

/** An object has no lines to point at, so its findings say the path. */
function lineOf(finding: Finding, overlay: Overlay): string {
  const place = overlay.locate(finding.path, finding.aboutKey ?? false)
  const pointed = /:\d+:\d+$/.test(place) || place.startsWith('--')
  const path = finding.aboutKey === true ? finding.path.slice(0, -1) : finding.path
  return pointed || path.length === 0
    ? `${place}: ${finding.message}`
    : `${place}: ${pathText(path)}: ${finding.message}`
}

/** Each line once, in the order of the places within a file. */
function inOrder(lines: readonly string[]): readonly string[] {
  const files: string[] = []
  const placed = [...new Set(lines)].map((line) => {
    const match = /^(.+?):(\d+):(\d+): /.exec(line)
    const file = match?.[1] ?? ''
    if (!files.includes(file)) files.push(file)
    return { line, key: [files.indexOf(file), Number(match?.[2] ?? 0), Number(match?.[3] ?? 0)] }
  })
  placed.sort((left, right) => compare(left.key, right.key))
  return placed.map((entry) => entry.line)
}

function compare(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < left.length; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
