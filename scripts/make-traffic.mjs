/**
 * Writes the curves of 2020 in the shape of the public figures (FIG V6).
 *
 * scenarios/traffic/double-eleven-2020.csv: orders a second.
 *
 * 583,000 orders a second 26 s after midnight, 35 times the mean of the day, about 40 % of the day
 * in the first hour. Between those points the curve is an exponential decay and a mild evening.
 *
 * scenarios/capacity/day-2020.csv: messages a second of a platform on which everything else goes on
 * too. The same peak at the same second, and a mean of 100,000 over 24 hours: what the peak adds
 * decays within the first hour (time constant 20 minutes).
 */

import { fs, path } from 'zx'

const PEAK = 583_000
const DAY_S = 86_400
const MEAN = PEAK / 35
const BEFORE_S = 600
const BASE = 6_000
const FIRST_HOUR_SHARE = 0.4

/** Time constant of the decay, so that the first hour carries its share. */
function decaySeconds() {
  const orders = MEAN * DAY_S * FIRST_HOUR_SHARE
  let low = 100
  let high = 5_000
  while (high - low > 0.01) {
    const middle = (low + high) / 2
    if (PEAK * middle * (1 - Math.exp(-3_574 / middle)) + PEAK * 13 < orders) low = middle
    else high = middle
  }
  return low
}

const tau = decaySeconds()
const rest = (MEAN * DAY_S * (1 - FIRST_HOUR_SHARE)) / (DAY_S - 3_600)

function perSecond(t) {
  if (t <= 0) return BASE
  if (t <= 26) return BASE + ((PEAK - BASE) * t) / 26
  const decay = PEAK * Math.exp(-(t - 26) / tau)
  if (t <= 3_600) return decay
  const hour = t / 3_600
  const evening = 1 + 0.35 * Math.sin(((hour - 14) / 12) * Math.PI)
  return Math.max(decay, rest * evening * 0.985)
}

function times() {
  const list = []
  for (let t = -BEFORE_S; t < 0; t += 60) list.push(t)
  for (let t = 0; t < 60; t += 2) list.push(t)
  for (let t = 60; t < 600; t += 10) list.push(t)
  for (let t = 600; t < 7_200; t += 60) list.push(t)
  for (let t = 7_200; t <= DAY_S; t += 600) list.push(t)
  return list
}

const rows = times().map((t) => `${t + BEFORE_S},${Math.round(perSecond(t))}`)
const text = [
  '# Orders a second on 11 November 2020, from ten minutes before midnight: the shape of the public',
  '# figures (docs/specification/ecosystem.md, FIG V6). Made by scripts/make-traffic.mjs.',
  'seconds,perSecond',
  ...rows,
  '',
].join('\n')
await fs.writeFile(
  path.join(import.meta.dirname, '../scenarios/traffic/double-eleven-2020.csv'),
  text,
)

const DAY_MEAN = 100_000
const DAY_TAU = 1_200
const DAY_BEFORE = 60_000

/** What there is without the peak: little in the night, most in the evening. */
function floor(t) {
  return 1 + 0.35 * Math.sin(((t / 3_600 - 14) / 12) * Math.PI)
}

function dayTimes() {
  const list = []
  for (let t = -BEFORE_S; t < 0; t += 60) list.push(t)
  for (let t = 0; t < 60; t += 2) list.push(t)
  for (let t = 60; t < 600; t += 10) list.push(t)
  for (let t = 600; t < 3_600; t += 60) list.push(t)
  for (let t = 3_600; t < DAY_S - BEFORE_S; t += 600) list.push(t)
  list.push(DAY_S - BEFORE_S)
  return list
}

function dayPerSecond(t, level) {
  if (t <= 0) return DAY_BEFORE
  const rest = level * floor(t)
  if (t <= 26) return DAY_BEFORE + ((PEAK - DAY_BEFORE) * t) / 26
  const atPeak = level * floor(26)
  return rest + (PEAK - atPeak) * Math.exp(-(t - 26) / DAY_TAU)
}

/** Messages below the curve, straight between its points. */
function messages(level) {
  const list = dayTimes()
  let sum = 0
  for (let at = 1; at < list.length; at += 1) {
    const [from, until] = [list[at - 1], list[at]]
    sum += ((dayPerSecond(from, level) + dayPerSecond(until, level)) / 2) * (until - from)
  }
  return sum
}

/** The level that gives the mean, by halving. */
function dayLevel() {
  let [low, high] = [1_000, DAY_MEAN]
  while (high - low > 0.1) {
    const middle = (low + high) / 2
    if (messages(middle) < DAY_MEAN * DAY_S) low = middle
    else high = middle
  }
  return high
}

const level = dayLevel()
const day = [
  '# Messages a second on 11 November 2020, 24 hours from 23:50 on: the peak of the public figures,',
  '# 583,000 a second at 00:00:26 (docs/specification/ecosystem.md, FIG V6), and a mean of 100,000,',
  '# 8.64 billion in the day. What the peak adds decays within the first hour; the rest is a day with',
  '# its evening. The peak is published, the mean is an assumption. Made by scripts/make-traffic.mjs.',
  'seconds,perSecond',
  ...dayTimes().map((t) => `${t + BEFORE_S},${Math.ceil(dayPerSecond(t, level))}`),
  '',
].join('\n')
await fs.writeFile(path.join(import.meta.dirname, '../scenarios/capacity/day-2020.csv'), day)
