/**
 * Hosts with one process each that does nothing by itself: a test pulls its strings.
 *
 * A puppet writes down what it hears, with the true time; everything else is asked of its context
 * from outside, between events.
 */

import type { Behaviour, Body, CloseReason, Connection, Context } from '../../sim/process.ts'
import { Simulation, type SimulationOptions } from '../../sim/simulation.ts'
import type { Sockets } from '../../sim/wires.ts'

export interface Note extends Body {
  readonly type: 'Note'
  readonly n: number
}

export interface Heard {
  readonly atUs: number
  /** `note`, `opened`, or `closed`. */
  readonly what: 'note' | 'opened' | 'closed'
  readonly n: number
  readonly reason: CloseReason | null
}

export interface Puppet {
  readonly context: Context<never>
  /** Connections that others opened, in their order. */
  readonly accepted: Connection[]
}

/** What each puppet has heard, by name; kept over its restarts. */
export type Diary = Readonly<Record<string, Heard[]>>

export interface PuppetWorld {
  readonly world: Simulation
  readonly heard: Diary
  puppet(name: string): Puppet
  /** Sends notes numbered from `first` on; 100 bytes each. */
  tell(from: string, connection: Connection, first: number, count?: number): void
  /** Numbers of the notes that a puppet has got. */
  notes(name: string): number[]
  /** Reasons of the closings that a puppet has heard of. */
  closings(name: string): (CloseReason | null)[]
}

export interface PuppetOptions extends Partial<SimulationOptions> {
  readonly baseUs?: number
  readonly jitterUs?: number
  readonly nicBytesPerUs?: number
  readonly sockets?: Sockets
}

export function puppets(names: readonly string[], options: PuppetOptions = {}): PuppetWorld {
  const { baseUs = 100, jitterUs = 0, nicBytesPerUs = 0, sockets, ...rest } = options
  const world = new Simulation({ seed: 1, delayBetween: () => ({ baseUs, jitterUs }), ...rest })
  const heard: Record<string, Heard[]> = {}
  for (const name of names) {
    const diary: Heard[] = []
    heard[name] = diary
    world.addHost({ name, zone: 'z', cores: 0, nicBytesPerUs, wallStartMs: 0, disks: [] })
    world.addProcess({
      name,
      host: name,
      behaviour: puppetBehaviour(() => world.nowUs, diary),
      ...(sockets === undefined ? {} : { sockets }),
    })
    world.start(name)
  }
  return {
    world,
    heard,
    puppet: (name) => world.stateOf<Puppet>(name) as Puppet,
    tell(from, connection, first, count = 1) {
      const { context } = world.stateOf<Puppet>(from) as Puppet
      for (let n = first; n < first + count; n += 1) {
        context.send(connection, { type: 'Note', n } as Note, 100)
      }
    },
    notes: (name) => heardBy(heard, name, 'note').map(({ n }) => n),
    closings: (name) => heardBy(heard, name, 'closed').map(({ reason }) => reason),
  }
}

function heardBy(diary: Diary, name: string, what: Heard['what']): Heard[] {
  return (diary[name] as Heard[]).filter((one) => one.what === what)
}

function puppetBehaviour(now: () => number, diary: Heard[]): Behaviour<Puppet, Note> {
  const write = (what: Heard['what'], n: number, reason: CloseReason | null): void => {
    diary.push({ atUs: now(), what, n, reason })
  }
  return {
    stations: { app: { servers: 1 } },
    start: (_disk, context) => ({ context, accepted: [] }),
    receive: { Note: (_self, note) => write('note', note.n, null) },
    expire: {},
    opened(self, connection) {
      if (!connection.outgoing) self.accepted.push(connection)
      write('opened', 0, null)
    },
    closed: (_self, _connection, reason) => write('closed', 0, reason),
  }
}
