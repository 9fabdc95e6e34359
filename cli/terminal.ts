/**
 * What a command may see and touch of the world it was called from.
 *
 * Injected, so that tests call commands without a process of their own.
 */

export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Columns of what is printed. */
  readonly columns: number
  readonly colour: boolean
  /** Progress is one line that is written over. */
  readonly live: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Real time in ms. */
  now(): number
  /** Calls `stop` at the first interrupt; the second ends the process. Gives what takes it back. */
  onInterrupt(stop: () => void): () => void
}

/** Columns where nobody says how many there are. */
const COLUMNS = 80

/** Of a pipe or a file: what `COLUMNS` says, as for other tools. */
export function columnsOf({ COLUMNS: said }: Terminal['environment']): number {
  return said !== undefined && /^[1-9]\d{0,3}$/.test(said) ? Number(said) : COLUMNS
}

/** The terminal of this process. */
export function processTerminal(colour: boolean): Terminal {
  const { stdout, stderr } = process
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    columns: stdout.isTTY && stdout.columns > 0 ? stdout.columns : columnsOf(process.env),
    colour,
    live: stderr.isTTY === true,
    environment: process.env,
    now: () => performance.now(),
    onInterrupt(stop) {
      process.once('SIGINT', stop)
      return () => void process.removeListener('SIGINT', stop)
    },
  }
}
