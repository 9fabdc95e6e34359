/**
 * What every word of a timeline does and leaves behind, and what others call it: the rows of
 * docs/faults.md.
 */

import type { FaultKind, OperationKind } from './timeline.ts'

/**
 * `interval`: it ends, and what it did is undone. `instant`: its damage stays. `lasting`: an
 * interval that may also stay for ever (`for: ever`).
 */
export type FaultClass = 'interval' | 'instant' | 'lasting'

export interface FaultRow {
  readonly class: FaultClass
  readonly does: string
  readonly leaves: string
  /** Where it comes from in the world. */
  readonly world: string
  /** Toxic of Toxiproxy, and resource of Chaos Mesh; empty where there is none. */
  readonly toxiproxy: string
  readonly chaosMesh: string
}

export const faultRows: Readonly<Record<FaultKind, FaultRow>> = {
  crash: {
    class: 'lasting',
    does: 'Kills the process, in half of the cases in the middle of a handler: some of its effects happened, the rest did not. It is kept down, then started.',
    leaves:
      'Sockets die. What it had written is in the page cache and is there when it starts again; memory is gone.',
    world: '`kill -9`, an out-of-memory kill, a bug',
    toxiproxy: '',
    chaosMesh: 'PodChaos container-kill',
  },
  'power-loss': {
    class: 'lasting',
    does: 'Takes the power from the host. With `torn: true` every file that loses something keeps a torn last entry.',
    leaves:
      'Silence instead of closed sockets. Of each file, what was not synced is cut at a drawn place, perhaps in the middle of an entry.',
    world: 'a power supply, a hypervisor, a kernel panic',
    toxiproxy: '',
    chaosMesh: 'AWSChaos ec2-stop',
  },
  pause: {
    class: 'interval',
    does: 'Stops the process, in half of the cases between two effects of a handler. Its input waits. Longer than its session it makes a zombie.',
    leaves:
      'On resume it goes on with what it believed before: sessions have ended, others lead, and it does not know.',
    world: 'garbage collection, a migrated virtual machine, `SIGSTOP`',
    toxiproxy: '',
    chaosMesh: 'PhysicalMachineChaos process (SIGSTOP)',
  },
  restart: {
    class: 'interval',
    does: 'Stops a process and starts it again at once, or after `for`. `clean` (the default): a broker hands over what it leads, closes its logs and its session; a member leaves its group. `protocols`: a broker comes back on other levels.',
    leaves:
      'Connections are gone. After an unclean one a broker finds its own old session in ZooKeeper.',
    world: 'a deploy, an upgrade',
    toxiproxy: '',
    chaosMesh: 'PodChaos pod-kill',
  },
  cut: {
    class: 'interval',
    does: 'Nothing sent from one side arrives at the other: both ways, or one (`direction`).',
    leaves:
      'Connections stay and stall; after the heal the bytes arrive at the next retransmission. After fifteen minutes they are reset.',
    world: 'a switch, a firewall rule, a broken route',
    toxiproxy: 'timeout',
    chaosMesh: 'NetworkChaos partition',
  },
  flap: {
    class: 'interval',
    does: 'Cuts a link for `down`, leaves it whole for `up`, and so on.',
    leaves: 'As a cut, again and again: retransmissions back off, leaders and ISRs come and go.',
    world: 'a loose cable, a duplex mismatch',
    toxiproxy: '',
    chaosMesh: 'NetworkChaos partition in a Schedule',
  },
  bridge: {
    class: 'interval',
    does: 'Two sides reach each other no more, and the hosts of `over` still reach both.',
    leaves: 'A majority that no two sides agree on; after the heal as a cut.',
    world: 'a half-broken spine, asymmetric routes',
    toxiproxy: '',
    chaosMesh: 'NetworkChaos partition with selectors',
  },
  reset: {
    class: 'instant',
    does: 'Resets every connection between two sides.',
    leaves: 'Requests are without an answer: done or not, nobody knows.',
    world: 'an idle timeout in a load balancer, a failed-over gateway',
    toxiproxy: 'reset_peer',
    chaosMesh: '',
  },
  'half-open': {
    class: 'instant',
    does: 'The ends at one side are gone; the other side is told nothing.',
    leaves: 'The other side believes in its connections until something that it sends is reset.',
    world: 'a host that came back with another memory, a proxy that forgot',
    toxiproxy: '',
    chaosMesh: '',
  },
  hold: {
    class: 'interval',
    does: 'Holds everything between two sides and delivers it late.',
    leaves:
      'A request arrives long after its sender gave up, perhaps after a newer one on another connection.',
    world: 'bufferbloat, a stalled proxy',
    toxiproxy: 'latency',
    chaosMesh: 'NetworkChaos delay',
  },
  clog: {
    class: 'interval',
    does: 'Connections are accepted and ended as ever, and no data moves on them.',
    leaves:
      'Whoever watches connections alone sees nothing; requests time out. After it all arrives.',
    world: 'a full receive window, a process that accepts and does not read',
    toxiproxy: 'timeout (0: it never ends)',
    chaosMesh: 'NetworkChaos bandwidth',
  },
  'slow-link': {
    class: 'interval',
    does: 'Adds a delay and jitter, or limits bandwidth.',
    leaves: 'Order inside a connection stays.',
    world: 'a congested link, another region',
    toxiproxy: 'latency, bandwidth',
    chaosMesh: 'NetworkChaos delay, bandwidth',
  },
  'disk-full': {
    class: 'lasting',
    does: 'Every write is refused; what stands there can be read. One disk of the host (`disk: 1` or `disk: data-1`), or all.',
    leaves:
      'A broker takes the log directory offline, tells the controller, and ends itself with its last one; a ZooKeeper server ends. Who was refused starts again when the disk is mended.',
    world: 'retention set too long, a runaway log file',
    toxiproxy: '',
    chaosMesh: 'PhysicalMachineChaos disk-fill',
  },
  'io-error': {
    class: 'lasting',
    does: 'As a full disk, and syncs and truncations fail too.',
    leaves: 'As a full disk.',
    world: 'a dying disk, a lost volume, a file system gone read-only',
    toxiproxy: '',
    chaosMesh: 'IOChaos fault',
  },
  'lying-sync': {
    class: 'interval',
    does: 'Syncs are confirmed and nothing lasts.',
    leaves: 'A power loss meanwhile takes what was confirmed. After it the disk has everything.',
    world: 'a write cache without a battery, `eatmydata`, a careless hypervisor',
    toxiproxy: '',
    chaosMesh: '',
  },
  'bit-rot': {
    class: 'instant',
    does: 'Drawn entries of drawn files (or of the log of one partition, `log`) can no longer be read as they were written.',
    leaves:
      'Their checksum fails. After an unclean stop the log of a broker ends before the first that is scanned; followers ask again; a consumer ends with an error. A ZooKeeper server does not start again. Nothing repairs it.',
    world: 'a bad sector, a bug in a controller, cosmic rays',
    toxiproxy: '',
    chaosMesh: 'IOChaos mistake',
  },
  wipe: {
    class: 'lasting',
    does: 'Ends the process and empties its disks (or one, `disk`); it may start again when the fault ends.',
    leaves: 'The host comes back with its name and nothing else.',
    world: 'a replaced disk, an ephemeral volume, a reimaged host',
    toxiproxy: '',
    chaosMesh: 'PodChaos pod-kill without a volume',
  },
  'slow-disk': {
    class: 'interval',
    does: 'Adds a delay to each sync, or multiplies its time: 1 ms on hardware where a sync takes none.',
    leaves: 'Syncs take long; with them ZooKeeper, and rolls of segments.',
    world: 'a neighbour on shared storage, a dying disk',
    toxiproxy: '',
    chaosMesh: 'IOChaos latency',
  },
  'slow-cpu': {
    class: 'interval',
    does: 'Multiplies what work costs on a host: 20 µs a message on hardware where it costs none.',
    leaves: 'Queues grow.',
    world: 'throttling, a noisy neighbour',
    toxiproxy: '',
    chaosMesh: 'StressChaos cpu',
  },
  'clock-step': {
    class: 'instant',
    does: 'Moves the wall clock of a host, forward or back.',
    leaves:
      'Whatever reads wall time jumps: timeouts of Java clients, the ISR’s idea of lag, timestamps.',
    world: 'a wrong NTP server, a corrected clock',
    toxiproxy: '',
    chaosMesh: 'TimeChaos',
  },
  'clock-drift': {
    class: 'interval',
    does: 'Lets both clocks of a host run too fast or too slow.',
    leaves: 'Timers fire early or late; the drift ends, the offset stays.',
    world: 'a bad oscillator',
    toxiproxy: '',
    chaosMesh: '',
  },
}

