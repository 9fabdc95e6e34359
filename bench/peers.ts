/**
 * `npm run bench:peers`: the same models in the kernel and in others' simulators, side by side.
 *
 * Each pair compares customers or messages per second of processor time; a slower peer gets fewer
 * of them, after a few to warm up. What is not installed is named and left out.
 */

import { parseArgs } from 'node:util'
import { asJson, figure, type Figure, lines } from './figures.ts'
import { pingPong, queueOurs } from './kernel.ts'
import { NODES } from './peers/models.ts'
import { loadSimjs } from './peers/simjs.ts'
import { inSimpy, simpyVersion } from './peers/simpy.ts'
import { queueInSimscript } from './peers/simscript.ts'

interface Comparison {
  readonly name: string
  readonly target: number | null
  /** Customers or messages per second; `scale` 1 for a full measurement. */
  readonly ours: (scale: number) => number
  readonly theirs: (scale: number) => Promise<number>
}

const ourQueue = (scale: number): number => rate(2_000_000 * scale, queueOurs)
const ourPingPong = (scale: number): number =>
  rate(3_000_000 * scale, (messages) => pingPong(NODES, messages, true))

await main()

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
    },
  })
  const simpy = simpyVersion()
  if (simpy === null)
    console.error('SimPy is not installed: pip install simpy, or apt-get install python3-simpy3')
  else if (!values.json) console.log(`SimPy ${simpy}, Node ${process.versions.node}`)
  const figures: Figure[] = []
  for (const comparison of [...(simpy === null ? [] : simpyComparisons()), ...(await packages())]) {
    const measured = await compare(comparison, values.quick ? 3 : 9)
    figures.push(measured)
    if (!values.json) console.log(lines([measured]))
  }
  if (values.json) console.log(JSON.stringify(asJson(figures), null, 2))
}

function simpyComparisons(): Comparison[] {
  const theirs = (model: 'queue' | 'ping-pong' | 'timeouts', count: number) => (scale: number) =>
    Promise.resolve(rate(count * scale, (n) => inSimpy(model, n)))
  return [
    {
      name: 'ping-pong-against-simpy',
      target: 80,
      ours: ourPingPong,
      theirs: theirs('ping-pong', 100_000),
    },
    {
      name: 'ping-pong-against-simpy-timeouts',
      target: null,
      ours: ourPingPong,
      theirs: theirs('timeouts', 400_000),
    },
    { name: 'queue-against-simpy', target: 60, ours: ourQueue, theirs: theirs('queue', 100_000) },
  ]
}

async function packages(): Promise<Comparison[]> {
  const simjs = await loadSimjs()
  return [
    {
      name: 'queue-against-simscript',
      target: 300,
      ours: ourQueue,
      theirs: async (scale) => {
        const customers = Math.round(20_000 * scale)
        return customers / (await queueInSimscript(customers))
      },
    },
    {
      name: 'queue-against-simjs',
      target: 15,
      ours: ourQueue,
      theirs: (scale) => Promise.resolve(rate(200_000 * scale, simjs)),
    },
  ]
}

function rate(count: number, taken: (count: number) => number): number {
  const whole = Math.round(count)
  return whole / taken(whole)
}

/** Who goes first alternates. */
async function compare({ name, target, ours, theirs }: Comparison, pairs: number): Promise<Figure> {
  await theirs(0.2)
  ours(0.2)
  const samples: number[] = []
  for (let pair = 0; pair < pairs; pair += 1) {
    let other = 0
    if (pair % 2 === 0) other = await theirs(1)
    const one = ours(1)
    if (pair % 2 !== 0) other = await theirs(1)
    samples.push(one / other)
  }
  return figure({ name, unit: 'times', target }, samples)
}
