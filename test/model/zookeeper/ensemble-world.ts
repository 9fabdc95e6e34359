/**
 * An ensemble and some clients in a simulated world, for system tests: one host per process.
 *
 * Clients are driven from outside with `ask`; what they hear and what the ensemble commits is kept
 * in lists that outlive every crash.
 */

import {
  clientClosed,
  clientOpened,
  closeSession,
  expirePing,
  expireReadTimeout,
  expireReconnect,
  newSession,
  onConnectResponse,
  onPingReply,
  onWatchNotification,
  onZooKeeperReply,
  type SessionState,
  startClient,
  submit,
  type ZooKeeperClient,
  type ZooKeeperListener,
  type ZooKeeperTimer,
} from '../../../model/zookeeper/client.ts'
import { createEnsemble, zooKeeperName } from '../../../model/zookeeper/ensemble.ts'
import type {
  ToZooKeeperClient,
  WatchEventType,
  ZooKeeperOperation,
  ZooKeeperResult,
} from '../../../model/zookeeper/messages.ts'
import type { EnsembleObserver, ZnodeChange } from '../../../model/zookeeper/observer.ts'
import type { ZooKeeperServer } from '../../../model/zookeeper/server-state.ts'
import type { Behaviour, Body, Context } from '../../../sim/process.ts'
import { Simulation } from '../../../sim/simulation.ts'

export interface Heard {
  readonly atUs: number
  readonly kind: 'reply' | 'watch' | 'session'
  readonly token: number
  readonly result: ZooKeeperResult | null
  readonly event: WatchEventType | null
  readonly path: string
  readonly state: SessionState | null
}

interface Ask extends Body {
  readonly type: 'Ask'
  readonly operation: ZooKeeperOperation
  readonly token: number
}

interface EndSession extends Body {
  readonly type: 'EndSession'
}

interface TestClient {
  readonly name: string
  readonly heard: Heard[]
  zooKeeper: ZooKeeperClient | null
}

export interface Commit {
  readonly zxid: number
  readonly changes: readonly ZnodeChange[]
}

export interface EnsembleWorldOptions {
  readonly seed?: number
  readonly servers?: number
  readonly clients?: number
  readonly tickMs?: number
  readonly sessionTimeoutMs?: number
  readonly commitLogCount?: number
  readonly guardsOff?: readonly string[]
  readonly retryOnConnectionLoss?: boolean
  /** Open a new session when the old one has ended. */
  readonly renew?: boolean
  /** Servers that clients know; all by default. */
  readonly knownServers?: (client: number) => readonly number[]
}

export class EnsembleWorld {
  readonly simulation: Simulation
  readonly commits: Commit[] = []
  readonly led: { readonly server: number; readonly epoch: number; readonly atUs: number }[] = []
  readonly opened: number[] = []
  readonly expired: { readonly sessionId: number; readonly atUs: number }[] = []
  readonly servers: readonly string[]
  readonly clients: readonly string[]
  readonly heard = new Map<string, Heard[]>()
  #tokens = 0

