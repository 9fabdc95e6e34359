/**
 * The verbs of faults: which option a bare value stands for, and how the rest is read.
 */

import type { Options } from './options.ts'
import type { FaultKind, Target } from './timeline.ts'
import type { PartitionName } from './target.ts'
import { BROKER, type Deed, readPartition, readProtocols, type Verb } from './timeline-verb.ts'

export const faultVerbs: Readonly<Record<FaultKind, Verb>> = {
  crash: { ...hostVerb('crash'), permanent: true },
  'power-loss': { subject: 'target', interval: true, permanent: true, read: readPowerLoss },
  pause: hostVerb('pause'),
  restart: { subject: 'target', interval: true, read: readRestart },
  cut: linkVerb('cut'),
  flap: { subject: 'between', interval: true, read: readFlap },
  bridge: { subject: 'between', interval: true, read: readBridge },
  reset: endsVerb('reset'),
  'half-open': endsVerb('half-open'),
  hold: linkVerb('hold'),
  clog: linkVerb('clog'),
  'slow-link': { subject: 'between', interval: true, read: readSlowLink },
  'disk-full': { ...diskVerb('disk-full'), permanent: true },
  'io-error': { ...diskVerb('io-error'), permanent: true },
  'lying-sync': diskVerb('lying-sync'),
  'bit-rot': { subject: 'target', interval: false, read: readBitRot },
  wipe: { ...diskVerb('wipe'), permanent: true },
  'slow-disk': { subject: 'target', interval: true, read: readSlowDisk },
  'slow-cpu': {
    subject: 'target',
    interval: true,
    read: (options) => ({
      kind: 'slow-cpu',
      target: options.target('target', BROKER),
      factor: options.factor('factor'),
    }),
  },
  'clock-step': { subject: 'target', interval: false, read: readClockStep },
  'clock-drift': {
    subject: 'target',
    interval: true,
    read: (options) => ({
      kind: 'clock-drift',
      target: options.target('target', BROKER),
      ppm: options.number('ppm'),
    }),
  },
}

function hostVerb(kind: 'crash' | 'pause'): Verb {
  const read = (options: Options): Deed => ({ kind, target: options.target('target', BROKER) })
  return { subject: 'target', interval: true, read }
}

function linkVerb(kind: 'cut' | 'hold' | 'clog'): Verb {
  return {
    subject: 'between',
    interval: true,
    read: (options) => ({ kind, ...ends(options), direction: direction(options) }),
  }
}

function endsVerb(kind: 'reset' | 'half-open'): Verb {
  return {
    subject: 'between',
    interval: false,
    read: (options) => ({ kind, ...ends(options) }),
  }
}

function diskVerb(kind: 'disk-full' | 'io-error' | 'lying-sync' | 'wipe'): Verb {
  return {
    subject: 'target',
    interval: true,
    read: (options) => ({ kind, target: options.target('target', BROKER), ...disk(options) }),
  }
}

/** By its number, or by the name that reports give it. */
function disk(options: Options): { readonly disk?: number } {
  if (!options.has('disk')) return {}
  const word = /^(?:data-)?(\d+)$/.exec(String(options.value('disk')))
  if (word === null) {
    options.refuse('disk', 'needs the number of a disk or its name, such as 0 or data-0')
    return {}
  }
  const number = Number(word[1])
  const { disks } = options.names
  if (number >= disks) {
    const there = disks === 1 ? 'every host has one, 0' : `they are 0 to ${disks - 1}`
    options.refuse('disk', `there is no disk ${number}: ${there}`)
  }
  return { disk: number }
}

function ends(options: Options): Pick<Extract<Deed, { kind: 'reset' }>, 'between' | 'and'> {
  const between = options.target('between', BROKER)
  if (between.of === 'others') options.refuse('between', '"others" can only be the other end')
  if (options.value('and') === undefined) return { between, and: { of: 'others' } }
  return { between, and: options.target('and', 'broker 2') }
}

function direction(options: Options): 'both' | 'to' | 'from' {
  return options.word('direction', ['both', 'to', 'from'], 'both')
}

function readPowerLoss(options: Options): Deed {
  const target = options.target('target', BROKER)
  const torn = options.boolean('torn', false)
  return { kind: 'power-loss', target, ...(torn ? { torn } : {}) }
}

function readRestart(options: Options): Deed {
  return {
    kind: 'restart',
    target: options.target('target', BROKER),
    clean: options.boolean('clean', true),
    ...readProtocols(options),
  }
}

const FLAP_US = 1_000_000

function readFlap(options: Options): Deed {
  return {
    kind: 'flap',
    ...ends(options),
    direction: direction(options),
    downUs: positive(options, 'down', FLAP_US),
    upUs: positive(options, 'up', FLAP_US),
  }
}

function positive(options: Options, name: string, otherwise: number): number {
  const us = options.duration(name) ?? otherwise
  if (us > 0) return us
  options.refuse(name, 'needs a time above 0, such as 500ms')
  return otherwise
}

function readBridge(options: Options): Deed {
  return { kind: 'bridge', ...ends(options), over: options.target('over', 'broker 3') }
}

function readSlowLink(options: Options): Deed {
  const deed: Deed = {
    kind: 'slow-link',
    ...ends(options),
    direction: direction(options),
    delayUs: options.duration('delay') ?? 0,
    jitterUs: options.duration('jitter') ?? 0,
    bytesPerSecond: options.bandwidth('bandwidth', 'bytesPerSecond') ?? 0,
  }
  if (deed.delayUs + deed.jitterUs + deed.bytesPerSecond === 0) {
    options.refuse('delay', 'slows nothing: give a delay, a jitter or a bandwidth')
  }
  return deed
}

function readBitRot(options: Options): Deed {
  const target = options.target('target', BROKER)
  if (!keepsChecksums(target)) {
    options.refuse('target', 'only brokers and ZooKeeper servers notice bit rot; name one of them')
  }
  const entries = options.count('entries', 1, 1)
  const log = readRottenLog(options)
  return { kind: 'bit-rot', target, entries, ...disk(options), ...(log === null ? {} : { log }) }
}

/** Clients keep no files, and the store of a service does not look after its own. */
function keepsChecksums(target: Target): boolean {
  if (target.of === 'list') return target.targets.every(keepsChecksums)
  return !['service', 'producer', 'member', 'group', 'half', 'all-clients'].includes(target.of)
}

function readRottenLog(options: Options): PartitionName | null {
  const log = options.value('log')
  if (log === undefined) return null
  const canonical = typeof log === 'object' && log !== null && 'topic' in log && 'partition' in log
  const text = canonical ? `${String(log.topic)}-${String(log.partition)}` : log
  return readPartition(options.with({ log: text }), 'log')
}

function readSlowDisk(options: Options): Deed {
  const deed: Deed = {
    kind: 'slow-disk',
    target: options.target('target', BROKER),
    delayUs: options.duration('delay') ?? 0,
    factor: options.factor('factor', 1),
  }
  if (deed.delayUs === 0 && deed.factor === 1) {
    options.refuse('delay', 'slows nothing: give a delay or a factor')
  }
  return deed
}

function readClockStep(options: Options): Deed {
  const target = options.target('target', BROKER)
  const byUs = options.signedDuration('by')
  if (byUs === undefined) options.needs('by', '-5s')
  return { kind: 'clock-step', target, byUs: byUs ?? 0 }
}
