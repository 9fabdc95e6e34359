/**
 * A real ZooKeeper under a script: the server of the Debian package `zookeeper`, started on
 * loopback in a folder of its own, and node-zookeeper-client.
 *
 * Two habits of that client are got around: a transaction takes version 0 for "any", and an event
 * is shown once for each watcher of a path, so events are taken where they come off the wire.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import zookeeper from 'node-zookeeper-client'
import type {
  CreateMode,
  WatchEventType,
  Write,
  ZooKeeperError,
  ZooKeeperOperation,
} from '../../../model/zookeeper/messages.ts'
import {
  type Answer,
  below,
  type ComparedStat,
  type Heard,
  sorted,
  type ZooKeeperUnderTest,
} from './script.ts'

const JAR = '/usr/share/java/zookeeper.jar'
const CLASS = 'org.apache.zookeeper.server.ZooKeeperServerMain'
const SESSION_TIMEOUT_MS = 6000
const ROOT_DATA = Buffer.from('')

export interface RealZooKeeper extends ZooKeeperUnderTest {
  stop(): Promise<void>
}

interface Client {
  readonly connection: zookeeper.Client
  readonly heard: Heard[]
}

/** What this file uses of the client beyond its types. */
interface Inside {
  readonly connectionManager: {
    readonly watcherManager: { emit: (event: { type: number; path: string }) => void }
  }
}

interface RealStat {
  readonly version: number
  readonly cversion: number
  readonly czxid: Buffer
  readonly mzxid: Buffer
  readonly pzxid: Buffer
  readonly ephemeralOwner: Buffer
}

interface TransactionResult {
  readonly type: number
  readonly err?: number
  readonly path?: string
  readonly stat?: RealStat
}

