/**
 * Random faults on an ensemble with clients that write all the time, and the laws it has to keep
 * (KB 9 #24, KB Z13–Z27). Each breach is a sentence; an empty list is a run that kept them all.
 */

import type { ZooKeeperOperation } from '../../../model/zookeeper/messages.ts'
import { epochOf } from '../../../model/zookeeper/transaction.ts'
import { type HostFault, strike } from '../../../sim/faults.ts'
import { type Stream, stream } from '../../../sim/random.ts'
import {
  type Commit,
  create,
  EnsembleWorld,
  ephemeral,
  getData,
  setData,
} from './ensemble-world.ts'

export interface FuzzOptions {
  readonly seed: number
  readonly servers: number
  readonly guardsOff?: readonly string[]
  readonly seconds?: number
}

export interface FuzzResult {
  readonly breaches: readonly string[]
  readonly commits: number
  readonly probes: Readonly<Record<string, number>>
  readonly guards: Readonly<Record<string, number>>
  readonly hash: string
  readonly events: number
}

const registers = ['/r0', '/r1', '/r2']

export function fuzz(options: FuzzOptions): FuzzResult {
  const { seed, servers, guardsOff = [], seconds = 60 } = options
  const random = stream(seed, 'fuzz')
  const retryOnConnectionLoss = random.chance(0.5)
  const world = new EnsembleWorld({
    seed,
    servers,
    clients: 3,
    guardsOff,
    retryOnConnectionLoss,
    renew: true,
    commitLogCount: random.pick([5, 50, 500]),
  })
  const laws = new Laws(world)
  world.start()
  world.settle(60_000)
  for (const path of registers) world.do('client-1', create(path, 0))

  torment(world, random, seconds, laws)

  const breaches = laws.breaches
  try {
    world.settle(240_000)
    // A last write that all have to see.
    world.do('client-1', setData('/r0', 'last'), 60_000)
    world.runUntil(() => hasCaughtUp(world), 30_000)
  } catch (error) {
    breaches.push(`the ensemble did not recover: ${(error as Error).message}`)
    return result(world, breaches)
  }
  laws.check()
  laws.checkAtEnd()
  return result(world, breaches)
}

function result(world: EnsembleWorld, breaches: readonly string[]): FuzzResult {
  const { simulation, commits } = world
  return {
    breaches: [...new Set(breaches)],
    commits: commits.length,
    probes: simulation.probesByName(),
    guards: simulation.guardsByName(),
    hash: simulation.kernel.hash(),
    events: simulation.kernel.events,
  }
}

/** Every server has applied all that is committed, so their trees can be compared. */
function hasCaughtUp(world: EnsembleWorld): boolean {
  const last = world.commits.at(-1)?.zxid
  return world.servers.every((name) => world.server(name).tree.lastZxid === last)
}

function torment(world: EnsembleWorld, random: Stream, seconds: number, laws: Laws): void {
  const end = world.nowUs + seconds * 1_000_000
  const running: { readonly atUs: number; readonly end: () => void }[] = []
  while (world.nowUs < end) {
    for (const client of world.clients) if (random.chance(0.7)) askSomething(world, client, random)
    if (running.length < 3 && random.chance(0.06)) {
      const ended = strike(world.simulation, drawFault(world, random), random)
      const atUs = world.nowUs + random.between(100, 12_000) * 1000
      if (ended !== null) running.push({ atUs, end: ended })
    }
    for (let index = running.length - 1; index >= 0; index -= 1) {
      if ((running[index] as { atUs: number }).atUs > world.nowUs) continue
      running.splice(index, 1)[0]?.end()
    }
    world.runFor(random.between(1, 200))
    laws.check()
  }
  for (const fault of running) fault.end()
  // A crash or pause that was to strike inside a handler may still come.
  world.runFor(5000)
  for (const process of [...world.servers, ...world.clients]) {
    world.simulation.resume(process)
    world.simulation.start(process)
  }
}

