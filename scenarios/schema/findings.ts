/**
 * What is wrong with a scenario, by the path of the value it is about.
 *
 * Expansion goes on after a finding, so that an author sees all of them at once; the places in
 * the file are found from the paths at the end (`source.ts`).
 */

export type Path = readonly (string | number)[]

export interface Finding {
  readonly path: Path
  readonly message: string
  /** The finding is about the name of the last key, not about its value. */
  readonly aboutKey?: boolean
}

export class Findings {
  readonly list: Finding[]
  #place: Path | undefined

  constructor(list: Finding[] = []) {
    this.list = list
  }

  add(path: Path, message: string): void {
    this.#push({ path, message })
  }

  addKey(path: Path, message: string): void {
    this.#push({ path, message, aboutKey: true })
  }

  /** Runs `read`; an error it throws becomes a finding, and `otherwise` the value. */
  attempt<Value>(path: Path, otherwise: Value, read: () => Value): Value {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof Error)) throw error
      this.add(path, error.message)
      return otherwise
    }
  }

  /** A slip in a word that is needed is one thing that is wrong: said where the slip stands. */
  dropNeed(path: Path, name: string): void {
    const place = pathText(this.#place ?? path)
    const index = this.list.findIndex(
      (one) => pathText(one.path) === place && one.message.startsWith(`needs "${name}"`),
    )
    if (index !== -1) this.list.splice(index, 1)
  }

  /** The same list, with every further finding at one place. */
  at(path: Path): Findings {
    const here = new Findings(this.list)
    here.#place = path
    return here
  }

  /** A value that several hosts share is still wrong only once. */
  #push(found: Finding): void {
    const finding = this.#place === undefined ? found : { ...found, path: this.#place }
    const place = pathText(finding.path)
    const said = this.list.some(
      (other) => other.message === finding.message && pathText(other.path) === place,
    )
    if (!said) this.list.push(finding)
  }
}

/** `topics[0].config` */
export function pathText(path: Path): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else text += text === '' ? part : `.${part}`
  }
  return text
}
