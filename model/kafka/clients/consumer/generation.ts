/**
 * How a member loses what it had: its generation, its id, or only its peace (KC 2.5–2.7).
 *
 * What becomes of its partitions is decided later, at the start of the next round of joining, on
 * the application thread: until then a member that was put out goes on as a zombie.
 */

import { Probe } from './probes.ts'
import type { Consumer, ConsumerContext } from './state.ts'

/** The next poll joins again. */
export function requestRejoin(self: Consumer): void {
  self.membership.rejoinNeeded = true
}

/** The group goes on without this member; it keeps its id where the coordinator still knows it. */
export function losesGeneration(self: Consumer, keepsId: boolean, context: ConsumerContext): void {
  if (self.membership.state === 'stable') context.probe(Probe.kicked, self.options.groupNumber)
  resetGeneration(self, keepsId)
}

export function resetGeneration(self: Consumer, keepsId: boolean): void {
  const { membership } = self
  membership.state = 'unjoined'
  membership.generation = -1
  if (!keepsId) membership.memberId = ''
  membership.rejoinNeeded = true
}

/** Whether the member may claim anything in the name of its group. */
export function hasGeneration(self: Consumer): boolean {
  return self.membership.generation >= 0 && self.membership.memberId !== ''
}
