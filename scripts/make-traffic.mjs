/**
 * Writes scenarios/traffic/double-eleven-2020.csv: a day in the shape of the public figures (FIG V6).
 *
 * 583,000 orders a second 26 s after midnight, 35 times the mean of the day, about 40 % of the day
 * in the first hour. Between those points the curve is an exponential decay and a mild evening.
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
