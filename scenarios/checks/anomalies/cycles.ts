/**
 * Cycles in a graph of numbered nodes: its strongly connected components of more than one node.
 */

export class Graph {
  readonly #nodes: number
  readonly #from: number[] = []
  readonly #to: number[] = []

  constructor(nodes: number) {
    this.#nodes = nodes
  }

  edge(from: number, to: number): void {
    if (from === to) return
    this.#from.push(from)
    this.#to.push(to)
  }

  /** Each cycle's nodes, in ascending order: first forward by finishing time, then backward. */
  cycles(): readonly (readonly number[])[] {
    const forward = neighbours(this.#nodes, this.#from, this.#to)
    const backward = neighbours(this.#nodes, this.#to, this.#from)
    const seen = new Uint8Array(this.#nodes)
    const finished: number[] = []
    for (let node = 0; node < this.#nodes; node += 1) reach(forward, node, seen, finished)
    seen.fill(0)
    const found: number[][] = []
    for (let at = finished.length - 1; at >= 0; at -= 1) {
      const component: number[] = []
      reach(backward, finished[at] as number, seen, component)
      if (component.length > 1) found.push(component.sort((left, right) => left - right))
    }
    return found
  }
}

function neighbours(
  nodes: number,
  from: readonly number[],
  to: readonly number[],
): readonly (readonly number[])[] {
  const lists: number[][] = Array.from({ length: nodes }, () => [])
  for (let at = 0; at < from.length; at += 1)
    (lists[from[at] as number] as number[]).push(to[at] as number)
  return lists
}

/** Adds what can be reached from a node and was not seen, each after all that it leads to. */
function reach(
  lists: readonly (readonly number[])[],
  start: number,
  seen: Uint8Array,
  into: number[],
): void {
  if (seen[start] === 1) return
  seen[start] = 1
  const path = [start]
  const next = [0]
  while (path.length > 0) {
    const node = path.at(-1) as number
    const at = next.at(-1) as number
    const to = lists[node]?.[at]
    if (to === undefined) {
      path.pop()
      next.pop()
      into.push(node)
      continue
    }
    next[next.length - 1] = at + 1
    if (seen[to] === 1) continue
    seen[to] = 1
    path.push(to)
    next.push(0)
  }
}
