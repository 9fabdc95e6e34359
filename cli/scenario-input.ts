/**
 * The scenario of a command with everything that the command line lays over it.
 *
 * Names of guards and protocol levels are checked here, because only whoever has the whole model
 * loaded knows them.
 */

import { protocolFeatures, ProtocolException, protocolsOf } from '../model/kafka/protocols.ts'
import type { Configuration } from '../reports/answer.ts'
import { InputError } from '../scenarios/schema/input-error.ts'
import { type LoadedScenario, loadScenario, type LoadOptions } from '../scenarios/schema/load.ts'
import { didYouMean } from '../scenarios/schema/nearest.ts'
import { ignoredProperties, noticeLines } from '../scenarios/schema/notice-lines.ts'
import type { Scenario } from '../scenarios/schema/scenario.ts'
import { guardNamed, guardEntries, probeEntries } from '../sim/registry.ts'
import type { CaseFlags } from './flags.ts'
import { inputsOf } from './inputs.ts'
import { UsageError } from './usage.ts'
// For its registrations of guards and probes.
import '../scenarios/run.ts'

export interface ScenarioInput {
  readonly scenario: Scenario
  readonly configuration: Configuration
  /** Absolute, where it came from one. */
  readonly file: string | undefined
}

export async function scenarioInput(nameOrFile: string, flags: CaseFlags): Promise<ScenarioInput> {
  const loaded = await loadScenario(nameOrFile, loadOptions(flags))
  const scenario = withFlags(loaded.scenario, flags)
  checkNames(scenario, nameOrFile)
  return { scenario, configuration: configurationOf(loaded, scenario), file: loaded.file }
}

function loadOptions(flags: CaseFlags): LoadOptions {
  const { brokerConfig, producerConfig, consumerConfig } = flags
  return {
    sets: flags.set,
    topicConfig: flags.topicConfig,
    strict: flags.strict ?? false,
    ...(brokerConfig === undefined ? {} : { brokerConfig }),
    ...(producerConfig === undefined ? {} : { producerConfig }),
    ...(consumerConfig === undefined ? {} : { consumerConfig }),
  }
}

function withFlags(scenario: Scenario, flags: CaseFlags): Scenario {
  if (flags.without.length === 0 && flags.protocol.length === 0) return scenario
  for (const name of flags.without) checkGuard(name, '--without ')
  const levels = flags.protocol.map(levelOf)
  return {
    ...scenario,
    guardsOff: [...new Set([...scenario.guardsOff, ...flags.without])],
    protocols: { ...scenario.protocols, ...Object.fromEntries(levels) },
  }
}

function levelOf(text: string): [string, string] {
  const equals = text.indexOf('=')
  if (equals < 1) {
    throw new UsageError(`--protocol ${text}: write a name and a level: truncation=hw`)
  }
  const name = text.slice(0, equals)
  checkLevel(name, text.slice(equals + 1), '--protocol ')
  return [name, text.slice(equals + 1)]
}

function checkNames(scenario: Scenario, place: string): void {
  for (const name of scenario.guardsOff) checkGuard(name, `${place}: guardsOff: `)
  for (const [name, level] of Object.entries(scenario.protocols)) {
    checkLevel(name, level, `${place}: protocols: `)
  }
  const probes = probeEntries().map((entry) => entry.name)
  for (const name of scenario.requiredProbes) {
    if (probes.includes(name)) continue
    const hint = didYouMean(name, probes) || ': dmqsim probes shows them all'
    throw new InputError([`${place}: requiredProbes: there is no probe "${name}"${hint}`])
  }
}

function checkGuard(name: string, place: string): void {
  if (guardNamed(name) !== undefined) return
  const known = guardEntries().map((entry) => entry.name)
  const hint = didYouMean(name, known) || ': dmqsim guards shows them all'
  throw new UsageError(`${place}${name}: there is no such guard${hint}`)
}

function checkLevel(name: string, level: string, place: string): void {
  const features = [...protocolFeatures.map((feature) => feature.name), 'release']
  if (!features.includes(name)) {
    const hint = didYouMean(name, features) || ': dmqsim protocols shows them all'
    throw new UsageError(`${place}${name}=${level}: there is no such protocol feature${hint}`)
  }
  try {
    protocolsOf({ [name]: level })
  } catch (error) {
    if (!(error instanceof ProtocolException)) throw error
    const levels = protocolFeatures.find((one) => one.name === name)?.levels ?? []
    const words = levels.map((one) => one.level)
    throw new UsageError(`${place}${error.message}${didYouMean(level, words)}`)
  }
}

function configurationOf(loaded: LoadedScenario, scenario: Scenario): Configuration {
  return {
    inputs: inputsOf(scenario),
    ignored: ignoredProperties(loaded.notices),
    notices: noticeLines(loaded.notices),
  }
}
