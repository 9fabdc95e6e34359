/**
 * The type of seedrandom's Alea generator: the one entry of that package used here.
 *
 * The package's main entry calls Math.random at import, so only `lib/alea.js` is imported, and the
 * published types know the main entry alone.
 */
declare module 'seedrandom/lib/alea.js' {
  export interface AleaState {
    c: number
    s0: number
    s1: number
    s2: number
  }

  export interface Alea {
    /** A number in [0, 1) with 32 random bits. */
    (): number
    /** The same number as `()`, under the name that all of the package's generators share. */
    quick(): number
    /** A number in [0, 1) with 53 random bits. */
    double(): number
    /** A signed 32-bit integer. */
    int32(): number
    /** Present only when the generator was made with `{ state: … }`. */
    state?(): AleaState
  }

  export default function alea(
    seed: string | number,
    options?: { state: boolean | AleaState },
  ): Alea
}