export async function startRealZooKeeper(): Promise<RealZooKeeper> {
  const folder = mkdtempSync(join(tmpdir(), 'dmqsim-zookeeper-'))
  const port = await freePort()
  const settings = {
    dataDir: folder,
    clientPort: port,
    clientPortAddress: '127.0.0.1',
    tickTime: 1000,
    'admin.enableServer': false,
    '4lw.commands.whitelist': 'srvr',
  }
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`)
  writeFileSync(join(folder, 'zoo.cfg'), lines.join(''))
  const options = ['-Dzookeeper.admin.enableServer=false', '-Dzookeeper.forceSync=no', '-Xmx256m']
  const server = spawn('java', [...options, '-cp', JAR, CLASS, join(folder, 'zoo.cfg')], {
    stdio: 'ignore',
  })
  await serving(port)
  let runs = 0
  return {
    async play(names, steps) {
      runs += 1
      const root = `/run-${runs}`
      const all = new Map<string, Client>()
      try {
        for (const name of [...names, ROOT]) all.set(name, await connected(port, root))
        const sessions = new Map(
          names.map((name) => [all.get(name)?.connection.getSessionId().toString('hex'), name]),
        )
        await makeRoot(all.get(ROOT) as Client, root)
        for (const step of steps) {
          const client = all.get(step.client) as Client
          if ('end' in step) {
            await ended(client)
            continue
          }
          const operation = below(root, step.operation)
          const answer = await perform({ ...client, sessions, root }, operation)
          client.heard.push({ kind: 'answer', answer })
        }
        await quiet(all.get(ROOT) as Client, root)
        return Object.fromEntries(names.map((name) => [name, all.get(name)?.heard ?? []]))
      } finally {
        for (const { connection } of all.values()) connection.close()
      }
    },
    async stop() {
      await stopped(server)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The client that makes the root and that no script names. */
const ROOT = ''

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** Waits until the server answers; what connects before may be turned away without a word. */
async function serving(port: number): Promise<void> {
  while (!(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 100))
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    let heard = ''
    const socket = connect(port, '127.0.0.1', () => socket.write('srvr'))
    socket.on('data', (data) => (heard += data.toString()))
    socket.on('error', () => resolve(false))
    socket.on('close', () => resolve(heard.includes('Mode: standalone')))
  })
}

function stopped(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null) {
      resolve()
      return
    }
    server.once('exit', () => resolve())
    server.kill('SIGTERM')
  })
}

function connected(port: number, root: string): Promise<Client> {
  const connection = zookeeper.createClient(`127.0.0.1:${port}`, {
    sessionTimeout: SESSION_TIMEOUT_MS,
    spinDelay: 200,
    retries: 0,
  })
  const heard: Heard[] = []
  const { watcherManager } = (connection as unknown as Inside).connectionManager
  const emit = watcherManager.emit.bind(watcherManager)
  watcherManager.emit = (event) => {
    const path = event.path.slice(root.length)
    heard.push({ kind: 'watch', event: eventNames[event.type] as WatchEventType, path })
    emit(event)
  }
  return new Promise((resolve) => {
    connection.once('connected', () => resolve({ connection, heard }))
    connection.connect()
  })
}

function ended({ connection }: Client): Promise<void> {
  return new Promise((resolve) => {
    connection.once('disconnected', () => resolve())
    connection.close()
  })
}

function makeRoot({ connection }: Client, root: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.create(root, ROOT_DATA, (error) => (error ? reject(error) : resolve()))
  })
}

/** Lets what the server has sent to others meanwhile come in. */
async function quiet(client: Client, root: string): Promise<void> {
  await new Promise<void>((resolve) => client.connection.exists(root, () => resolve()))
  await new Promise((resolve) => setTimeout(resolve, 20))
}

interface Performer extends Client {
  readonly sessions: ReadonlyMap<string | undefined, string>
  readonly root: string
}

const watcher = (): void => {}

function perform(by: Performer, operation: ZooKeeperOperation): Promise<Answer> {
  const { connection } = by
  return new Promise((resolve) => {
    const answer = (error: unknown, rest: () => Partial<Answer>): void =>
      resolve(isError(error) ? { error: nameOf(error.getCode()) } : { error: 'OK', ...rest() })
    switch (operation.op) {
      case 'create':
        connection.create(
          operation.path,
          bytesOf(operation.data),
          null as never,
          modes[operation.mode],
          (error, path) => answer(error, () => ({ path: path.slice(by.root.length) })),
        )
        return
      case 'setData':
        connection.setData(
          operation.path,
          bytesOf(operation.data),
          operation.version,
          (error, stat) => answer(error, () => ({ stat: statOf(by, stat as never) })),
        )
        return
      case 'delete':
        connection.remove(operation.path, operation.version, (error) => answer(error, () => ({})))
        return
      case 'getData':
        connection.getData(
          operation.path,
          operation.watch ? watcher : (undefined as never),
          (error, data, stat) =>
            answer(error, () => ({
              data: data === undefined ? '' : String(data),
              stat: statOf(by, stat as never),
            })),
        )
        return
      case 'exists':
        connection.exists(
          operation.path,
          operation.watch ? watcher : (undefined as never),
          (error, stat) => {
            if (error === null && stat === null) resolve({ error: 'NONODE' })
            else answer(error, () => ({ stat: statOf(by, stat as never) }))
          },
        )
        return
      case 'getChildren':
        connection.getChildren(
          operation.path,
          operation.watch ? watcher : (undefined as never),
          (error, children, stat) =>
            answer(error, () => ({ children: sorted(children), stat: statOf(by, stat as never) })),
        )
        return
      case 'multi':
        void performMulti(by, operation.writes).then(resolve)
        return
      case 'check':
      case 'sync':
        throw new Error(`a script does no ${operation.op} alone`)
    }
  })
}

function performMulti(by: Performer, writes: readonly Write[]): Promise<Answer> {
  const transaction = by.connection.transaction()
  for (const write of writes) {
    if (write.op === 'create')
      transaction.create(write.path, bytesOf(write.data), null as never, modes[write.mode])
    else if (write.op === 'setData') transaction.setData(write.path, bytesOf(write.data), 1)
    else if (write.op === 'delete') transaction.remove(write.path, 1)
    else transaction.check(write.path, 1)
    const { ops } = transaction as unknown as { ops: { version?: number }[] }
    const last = ops.at(-1)
    if (last !== undefined && 'version' in write) last.version = write.version
  }
  return new Promise((resolve) => {
    transaction.commit((error, results: readonly TransactionResult[] | undefined) => {
      const parts = (results ?? []).map((part, index): Answer => {
        const code = part.err ?? 0
        if (error) return { error: nameOf(code) }
        return {
          error: 'OK',
          ...(writes[index]?.op === 'create'
            ? { path: (part.path ?? '').slice(by.root.length) }
            : {}),
          ...(part.stat === undefined ? {} : { stat: statOf(by, part.stat) }),
        }
      })
      const failed = parts.find((part) => part.error !== 'OK')
      resolve({ error: failed?.error ?? 'OK', results: parts })
    })
  })
}

function statOf(by: Performer, stat: RealStat): ComparedStat {
  const owner = stat.ephemeralOwner.toString('hex')
  const nobody = /^0*$/.test(owner)
  return {
    version: stat.version,
    cversion: stat.cversion,
    owner: nobody ? null : (by.sessions.get(owner) ?? 'nobody'),
    changed: Buffer.compare(stat.mzxid, stat.czxid) > 0,
    childrenChanged: Buffer.compare(stat.pzxid, stat.czxid) > 0,
  }
}

function bytesOf(data: unknown): Buffer {
  return Buffer.from(String(data))
}

function isError(error: unknown): error is zookeeper.Exception {
  return error instanceof Error || (typeof error === 'object' && error !== null)
}

const modes: Readonly<Record<CreateMode, number>> = {
  persistent: zookeeper.CreateMode.PERSISTENT,
  ephemeral: zookeeper.CreateMode.EPHEMERAL,
  'persistent-sequential': zookeeper.CreateMode.PERSISTENT_SEQUENTIAL,
  'ephemeral-sequential': zookeeper.CreateMode.EPHEMERAL_SEQUENTIAL,
}

/** By the number of the type on the wire. */
const eventNames: Readonly<Record<number, WatchEventType>> = {
  1: 'NodeCreated',
  2: 'NodeDeleted',
  3: 'NodeDataChanged',
  4: 'NodeChildrenChanged',
}

const errorNames: Readonly<Record<number, ZooKeeperError>> = {
  [0]: 'OK',
  [-2]: 'RUNTIMEINCONSISTENCY',
  [-4]: 'CONNECTIONLOSS',
  [-101]: 'NONODE',
  [-103]: 'BADVERSION',
  [-108]: 'NOCHILDRENFOREPHEMERALS',
  [-110]: 'NODEEXISTS',
  [-111]: 'NOTEMPTY',
  [-112]: 'SESSIONEXPIRED',
}

function nameOf(code: number): ZooKeeperError {
  const name = errorNames[code]
  if (name === undefined) throw new Error(`error ${code} has no name here`)
  return name
}
