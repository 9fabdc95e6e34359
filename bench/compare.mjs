/**
 * "Before and after" of a change: two built checkouts run the same cases in turns.
 *
 *   node bench/compare.mjs <old> <new> [--pairs 15] [--warm 200] [--runs 200] [--scenario file]
 *
 * Each turn is a process of its own that warms up first. Printed is the median ratio of the rates
 * with its 95 % bootstrap interval; a lower bound of at least 0.80 counts as unharmed.
 */

import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { $, argv } from 'zx'

const UNHARMED = 0.8
const SEED = 11

if (argv.one === undefined) await compare()
else console.log(JSON.stringify(await measureOne(String(argv.one))))

async function compare() {
  const [before, after] = argv._.map((path) => resolve(String(path)))
  if (before === undefined || after === undefined) {
    console.error('usage: node bench/compare.mjs <old checkout> <new checkout>')
    process.exitCode = 2
    return
  }
  const pairs = Number(argv.pairs ?? 15)
  const scenario = join(after, 'scenarios/bench/explore.yaml')
  const file = argv.scenario === undefined ? scenario : resolve(String(argv.scenario))
  const samples = []
  for (let pair = 0; pair < pairs; pair += 1) {
    const [one, other] = pair % 2 === 0 ? [before, after] : [after, before]
    const first = await inProcess(one, file)
    const second = await inProcess(other, file)
    const [old, now] = pair % 2 === 0 ? [first, second] : [second, first]
    samples.push({ old, now })
    console.error(`${pair + 1}/${pairs}: ${rate(now).toFixed(1)} against ${rate(old).toFixed(1)}`)
  }
  await report(samples)
}

/** Runs per second of processor time. */
function rate({ runs, seconds }) {
  return runs / seconds
}

async function inProcess(checkout, file) {
  const self = fileURLToPath(import.meta.url)
  const warm = argv.warm ?? 200
  const runs = argv.runs ?? 200
  const output = await $({
    quiet: true,
  })`${process.execPath} ${self} --one ${checkout} --scenario ${file} --warm ${warm} --runs ${runs}`
  return JSON.parse(output.stdout)
}

async function measureOne(checkout) {
  const from = (path) => import(pathToFileURL(join(checkout, 'dist', path)).href)
  const { loadScenario } = await from('scenarios/schema/load.js')
  const { exploredCase } = await from('scenarios/explore/cases.js')
  const { run } = await from('scenarios/run.js')
  const { judge } = await from('scenarios/judge.js')
  if (!isAbsolute(argv.scenario)) throw new Error('the scenario of one process is absolute')
  const { scenario } = await loadScenario(argv.scenario)
  const once = (index) => {
    const result = run(exploredCase(scenario, SEED, index))
    judge(result, { series: false })
    return result
  }
  for (let index = 0; index < argv.warm; index += 1) once(1_000_000 + index)
  const hashes = []
  const events = []
  const start = process.cpuUsage()
  for (let index = 0; index < argv.runs; index += 1) {
    const result = once(index)
    hashes.push(result.traceHash)
    events.push(result.events)
  }
  const { user, system } = process.cpuUsage(start)
  return { runs: events.length, seconds: (user + system) / 1e6, events, hashes }
}

async function report(samples) {
  const { median, medianInterval } = await import('../dist/bench/figures.js')
  const { stream } = await import('../dist/sim/random.js')
  const ratios = samples.map(({ old, now }) => rate(now) / rate(old))
  const [low, high] = medianInterval(ratios, stream(1, 'bootstrap'))
  const verdict = low >= UNHARMED ? 'unharmed' : 'slower'
  const { old, now } = samples[0]
  const same = old.hashes.filter((hash, at) => hash === now.hashes[at]).length
  console.log(
    `rate: ${median(ratios).toFixed(3)} times, 95 % in ${low.toFixed(3)} … ${high.toFixed(3)} (${samples.length} pairs): ${verdict}`,
  )
  for (const name of ['old', 'now']) {
    const all = samples.map((sample) => sample[name])
    const nanoseconds = all.map(({ seconds, events }) => (seconds * 1e9) / sum(events))
    const perRun = median(all[0].events).toFixed(0)
    const perSecond = median(all.map(rate)).toFixed(1)
    console.log(
      `${name}: ${perSecond} runs/cpu s, ${median(nanoseconds).toFixed(0)} ns an event, ${perRun} events a run`,
    )
  }
  console.log(`the same events in ${same} of ${old.hashes.length} runs`)
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0)
}
