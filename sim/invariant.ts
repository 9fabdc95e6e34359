/**
 * The model's own consistency: what must hold whatever a user, a fault or a switched-off guard
 * does.
 *
 * A broken invariant is a defect of dmqsim. It ends the run as an internal error; it is never a
 * verdict about the simulated system.
 */

export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

/** Ends the run with `sentence` unless `condition` holds. */
export function invariant(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new InvariantError(sentence)
}
