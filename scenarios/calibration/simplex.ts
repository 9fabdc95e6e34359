/**
 * The search of Nelder and Mead: walks a simplex downhill, with nothing but values of the function.
 *
 * On plain arithmetic and without randomness, so that the same measurements give the same
 * constants everywhere. It finds a valley, not surely the deepest.
 */

export interface SimplexOptions {
  /** First step in each direction. */
  readonly step: number
  /** Ends when the worst corner is no worse than the best by more than this. */
  readonly tolerance: number
  /** Values that may be asked for. */
  readonly callsMax: number
}

export interface Lowest {
  readonly at: readonly number[]
  readonly value: number
  readonly calls: number
  /** Axes along which the first step changed nothing: the search says nothing of them. */
  readonly flat: readonly number[]
}

interface Corner {
  readonly at: readonly number[]
  readonly value: number
}

type Valued = (at: readonly number[]) => Promise<number>

export async function lowest(
  start: readonly number[],
  valueOf: Valued,
  options: SimplexOptions,
): Promise<Lowest> {
  let calls = 0
  const corner = async (at: readonly number[]): Promise<Corner> => {
    calls += 1
    return { at, value: await valueOf(at) }
  }
  const starts = start.map((_, axis) =>
    start.map((one, other) => (other === axis ? one + options.step : one)),
  )
  const first = await Promise.all([start, ...starts].map(corner))
  const flat = start.flatMap((_, axis) =>
    first[axis + 1]?.value === first[0]?.value ? [axis] : [],
  )
  let corners = inOrder(first)
  while (calls < options.callsMax && spread(corners) > options.tolerance) {
    corners = inOrder(await moved(corners, corner))
  }
  const [best] = corners as [Corner]
  return { ...best, calls, flat }
}

/** The worst corner through the middle of the others, or all towards the best. */
async function moved(
  corners: readonly Corner[],
  corner: (at: readonly number[]) => Promise<Corner>,
): Promise<readonly Corner[]> {
  const best = corners[0] as Corner
  const worst = corners.at(-1) as Corner
  const others = corners.slice(0, -1)
  const next = (others.at(-1) as Corner).value
  const middle = worst.at.map(
    (_, axis) => others.reduce((sum, { at }) => sum + (at[axis] as number), 0) / others.length,
  )
  const along = (share: number): readonly number[] =>
    middle.map((one, axis) => one + share * (one - (worst.at[axis] as number)))
  const reflected = await corner(along(1))
  if (reflected.value < best.value) {
    const expanded = await corner(along(2))
    return [...others, expanded.value < reflected.value ? expanded : reflected]
  }
  if (reflected.value < next) return [...others, reflected]
  const outside = reflected.value < worst.value
  const contracted = await corner(along(outside ? 0.5 : -0.5))
  if (contracted.value < Math.min(reflected.value, worst.value)) return [...others, contracted]
  const shrunk = corners
    .slice(1)
    .map(({ at }) => corner(at.map((one, axis) => (one + (best.at[axis] as number)) / 2)))
  return [best, ...(await Promise.all(shrunk))]
}

function inOrder(corners: readonly Corner[]): readonly Corner[] {
  return [...corners].sort((a, b) => a.value - b.value)
}

function spread(corners: readonly Corner[]): number {
  return (corners.at(-1) as Corner).value - (corners[0] as Corner).value
}
