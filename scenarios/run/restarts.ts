/**
 * Restarts that take their time: one process stopped in good order, servers in turn, a new version
 * of a group batch by batch.
 *
 * A process is told to stop, killed if it has not ended within its grace, kept down, and started
 * again. Everything here can be cut short by the heal, which brings up what is down.
 */

import type { Cluster, Group } from './cluster.ts'
import { wantedMembers } from './cluster.ts'
import { unsettled } from './conditions.ts'

/** How a process is stopped and started again. */
export interface Stop {
  readonly clean: boolean
  readonly graceUs: number
  /** Between its end and its next start. */
  readonly downUs: number
}

/** Between two looks at a process or the cluster. */
const LOOK_US = 20_000
/** What systemd gives a service between SIGTERM and SIGKILL. */
export const SERVER_GRACE_US = 90_000_000

/** Work that goes on for a while; `cutShort` brings up what it holds down. */
export class Undertaking {
  readonly #cluster: Cluster
  readonly #name: string
  readonly #held = new Set<string>()
  #over = false

  constructor(cluster: Cluster, name: string) {
    this.#cluster = cluster
    this.#name = name
  }

  /** Calls back after a time, unless the heal came first. */
  after(us: number, run: () => void): void {
    const { world } = this.#cluster
    world.at(world.nowUs + us, this.#name, () => {
      if (!this.#over) run()
    })
  }

  /** Calls back once a condition holds. */
  when(holds: () => boolean, run: () => void): void {
    if (holds()) run()
    else this.after(LOOK_US, () => this.when(holds, run))
  }

  /** Stops one process and starts it again; `up` is called when it has been started. */
  restart(name: string, stop: Stop, up: () => void): void {
    this.end(name, stop, () => this.after(stop.downUs, () => this.#letUp(name, up)))
  }

  /** Stops one process and keeps it down. */
  end(name: string, stop: Stop, down: () => void): void {
    const { world } = this.#cluster
    world.holdDown(name)
    this.#held.add(name)
    if (stop.clean) tellToStop(this.#cluster, name)
    else world.crash(name)
    const deadline = world.nowUs + stop.graceUs
    const isDown = (): boolean => {
      if (world.process(name)?.phase === 'down') return true
      if (world.nowUs >= deadline) world.crash(name)
      return world.process(name)?.phase === 'down'
    }
    this.when(isDown, down)
  }

  /** Leaves a process down for good. */
  leaveDown(name: string): void {
    this.#held.delete(name)
  }

  cutShort(): void {
    this.#over = true
    const { world } = this.#cluster
    for (const name of this.#held) {
      world.crash(name)
      world.letUp(name)
    }
    this.#held.clear()
  }

  #letUp(name: string, up: () => void): void {
    this.#held.delete(name)
    this.#cluster.world.letUp(name)
    up()
  }
}

/** Asks a process to end in good order; one that knows no such thing is killed. */
function tellToStop({ world, brokers, groups }: Cluster, name: string): void {
  const broker = brokers.some((one) => one.name === name)
  const member = groups.some(({ members }) => members.includes(name))
  if (broker) world.inject(name, STOP_BROKER)
  else if (member) world.inject(name, STOP_MEMBER)
  else world.crash(name)
}

const STOP_BROKER: { readonly type: string } = {
  type: 'BrokerCommand',
  command: 'shutdown',
} as { type: string }
const STOP_MEMBER: { readonly type: string } = {
  type: 'ConsumerCommand',
  command: 'stop',
  factor: 1,
} as { type: string }

/** Restarts all of these at the same time. */
export function restartTogether(
  cluster: Cluster,
  names: readonly string[],
  stop: Stop,
  over: () => void,
): () => void {
  const work = new Undertaking(cluster, `restart/${names.join()}`)
  let missing = names.length
  for (const name of names) {
    work.restart(name, stop, () => {
      missing -= 1
      if (missing === 0) over()
    })
  }
  return () => work.cutShort()
}

/** How servers restart in turn. */
export interface Rolling {
  readonly stop: Stop
  readonly waitForIsr: boolean
  readonly pauseUs: number
}

export function restartInTurn(
  cluster: Cluster,
  names: readonly string[],
  { stop, waitForIsr, pauseUs }: Rolling,
  over: () => void,
): () => void {
  const work = new Undertaking(cluster, `rolling/${names.join()}`)
  const isBack = (name: string): boolean => {
    if (cluster.world.process(name)?.phase !== 'running') return false
    return !waitForIsr || unsettled(cluster) === null
  }
  const next = (index: number): void => {
    const name = names[index]
    if (name === undefined) {
      over()
      return
    }
    work.restart(name, stop, () =>
      work.when(
        () => isBack(name),
        () => work.after(pauseUs, () => next(index + 1)),
      ),
    )
  }
  next(0)
  return () => work.cutShort()
}

/** A new version of a group's application: batch by batch, with more members meanwhile. */
export interface Rollout {
  readonly batch: number
  readonly graceUs: number
  readonly startupUs: number
  readonly surge: number
}

export function rollOut(
  cluster: Cluster,
  group: Group,
  { batch, graceUs, startupUs, surge }: Rollout,
  over: () => void,
): { readonly names: readonly string[]; readonly end: () => void } {
  const work = new Undertaking(cluster, `deploy/${group.consumer.group}`)
  const present = [...wantedMembers(group)]
  const extra = Array.from({ length: surge }, () => group.addMember())
  const stop: Stop = { clean: true, graceUs, downUs: startupUs }
  const retire = (): void => {
    for (const name of extra) {
      group.stopped.add(name)
      work.end(name, stop, () => work.leaveDown(name))
      // Whatever the heal finds of it stays down.
      work.leaveDown(name)
    }
    over()
  }
  const next = (from: number): void => {
    const names = present.slice(from, from + batch)
    if (names.length === 0) {
      retire()
      return
    }
    let missing = names.length
    for (const name of names) {
      work.restart(name, stop, () => {
        missing -= 1
        if (missing === 0) next(from + batch)
      })
    }
  }
  if (extra.length === 0) next(0)
  else {
    work.after(startupUs, () => {
      for (const name of extra) cluster.world.start(name)
      next(0)
    })
  }
  const end = (): void => {
    work.cutShort()
    for (const name of extra) {
      group.stopped.add(name)
      cluster.world.holdDown(name)
      cluster.world.crash(name)
    }
  }
  return { names: [...present, ...extra], end }
}
