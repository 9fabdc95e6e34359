/**
 * The registries as rows: guards, probes, protocol levels, and where each is registered.
 *
 * The file of an entry is found in the sources (or in what was compiled of them), because an entry
 * does not know where it stands.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { protocolFeatures, protocolPresets } from '../model/kafka/protocols.ts'
import type { GuardRow, Preset, ProbeRow, ProtocolRow } from '../reports/answer.ts'
import { guardEntries, probeEntries } from '../sim/registry.ts'
// For its registrations of guards and probes.
import '../scenarios/run.ts'

export function guardRows(): readonly GuardRow[] {
  const files = registeringFiles('defineGuards(')
  return guardEntries().map((entry) => ({
    name: entry.name,
    rule: entry.rule,
    sentence: entry.sentence,
    protects: entry.protects,
    whenOff: entry.whenOff,
    file: fileOf(entry.name, files),
    exercise: entry.exercise,
    hazards: hazardsIn(entry.whenOff),
  }))
}

export function probeRows(): readonly ProbeRow[] {
  const files = registeringFiles('defineProbes(')
  return probeEntries().map(({ name, sentence, rule }) => ({
    name,
    sentence,
    rule,
    file: fileOf(name, files),
  }))
}

/** Features of brokers that run on KRaft alone. */
const kraftOnly: readonly string[] = ['elr']

export function protocolRows(): readonly ProtocolRow[] {
  return protocolFeatures.map(({ name, rule, sentence, default: usual, levels }) => ({
    feature: name,
    rule,
    sentence,
    default: usual,
    zookeeperMode: !kraftOnly.includes(name),
    levels: levels.map(({ level, ...rest }) => ({
      name: level,
      releases: rest.releases,
      kip: rest.kip,
      sentence: rest.sentence,
      hazards: rest.hazards,
      modelled: rest.modelled,
    })),
  }))
}

export function presetRows(): readonly Preset[] {
  return Object.entries(protocolPresets).map(([release, sets]) => ({
    name: `release=${release}`,
    sets: { ...sets },
  }))
}

/** Entries of hazards.md that a sentence names, such as R04. */
function hazardsIn(sentence: string): readonly string[] {
  return [...new Set(sentence.match(/\b[A-Z]\d{2}\b/g) ?? [])]
}

interface Registering {
  /** Path of the source from the root of the project. */
  readonly path: string
  readonly text: string
}

/** The files of the model that call `register`. */
function registeringFiles(register: string): readonly Registering[] {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..')
  const folder = join(root, 'model')
  if (!existsSync(folder)) return []
  const found: Registering[] = []
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  for (const name of names.sort((a, b) => (a < b ? -1 : 1))) {
    if (!/(?<!\.d)\.[jt]s$/.test(name)) continue
    const text = readFileSync(join(folder, name), 'utf8')
    const path = `model/${name.replaceAll('\\', '/').replace(/\.js$/, '.ts')}`
    if (text.includes(register)) found.push({ path, text })
  }
  return found
}

function fileOf(name: string, files: readonly Registering[]): string | null {
  return files.find(({ text }) => text.includes(`'${name}'`))?.path ?? null
}