  constructor(options: EnsembleWorldOptions = {}) {
    const { seed = 1, guardsOff = [], tickMs = 1000 } = options
    this.simulation = new Simulation({
      seed,
      delayBetween: () => ({ baseUs: 250, jitterUs: 100 }),
      guardsOff,
    })
    const { servers = 3, commitLogCount = 500 } = options
    const config = { servers, tickMs, initLimit: 5, syncLimit: 2, commitLogCount }
    const members = createEnsemble(config, this.#observer())
    this.servers = members.map(({ name }) => name)
    for (const { name, behaviour } of members) this.#add(name, behaviour)
    const clients: string[] = []
    for (let client = 1; client <= (options.clients ?? 0); client += 1) {
      const name = `client-${client}`
      const known = options.knownServers?.(client).map(zooKeeperName) ?? this.servers
      clients.push(name)
      this.heard.set(name, [])
      this.#add(name, this.#clientBehaviour(name, known, options))
    }
    this.clients = clients
  }

  /** Starts everything at the present time. */
  start(): void {
    for (const name of [...this.servers, ...this.clients]) this.simulation.start(name)
  }

  get nowUs(): number {
    return this.simulation.nowUs
  }

  runFor(ms: number): void {
    this.simulation.runUntil(this.simulation.nowUs + ms * 1000)
  }

  /** Runs until `condition` holds, checked every 10 ms; throws if it does not within `ms`. */
  runUntil(condition: () => boolean, ms: number): void {
    const end = this.simulation.nowUs + ms * 1000
    while (!condition()) {
      if (this.simulation.nowUs >= end) throw new Error('the condition did not come true in time')
      this.simulation.runUntil(this.simulation.nowUs + 10_000)
    }
  }

  ask(client: string, operation: ZooKeeperOperation): number {
    this.#tokens += 1
    const message: Ask = { type: 'Ask', operation, token: this.#tokens }
    this.simulation.inject(client, message)
    return this.#tokens
  }

  /** Asks and runs until the answer. */
  do(client: string, operation: ZooKeeperOperation, ms = 10_000): ZooKeeperResult {
    const token = this.ask(client, operation)
    this.runUntil(() => this.answer(client, token) !== undefined, ms)
    return this.answer(client, token)?.result as ZooKeeperResult
  }

  endSession(client: string): void {
    const message: EndSession = { type: 'EndSession' }
    this.simulation.inject(client, message)
  }

  answer(client: string, token: number): Heard | undefined {
    return this.heardBy(client).find((heard) => heard.kind === 'reply' && heard.token === token)
  }

  heardBy(client: string): readonly Heard[] {
    return this.heard.get(client) ?? []
  }

  states(client: string): (SessionState | null)[] {
    return this.heardBy(client)
      .filter(({ kind }) => kind === 'session')
      .map(({ state }) => state)
  }

  server(name: string): ZooKeeperServer {
    const state = this.simulation.stateOf<ZooKeeperServer>(name)
    if (state === undefined) throw new Error(`${name} is down`)
    return state
  }

  client(name: string): ZooKeeperClient {
    const zooKeeper = this.simulation.stateOf<TestClient>(name)?.zooKeeper
    if (zooKeeper === undefined || zooKeeper === null) throw new Error(`${name} is down`)
    return zooKeeper
  }

  /** Names of the servers that believe they lead and serve. */
  leaders(): string[] {
    return this.servers.filter(
      (name) => this.simulation.stateOf<ZooKeeperServer>(name)?.leading?.phase === 'broadcast',
    )
  }

  leader(): string {
    const [leader, ...others] = this.leaders()
    if (leader === undefined || others.length > 0) throw new Error('there is not one leader')
    return leader
  }

  followers(): string[] {
    return this.servers.filter(
      (name) => this.simulation.stateOf<ZooKeeperServer>(name)?.following?.phase === 'broadcast',
    )
  }

  awaitLeader(ms = 20_000): string {
    this.runUntil(() => this.leaders().length === 1 && this.followers().length > 0, ms)
    return this.leader()
  }

  connected(): boolean {
    return this.clients.every((name) => this.client(name).state === 'connected')
  }

  /** Everything up and served. */
  settle(ms = 30_000): void {
    this.runUntil(
      () =>
        this.leaders().length === 1 &&
        this.followers().length === this.servers.length - 1 &&
        this.connected(),
      ms,
    )
  }

  cut(ones: readonly string[], others: readonly string[]): void {
    this.simulation.links.cutOneWay(ones, others)
    this.simulation.links.cutOneWay(others, ones)
  }

  heal(ones: readonly string[], others: readonly string[]): void {
    this.simulation.links.healOneWay(ones, others)
    this.simulation.links.healOneWay(others, ones)
  }

  /** Cuts some servers, with the given clients, from all the others. */
  isolate(names: readonly string[]): () => void {
    const others = [...this.servers, ...this.clients].filter((name) => !names.includes(name))
    this.cut(names, others)
    return () => this.heal(names, others)
  }

  /** The tree of a server as text: equal texts are equal trees. */
  treeOf(name: string): string {
    return JSON.stringify(this.server(name).tree.snapshot().nodes)
  }

  #add(name: string, behaviour: Parameters<Simulation['addProcess']>[0]['behaviour']): void {
    this.simulation.addHost({
      name,
      zone: 'a',
      cores: 1,
      nicBytesPerUs: 0,
      wallStartMs: 1_600_000_000_000,
      disks: [{ dir: 'data-0', syncUs: 500, bytesPerUs: 0, writeBackUs: Infinity, tornShare: 0.5 }],
    })
    this.simulation.addProcess({ name, host: name, behaviour })
  }

  #observer(): EnsembleObserver {
    return {
      committed: (zxid, changes) => void this.commits.push({ zxid, changes }),
      led: (server, epoch) => void this.led.push({ server, epoch, atUs: this.nowUs }),
      sessionOpened: (sessionId) => void this.opened.push(sessionId),
      sessionExpired: (sessionId) => void this.expired.push({ sessionId, atUs: this.nowUs }),
    }
  }

