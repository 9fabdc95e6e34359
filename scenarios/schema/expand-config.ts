/**
 * Checks the properties of one config block and lays them over the preset.
 *
 * Unknown names and values that the product refuses are findings; properties without effect here
 * and settings with a price are notices.
 */

import { type ConfigKind, classify, propertyLists } from '../../model/kafka/config/classify.ts'
import { costOf } from '../../model/kafka/config/costs.ts'
import { ConfigException, validate } from '../../model/kafka/config/reader.ts'
import type { Findings, Path } from './findings.ts'
import { didYouMean } from './nearest.ts'
import type { Notice } from './notice.ts'
import type { Config } from './scenario.ts'

export interface ConfigBlock {
  readonly kind: ConfigKind
  readonly path: Path
  readonly config: Config | undefined
  readonly preset: Config
}

export function expandConfig(block: ConfigBlock, findings: Findings, notices: Notice[]): Config {
  const given = block.config ?? {}
  for (const [property, value] of Object.entries(given)) {
    const path = [...block.path, property]
    const found = classify(block.kind, property)
    if (found.class === 'unknown') {
      const words = propertyLists[block.kind].keys()
      findings.addKey(path, `unknown property "${property}"${didYouMean(property, words)}`)
      continue
    }
    const shape = propertyLists[block.kind].get(property)
    if (shape !== undefined) findings.attempt(path, undefined, () => validate(shape, value))
    const about = { config: block.kind, property, value, path }
    const cost = costOf(block.kind, property, value)
    if (cost !== undefined) notices.push({ kind: 'costly', ...about, sentence: cost })
    if (found.class === 'known') {
      notices.push({ kind: 'ignored', ...about, sentence: found.sentence })
    }
  }
  return { ...block.preset, ...given }
}

/**
 * Builds a typed view for its checks alone: rules that tie several properties together speak up
 * at the property they name, or at the block where it is not written.
 */
export function checkView(block: ConfigBlock, findings: Findings, build: () => unknown): void {
  try {
    build()
  } catch (error) {
    if (!(error instanceof ConfigException)) throw error
    const written = block.config?.[error.property] !== undefined
    const path = written ? [...block.path, error.property] : block.path
    const said = findings.list.some((finding) => finding.message === error.message)
    if (!said) findings.add(path, error.message)
  }
}
