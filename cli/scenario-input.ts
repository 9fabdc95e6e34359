/**
 * The scenario of a command with everything that the command line lays over it.
 *
 * Names of guards, probes and protocol levels are checked here too, because the whole model is
 * loaded.
 */

import type { Configuration } from '../reports/answer.ts'
import { type LoadedScenario, loadScenario, type LoadOptions } from '../scenarios/schema/load.ts'
import { strangeGuard, strangeLevel, strangeNames } from '../scenarios/schema/model-names.ts'
import { ignoredProperties, noticeLines } from '../scenarios/schema/notice-lines.ts'
import type { Scenario } from '../scenarios/schema/scenario.ts'
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
  return { scenario, configuration: configurationOf(loaded, scenario), file: loaded.file }
}

function loadOptions(flags: CaseFlags): LoadOptions {
  const { brokerConfig, producerConfig, consumerConfig } = flags
  return {
    sets: flags.set,
    topicConfig: flags.topicConfig,
    strict: flags.strict ?? false,
    strangers: strangeNames,
    ...(brokerConfig === undefined ? {} : { brokerConfig }),
    ...(producerConfig === undefined ? {} : { producerConfig }),
    ...(consumerConfig === undefined ? {} : { consumerConfig }),
  }
}

function withFlags(scenario: Scenario, flags: CaseFlags): Scenario {
  if (flags.without.length === 0 && flags.protocol.length === 0) return scenario
  for (const name of flags.without) refuse(`--without ${name}: `, strangeGuard(name))
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
  refuse('--protocol ', strangeLevel(name, text.slice(equals + 1)))
  return [name, text.slice(equals + 1)]
}

function refuse(place: string, message: string | null): void {
  if (message !== null) throw new UsageError(`${place}${message}`)
}

function configurationOf(loaded: LoadedScenario, scenario: Scenario): Configuration {
  return {
    inputs: inputsOf(scenario),
    ignored: ignoredProperties(loaded.notices),
    notices: noticeLines(loaded.notices),
  }
}