  #clientBehaviour(
    name: string,
    servers: readonly string[],
    options: EnsembleWorldOptions,
  ): ClientBehaviour {
    const { sessionTimeoutMs = 6000, retryOnConnectionLoss = false, renew = false } = options
    const listener = this.#listener(renew)
    const heard = this.heard.get(name) as Heard[]
    return {
      stations: { main: { servers: 1 } },
      start: (_disk, context) => {
        const self: TestClient = { name, heard, zooKeeper: null }
        const settings = { owner: self, servers, sessionTimeoutMs, retryOnConnectionLoss }
        self.zooKeeper = startClient(settings, listener, context)
        return self
      },
      ...clientTables,
    }
  }

  #listener(renew: boolean): ZooKeeperListener<TestClient> {
    const nothing = { token: 0, result: null, event: null, path: '', state: null } as const
    return {
      reply: (owner, token, result) => {
        owner.heard.push({ ...nothing, atUs: this.nowUs, kind: 'reply', token, result })
      },
      watch: (owner, event, path) => {
        owner.heard.push({ ...nothing, atUs: this.nowUs, kind: 'watch', event, path })
      },
      session: (owner, state, context) => {
        owner.heard.push({ ...nothing, atUs: this.nowUs, kind: 'session', state })
        const ended = state === 'expired' || state === 'closed'
        if (ended && renew) newSession(owner.zooKeeper as ZooKeeperClient, context)
      },
    }
  }
}

type ClientBehaviour = Behaviour<TestClient, ToZooKeeperClient | Ask | EndSession, ZooKeeperTimer>

/** The tables that a host process fills for its client. */
const clientTables: Omit<ClientBehaviour, 'stations' | 'start'> = {
  receive: {
    ConnectResponse: (self, message, connection, context) => {
      onConnectResponse(of(self), message, connection, context)
    },
    ZooKeeperReply: (self, message, connection, context) => {
      onZooKeeperReply(of(self), message, connection, context)
    },
    PingReply: (self, message, connection, context) => {
      onPingReply(of(self), message, connection, context)
    },
    WatchNotification: (self, message, connection, context) => {
      onWatchNotification(of(self), message, connection, context)
    },
    Ask: (self, { operation, token }, _connection, context: Context<ZooKeeperTimer, never>) => {
      submit(of(self), operation, token, context)
    },
    EndSession: (self, _message, _connection, context) => closeSession(of(self), context),
  },
  expire: {
    'zookeeper.ping': (self, key, context) => expirePing(of(self), key, context),
    'zookeeper.readTimeout': (self, key, context) => expireReadTimeout(of(self), key, context),
    'zookeeper.reconnect': (self, key, context) => expireReconnect(of(self), key, context),
  },
  opened: (self, connection) => void clientOpened(of(self), connection),
  closed: (self, connection, reason, context) => {
    clientClosed(of(self), connection, reason, context)
  },
}

function of(self: TestClient): ZooKeeperClient {
  return self.zooKeeper as ZooKeeperClient
}

export function create(path: string, data: unknown = null): ZooKeeperOperation {
  return { op: 'create', path, data, bytes: 8, mode: 'persistent' }
}

export function ephemeral(path: string): ZooKeeperOperation {
  return { op: 'create', path, data: null, bytes: 8, mode: 'ephemeral' }
}

export function setData(path: string, data: unknown, version = -1): ZooKeeperOperation {
  return { op: 'setData', path, data, bytes: 8, version }
}

export function getData(path: string, watch = false): ZooKeeperOperation {
  return { op: 'getData', path, watch }
}

export function exists(path: string, watch = false): ZooKeeperOperation {
  return { op: 'exists', path, watch }
}