function askSomething(world: EnsembleWorld, client: string, random: Stream): void {
  if (world.simulation.process(client)?.phase !== 'running') return
  const path = random.pick(registers)
  const value = random.int(1_000_000)
  const operations: readonly ZooKeeperOperation[] = [
    setData(path, value),
    setData(path, value, random.int(30)),
    getData(path, true),
    ephemeral(`/${client}-${random.int(3)}`),
    { op: 'create', path: '/s', data: value, bytes: 8, mode: 'ephemeral-sequential' },
    { op: 'delete', path: `/${random.pick(world.clients)}-${random.int(3)}`, version: -1 },
    { op: 'getChildren', path: '/', watch: true },
    {
      op: 'multi',
      writes: [
        { op: 'check', path, version: random.int(10) - 1 },
        { op: 'setData', path, data: value, bytes: 8, version: -1 },
        { op: 'create', path: '/m', data: value, bytes: 8, mode: 'ephemeral' },
      ],
    },
    { op: 'delete', path: '/m', version: -1 },
    { op: 'sync', path: '/' },
  ]
  world.ask(client, random.pick(operations))
  if (random.chance(0.005)) world.endSession(client)
}

function drawFault(world: EnsembleWorld, random: Stream): HostFault {
  const all = [...world.servers, ...world.clients]
  const some = all.filter(() => random.chance(0.35))
  const rest = all.filter((name) => !some.includes(name))
  const server = random.chance(0.4) ? (world.leaders()[0] ?? 'zookeeper-1') : random.pick(all)
  const oneWay = { from: some, to: rest }
  const otherWay = { from: rest, to: some }
  const faults: readonly HostFault[] = [
    { kind: 'crash', hosts: [server] },
    { kind: 'crash', hosts: world.servers },
    { kind: 'power-loss', hosts: [server] },
    { kind: 'power-loss', hosts: some.length > 0 ? some : [server] },
    { kind: 'power-loss', hosts: world.servers },
    { kind: 'pause', hosts: [server] },
    { kind: 'cut', directions: [oneWay, otherWay] },
    { kind: 'cut', directions: [oneWay] },
    { kind: 'cut', directions: [{ from: [server], to: all.filter((name) => name !== server) }] },
    { kind: 'hold', directions: [oneWay] },
    { kind: 'reset', between: some, and: rest },
    { kind: 'slow-disk', hosts: [server], delayUs: 300_000, factor: 5 },
    { kind: 'clock-drift', hosts: [server], ppm: random.pick([-20_000, 20_000]) },
  ]
  return random.pick(faults)
}

class Laws {
  readonly breaches: string[] = []
  readonly #world: EnsembleWorld
  readonly #checkedReplies = new Map<string, number>()
  readonly #lastZxid = new Map<string, number>()
  readonly #tokens = new Map<string, number>()
  /** Paths changed by each committed transaction. */
  readonly #zxids = new Map<number, string>()
  #checkedCommits = 0

  constructor(world: EnsembleWorld) {
    this.#world = world
  }

