/**
 * What an author gets when an input is wrong: one line for each finding, with its place.
 *
 * The command ends with exit code 2 on it; nothing of the stack is shown.
 */

export class InputError extends Error {
  /** `file:line:column: what is wrong (the mend)`, one finding each. */
  readonly lines: readonly string[]

  constructor(lines: readonly string[]) {
    super(lines.join('\n'))
    this.name = 'InputError'
    this.lines = lines
  }
}
