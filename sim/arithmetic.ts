/**
 * Functions that decide something, on plain arithmetic.
 *
 * `Math.log`, `Math.exp` and their kin differ in the last bit between engines; + − × ÷ and square
 * root do not. Accuracy is about 1e-13 relative, far more than a sampler needs.
 */

const LN2 = 0.6931471805599453
const SQRT_HALF = 0.7071067811865476

/** Natural logarithm of a positive finite number. */
export function naturalLog(x: number): number {
  let mantissa = x
  let exponent = 0
  while (mantissa < SQRT_HALF) {
    mantissa *= 2
    exponent -= 1
  }
  while (mantissa > 2 * SQRT_HALF) {
    mantissa /= 2
    exponent += 1
  }
  const t = (mantissa - 1) / (mantissa + 1)
  const square = t * t
  let term = t
  let sum = 0
  for (let odd = 1; odd <= 17; odd += 2) {
    sum += term / odd
    term *= square
  }
  return 2 * sum + exponent * LN2
}

/** e to the power of x, for |x| below 700. */
export function powerOfE(x: number): number {
  const doublings = Math.round(x / LN2)
  const rest = x - doublings * LN2
  let term = 1
  let sum = 1
  for (let n = 1; n <= 14; n += 1) {
    term *= rest / n
    sum += term
  }
  for (let n = 0; n < doublings; n += 1) sum *= 2
  for (let n = 0; n > doublings; n -= 1) sum /= 2
  return sum
}

/** `base` to a real power; base positive. */
export function power(base: number, exponent: number): number {
  return powerOfE(exponent * naturalLog(base))
}

/** A unit exponential from a uniform draw in [0, 1). */
export function exponentialOf(uniform: number): number {
  return -naturalLog(1 - uniform)
}

const LOW = 0.02425
const A = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
]
const B = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572,
  1,
]
const C = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734,
  4.374664141464968, 2.938163982698783,
]
const D = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1]

/**
 * A standard normal from a uniform draw in [0, 1), by the inverse of the distribution function
 * (rational approximation with relative error below 1.2e-9).
 */
export function normalOf(uniform: number): number {
  const p = uniform < 1e-300 ? 1e-300 : uniform
  if (p < LOW) return tail(Math.sqrt(-2 * naturalLog(p)))
  if (p > 1 - LOW) return -tail(Math.sqrt(-2 * naturalLog(1 - p)))
  const q = p - 0.5
  const r = q * q
  return (polynomial(A, r) * q) / polynomial(B, r)
}

function tail(q: number): number {
  return polynomial(C, q) / polynomial(D, q)
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0
  for (let at = 0; at < coefficients.length; at += 1)
    value = value * x + (coefficients[at] as number)
  return value
}

/** From this mean on a Poisson number is the normal one with its skew corrected. */
const POISSON_SEARCHED = 30

/**
 * A Poisson number from a uniform draw in [0, 1): by searching the distribution function for a
 * small mean, and for a large one by the first terms of Cornish and Fisher's expansion, which is
 * off by less than a tenth of a count there.
 */
export function poissonOf(uniform: number, mean: number): number {
  if (!(mean > 0)) return 0
  if (mean >= POISSON_SEARCHED) {
    const z = normalOf(uniform)
    const root = Math.sqrt(mean)
    const skewed = mean + root * z + (z * z - 1) / 6 + (z - z * z * z) / (72 * root)
    return Math.max(0, Math.round(skewed))
  }
  let term = powerOfE(-mean)
  let rest = uniform - term
  let count = 0
  // Beyond this there is no chance left that a double can tell from none.
  while (rest >= 0 && count < 200) {
    count += 1
    term *= mean / count
    rest -= term
  }
  return count
}
