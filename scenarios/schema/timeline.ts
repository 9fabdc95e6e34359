/**
 * What torments a run and what its operators do, in canonical form: values in a closed union.
 *
 * Faults strike hosts, links, disks and clocks; operations are actions of administrators and
 * teams. Both are drawn, shrunk, replayed and shown together.
 */

import { type Fault, type FaultKind, faultKinds } from './timeline-faults.ts'
import { type Operation, type OperationKind, operationKinds } from './timeline-operations.ts'

export { faultKinds, operationKinds }
export type { Fault, FaultKind, Operation, OperationKind }
export type { Target, Trigger, TriggerSubject } from './timeline-when.ts'

export type TimelineEntry = Fault | Operation

export function isFault(entry: TimelineEntry): entry is Fault {
  return faultKinds.some((kind) => kind === entry.kind)
}
