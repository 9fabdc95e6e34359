/**
 * What follows when a leader's high watermark can rise: waiting produces and readers (KB P6, P9).
 */

import type { Broker, BrokerContext } from '../broker-state.ts'
import { checkReaders } from './fetch-purgatory.ts'
import { raiseHighWatermark } from './high-watermark.ts'
import { checkProduces } from './produce-purgatory.ts'
import type { Partition } from './state.ts'

/** Raises the high watermark if it can rise, and completes what waited for it. */
export function advance(self: Broker, partition: Partition, context: BrokerContext): void {
  if (!raiseHighWatermark(self, partition, context)) return
  checkProduces(self, partition, context)
  checkReaders(self, partition, context)
}