export interface OperationRow {
  readonly class: 'interval' | 'instant'
  readonly does: string
}

export const operationRows: Readonly<Record<OperationKind, OperationRow>> = {
  'add-partitions': {
    class: 'instant',
    does: 'raises the number of partitions of a topic; keys move to others',
  },
  'add-members': { class: 'instant', does: 'starts more members of a group, which rebalances' },
  'stop-members': {
    class: 'instant',
    does: 'stops the last members for good: in good order they leave the group, otherwise their sessions have to end',
  },
  deploy: {
    class: 'instant',
    does: 'replaces the members of a group `batch` at a time: told to stop, killed after `grace`, started after `startup`; `surge` members more meanwhile. It goes on until all are replaced, at the latest until the heal',
  },
  'elect-leader': {
    class: 'instant',
    does: 'asks the controller for the preferred leader, or for an `unclean` election',
  },
  reassign: {
    class: 'instant',
    does: 'moves a partition to other brokers: they copy it first, then those that it leaves delete their logs',
  },
  'alter-config': {
    class: 'instant',
    does: 'sets properties of a topic while it is in use; every broker acts on them as soon as it has read them in ZooKeeper',
  },
  'create-topic': {
    class: 'instant',
    does: 'creates a topic: one that the scenario does not begin with, or one that was deleted',
  },
  'delete-topic': {
    class: 'instant',
    does: 'deletes a topic: clients are told that it is not there, every broker deletes its logs, groups lose what they committed for it, and nothing that it held is promised any more. A broker that is down holds the end of it up until it is back',
  },
  'slow-work': {
    class: 'interval',
    does: 'multiplies the time that work takes in a group, one member or a service',
  },
  poison: {
    class: 'interval',
    does: 'makes processing of the next `count` records that fit fail every time, or take `factor` times as long; what the application does with them is its own. The end cures them',
  },
  'rolling-restart': {
    class: 'instant',
    does: 'restarts servers one after the other, in good order or not (`clean`), waiting for full ISRs or not (`waitForIsr`), on other `protocols` if asked',
  },
}