  check(): void {
    this.#checkCommits()
    this.#checkServers()
    for (const client of this.#world.clients) this.#checkClient(client)
  }

  #checkCommits(): void {
    const { commits } = this.#world
    for (; this.#checkedCommits < commits.length; this.#checkedCommits += 1) {
      const { zxid, changes } = commits[this.#checkedCommits] as Commit
      this.#zxids.set(zxid, changes.map(({ path }) => path).join())
      const before = commits[this.#checkedCommits - 1]?.zxid ?? 0
      if (zxid <= before) this.breaches.push('zxids are committed out of order')
      if (epochOf(zxid) === epochOf(before) && zxid !== before + 1) {
        this.breaches.push('committed zxids have a gap within an epoch')
      }
    }
  }

  #checkServers(): void {
    const last = this.#world.commits.at(-1)?.zxid ?? 0
    for (const name of [...this.#world.leaders(), ...this.#world.followers()]) {
      const { tree, log, applied } = this.#world.server(name)
      for (const { zxid, changes } of log.entries.slice(Math.max(0, applied - 20), applied)) {
        const told = changes.filter(({ kind }) => kind !== 'checked').map(({ path }) => path)
        if (this.#zxids.get(zxid) !== told.join()) {
          this.breaches.push('a server applied something else than was committed')
        }
      }
      const { leading, following, currentEpoch } = this.#world.server(name)
      if (currentEpoch !== (leading ?? following)?.epoch) {
        this.breaches.push('a server serves in an epoch that it has not stored')
      }
      if (tree.lastZxid > last) this.breaches.push('a server serves what is not committed')
      for (const { ephemeralOwner } of tree.snapshot().nodes) {
        if (ephemeralOwner !== 0 && !tree.sessions.has(ephemeralOwner)) {
          this.breaches.push('an ephemeral node outlives its session')
        }
      }
    }
  }

  #checkClient(client: string): void {
    const heard = this.#world.heardBy(client)
    for (let index = this.#checkedReplies.get(client) ?? 0; index < heard.length; index += 1) {
      const { kind, state, result, token } = heard[index] as (typeof heard)[number]
      if (kind === 'session' && (state === 'expired' || state === 'closed')) {
        this.#lastZxid.set(client, 0)
      }
      if (result === null || kind !== 'reply') continue
      if (token < (this.#tokens.get(client) ?? 0)) {
        this.breaches.push('a session got its answers out of order')
      }
      this.#tokens.set(client, token)
      if (result.error === 'CONNECTIONLOSS' || result.error === 'SESSIONEXPIRED') continue
      if (result.zxid < (this.#lastZxid.get(client) ?? 0)) {
        this.breaches.push('a session saw time go backwards')
      }
      this.#lastZxid.set(client, result.zxid)
      if (result.zxid !== 0 && !this.#zxids.has(result.zxid)) {
        this.breaches.push('a client was told of a transaction that is not committed')
      }
    }
    this.#checkedReplies.set(client, heard.length)
  }

  checkAtEnd(): void {
    const world = this.#world
    const [first, ...others] = world.servers
    const tree = world.treeOf(first as string)
    for (const other of others) {
      if (world.treeOf(other) !== tree) this.breaches.push('the trees of two servers differ')
    }
    this.#checkHistory(world.server(first as string))
    this.#checkEphemerals()
  }

  /** The tree is exactly what the committed changes amount to. */
  #checkHistory({ tree }: ReturnType<EnsembleWorld['server']>): void {
    const expected = new Map<string, { readonly data: unknown; readonly version: number }>()
    for (const { changes } of this.#world.commits) {
      for (const { kind, path, data, version } of changes) {
        if (kind === 'deleted') expected.delete(path)
        else expected.set(path, { data, version })
      }
    }
    for (const { path, data, version } of tree.snapshot().nodes) {
      if (path === '/') continue
      const node = expected.get(path)
      if (node?.data !== data || node?.version !== version) {
        this.breaches.push(`${path} is not what was committed`)
      }
      expected.delete(path)
    }
    if (expected.size > 0) this.breaches.push('a committed node is missing')
  }

  #checkEphemerals(): void {
    const { tree } = this.#world.server(this.#world.leader())
    const open = new Set(this.#world.opened)
    for (const { sessionId } of this.#world.expired) open.delete(sessionId)
    for (const sessionId of tree.sessions.keys()) {
      if (!open.has(sessionId)) this.breaches.push('a session lives that has expired')
    }
    for (const client of this.#world.clients) {
      const { sessionId, state } = this.#world.client(client)
      if (state === 'connected' && !tree.sessions.has(sessionId)) {
        this.breaches.push('a client is connected with a session that does not live')
      }
    }
  }
}
