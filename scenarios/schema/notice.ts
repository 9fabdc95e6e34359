/**
 * What a scenario's properties deserve to have said about them, without being wrong.
 */

import type { ConfigKind } from '../../model/kafka/config/classify.ts'
import type { Path } from './findings.ts'

export interface Notice {
  /** `ignored`: known to the product, without effect here. `costly`: accepted, at a price. */
  readonly kind: 'ignored' | 'costly'
  readonly config: ConfigKind
  readonly property: string
  readonly value: string | number | boolean
  readonly path: Path
  readonly sentence: string
}
