/**
 * How a member loses what it had: its generation, its id, or only its peace (KC 2.5–2.7).
 *
 * What becomes of its partitions is decided later, at the start of the next round of joining, on
 * the application thread: until then a member that was put out goes on as a zombie.
 */

import { invariant } from '../../../../sim/invariant.ts'
import { Probe } from './probes.ts'
import type { Consumer, ConsumerContext } from './state.ts'

/** The next poll joins again. */
export function requestRejoin(self: Consumer): void {
  self.membership.rejoinNeeded = true
}

/**
 * An answer says that the group goes on without this member, which keeps its id where the
 * coordinator still knows it. Who has lost the generation that it was `sentIn` has nothing more to
 * lose (KC 2.5, 2.6). Java has to compare the two, because its answers are handled on several
 * threads; here those of one connection keep their order, so one to the past comes before the next
 * join is answered.
 */
export function losesGeneration(
  self: Consumer,
  sentIn: number,
  keepsId: boolean,
  context: ConsumerContext,
): void {
  const { generation, state } = self.membership
  if (generation < 0) return
  invariant(sentIn === generation, 'an answer to the past comes before the next generation')
  if (state === 'stable') context.probe(Probe.kicked, self.options.groupNumber)
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
