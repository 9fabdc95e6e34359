/**
 * Protocol levels: how Kafka's protocol was at which release, chosen per process (contracts §4).
 *
 * A level is written `name=value` and stands for what a release really did, so that published
 * defects can be shown and their fixes compared (hazards.md, "Exists in"). Levels are strategies
 * behind one interface, not guards: a guard switches a single check off. A level that is named
 * here with `modelled: false` is refused in one clear line.
 */

/** What one process uses. Field names are the names of the features. */
export interface Protocols {
  readonly truncation: 'hw' | 'kip101' | 'kip279' | 'kip320-first-try' | 'kip320' | 'fetch'
  readonly isrUpdate: 'zk' | 'async'
  readonly hwQuorum: 'committed' | 'maximal'
  readonly hwBelowMinIsr: 'advance' | 'hold'
  readonly isrEligibility: 'none' | 'live'
  readonly brokerEpoch: 'off' | 'on'
  readonly registration: 'create-once' | 'own-session'
  readonly controllerFencing: 'rpc-only' | 'multi'
  readonly followerOutOfRange: 'reset-to-log-start' | 'halt' | 'truncate'
  readonly fetchAboveWatermark: 'out-of-range' | 'empty'
  readonly 'listOffsets.waitForEpochStart': 'off' | 'on'
  readonly elr: 'off' | 'on'
  readonly 'producer.bumpEpoch': 'off' | 'on'
  readonly 'producer.split': 'batch-size' | 'halves'
  readonly 'group.rebalanceTimeout': 'none' | 'member'
}

export type ProtocolName = keyof Protocols

export interface ProtocolLevel {
  readonly level: string
  readonly sentence: string
  /** Releases of Kafka that behave so, such as `0.11–1.1`. */
  readonly releases: string
  /** The proposal or ticket that brought it, or null. */
  readonly kip: string | null
  /** Entries of hazards.md that exist at this level. */
  readonly hazards: readonly string[]
  readonly modelled: boolean
}

export interface ProtocolFeature {
  readonly name: ProtocolName
  readonly rule: string
  readonly sentence: string
  readonly default: string
  /** Oldest first. */
  readonly levels: readonly ProtocolLevel[]
}

/** Kafka 3.9 in ZooKeeper mode. */
export const defaultProtocols: Protocols = {
  truncation: 'fetch',
  isrUpdate: 'async',
  hwQuorum: 'maximal',
  hwBelowMinIsr: 'hold',
  isrEligibility: 'live',
  brokerEpoch: 'on',
  registration: 'own-session',
  controllerFencing: 'multi',
  followerOutOfRange: 'truncate',
  fetchAboveWatermark: 'empty',
  'listOffsets.waitForEpochStart': 'on',
  elr: 'off',
  'producer.bumpEpoch': 'on',
  'producer.split': 'batch-size',
  'group.rebalanceTimeout': 'member',
}

type LevelNotes = Partial<Pick<ProtocolLevel, 'kip' | 'hazards' | 'modelled'>>

function level(
  name: string,
  releases: string,
  sentence: string,
  notes: LevelNotes = {},
): ProtocolLevel {
  return { level: name, releases, sentence, kip: null, hazards: [], modelled: true, ...notes }
}

/** Every feature with its levels, for parsing and for `dmqsim protocols`. */
export const protocolFeatures: readonly ProtocolFeature[] = [
  {
    name: 'truncation',
    rule: 'KB 3.6',
    sentence: 'How a follower finds the place from which it must copy the leader’s log anew.',
    default: 'fetch',
    levels: [
      level('hw', '≤ 0.10.2', 'It cuts its log to its own high watermark.', {
        hazards: ['R01', 'R02'],
      }),
      level('kip101', '0.11–1.1', 'It asks the leader where its newest epoch ends.', {
        kip: 'KIP-101',
        hazards: ['R03', 'R04'],
      }),
      level('kip279', '2.0', 'The leader names epoch and end; the follower walks back.', {
        kip: 'KIP-279',
        hazards: ['R04'],
      }),
      level(
        'kip320-first-try',
        'never released',
        'The leader compares the last fetched epoch on each fetch, without the current epoch.',
        { kip: 'KIP-320, rejected', hazards: ['R06'] },
      ),
      level('kip320', '2.1–2.6', 'As kip279, and every question carries the current epoch.', {
        kip: 'KIP-320',
      }),
      level('fetch', '≥ 2.7', 'The leader finds the divergence in the fetch itself.', {
        kip: 'KIP-595',
      }),
    ],
  },
  {
    name: 'isrUpdate',
    rule: 'KB F22, KB F23',
    sentence: 'How a leader makes a change of its ISR durable.',
    default: 'async',
    levels: [
      level('zk', '≤ 2.6', 'It writes the state znode itself.'),
      level('async', '≥ 2.7', 'It asks the controller by AlterPartition.', { kip: 'KIP-497' }),
    ],
  },
  {
    name: 'hwQuorum',
    rule: 'KB P8',
    sentence: 'Which replicas the high watermark waits for while an ISR change is under way.',
    default: 'maximal',
    levels: [
      level('committed', 'never released', 'Those of the last committed ISR.', {
        hazards: ['R08'],
      }),
      level('maximal', '≥ 2.7', 'Those of the committed ISR and of the pending one.', {
        kip: 'KIP-497',
      }),
    ],
  },
  {
    name: 'hwBelowMinIsr',
    rule: 'KB P7',
    sentence: 'What the high watermark does while the ISR is smaller than min.insync.replicas.',
    default: 'hold',
    levels: [
      level('advance', '≤ 3.6', 'It goes on.', { hazards: ['D04'] }),
      level('hold', '≥ 3.7', 'It stands still.', { kip: 'KAFKA-15583' }),
    ],
  },
  {
    name: 'isrEligibility',
    rule: 'KB F20, KB F22',
    sentence: 'Whether a replica must be alive to enter the ISR.',
    default: 'live',
    levels: [
      level('none', '≤ 3.2', 'Whoever has caught up enters.', { hazards: ['D08'] }),
      level('live', '≥ 3.3', 'Only brokers that leader and controller believe alive enter.', {
        kip: 'KIP-841',
      }),
    ],
  },
  {
    name: 'brokerEpoch',
    rule: 'KB F-a',
    sentence: 'Whether controller and broker name the registration that a request is meant for.',
    default: 'on',
    levels: [
      level('off', '≤ 2.1', 'They do not: a request can reach the next incarnation.', {
        hazards: ['Z06'],
      }),
      level('on', '≥ 2.2', 'A request for an older registration is refused.', { kip: 'KIP-380' }),
    ],
  },
  {
    name: 'registration',
    rule: 'KB C22',
    sentence: 'What a broker does when its registration znode is already there.',
    default: 'own-session',
    levels: [
      level('create-once', '≤ 2.0', 'It gives up.', { hazards: ['Z05'] }),
      level('own-session', '≥ 2.1', 'It replaces the node of a session it owned before.', {
        kip: 'KAFKA-6584',
      }),
    ],
  },
  {
    name: 'controllerFencing',
    rule: 'KB C4',
    sentence: 'Whether a controller’s writes depend on its epoch.',
    default: 'multi',
    levels: [
      level('rpc-only', '≤ 2.1', 'Only its requests carry the epoch.', { hazards: ['Z03'] }),
      level('multi', '≥ 2.2', 'Every write checks /controller_epoch in the same multi.', {
        kip: 'KAFKA-6082',
      }),
    ],
  },
  {
    name: 'followerOutOfRange',
    rule: 'KB F24',
    sentence: 'What a follower does whose fetch offset the leader does not have.',
    default: 'truncate',
    levels: [
      level('reset-to-log-start', '0.8', 'It starts again at the leader’s log start.', {
        hazards: ['R11'],
      }),
      level('halt', '0.9–1.1', 'The broker stops if unclean election is off.', {
        hazards: ['R11'],
      }),
      level('truncate', '≥ 2.0', 'It cuts its log to the leader’s end.', { kip: 'KAFKA-7414' }),
    ],
  },
  {
    name: 'fetchAboveWatermark',
    rule: 'KB F3',
    sentence: 'What a consumer hears that fetches above the high watermark of a new leader.',
    default: 'empty',
    levels: [
      level('out-of-range', 'never released', 'OFFSET_OUT_OF_RANGE: it starts by its policy.', {
        kip: 'KAFKA-725, first try',
        hazards: ['C02'],
      }),
      level('empty', '≥ 0.10.0', 'Nothing yet: the records are there, and will be committed.', {
        kip: 'KAFKA-725',
      }),
    ],
  },
  {
    name: 'listOffsets.waitForEpochStart',
    rule: 'KB F9',
    sentence: 'Whether a new leader names an end offset before its high watermark is known again.',
    default: 'on',
    levels: [
      level('off', '≤ 2.1', 'It does: the end offset can go back.', { hazards: ['C02'] }),
      level('on', '≥ 2.2', 'It answers OFFSET_NOT_AVAILABLE.', { kip: 'KIP-207' }),
    ],
  },
  {
    name: 'elr',
    rule: 'KB 6',
    sentence: 'Whether replicas that left the ISR below its minimum stay electable.',
    default: 'off',
    levels: [
      level('off', '≤ 3.9', 'They do not.', { hazards: ['D04'] }),
      level('on', '4.0', 'They do.', { kip: 'KIP-966', modelled: false }),
    ],
  },
  {
    name: 'producer.bumpEpoch',
    rule: 'KC 1',
    sentence: 'What an idempotent producer does when its sequence is broken.',
    default: 'on',
    levels: [
      level('off', '≤ 2.4', 'It stops with a fatal error.', { modelled: false }),
      level('on', '≥ 2.5', 'It raises its epoch and goes on from sequence 0.', { kip: 'KIP-360' }),
    ],
  },
  {
    name: 'producer.split',
    rule: 'KC 1.7',
    sentence: 'Into what a producer cuts several records that the broker finds too large together.',
    default: 'batch-size',
    levels: [
      level(
        'batch-size',
        '1.0–4.1',
        'Pieces of batch.size: where they are still too large, again and again until the time is up.',
      ),
      level('halves', 'merged after 4.1', 'What was cut before is cut in half.', {
        kip: 'KAFKA-8350',
      }),
    ],
  },
  {
    name: 'group.rebalanceTimeout',
    rule: 'KC 3.2',
    sentence: 'How long a rebalance waits for members that are at work.',
    default: 'member',
    levels: [
      level('none', '2.3.0, to JoinGroup v0', 'Not at all: who is not there at once is put out.', {
        hazards: ['C08'],
      }),
      level('member', '≥ 2.3.1', 'As long as any member asked for when it joined.', {
        kip: 'KAFKA-8653',
      }),
    ],
  },
]

/** Levels of whole releases; anything not named is the default. */
export const protocolPresets: Readonly<Record<string, Partial<Protocols>>> = {
  '0.10': beforeKip320('hw', 'halt'),
  '0.11': beforeKip320('kip101', 'halt'),
  '1.1': beforeKip320('kip101', 'halt'),
  '2.0': { ...beforeKip320('kip279', 'truncate') },
  '2.1': { ...beforeKip320('kip320', 'truncate'), registration: 'own-session' },
  '2.6': {
    isrUpdate: 'zk',
    truncation: 'kip320',
    hwBelowMinIsr: 'advance',
    isrEligibility: 'none',
  },
  '2.8': { hwBelowMinIsr: 'advance', isrEligibility: 'none' },
  '3.6': { hwBelowMinIsr: 'advance' },
  '3.9': {},
}

function beforeKip320(
  truncation: Protocols['truncation'],
  followerOutOfRange: Protocols['followerOutOfRange'],
): Partial<Protocols> {
  return {
    truncation,
    isrUpdate: 'zk',
    followerOutOfRange,
    hwBelowMinIsr: 'advance',
    isrEligibility: 'none',
    brokerEpoch: 'off',
    registration: 'create-once',
    controllerFencing: 'rpc-only',
    'listOffsets.waitForEpochStart': 'off',
  }
}

/**
 * A protocol level that does not exist or is not modelled; the message is one line for a person.
 */
export class ProtocolException extends Error {
  override readonly name = 'ProtocolException'
}

/**
 * The levels named by `values` (name → value) over the defaults. `release` names a preset that the
 * other names then refine. Throws `ProtocolException`.
 */
export function protocolsOf(values: Readonly<Record<string, string>>): Protocols {
  const levels: Record<string, string> = { ...defaultProtocols, ...presetOf(values['release']) }
  for (const [name, value] of Object.entries(values)) {
    if (name === 'release') continue
    levels[name] = checkedLevel(name, value)
  }
  return levels as unknown as Protocols
}

function presetOf(release: string | undefined): Partial<Protocols> {
  if (release === undefined) return {}
  const preset = protocolPresets[release]
  if (preset !== undefined) return preset
  const known = Object.keys(protocolPresets).join(', ')
  throw new ProtocolException(`release=${release}: known releases are ${known}`)
}

function checkedLevel(name: string, value: string): string {
  const feature = protocolFeatures.find((one) => one.name === name)
  if (feature === undefined) {
    const known = protocolFeatures.map((one) => one.name).join(', ')
    throw new ProtocolException(`"${name}" is no protocol feature; there are ${known}`)
  }
  const found = feature.levels.find((one) => one.level === value)
  if (found === undefined) {
    const known = feature.levels.map((one) => one.level).join(', ')
    throw new ProtocolException(`${name}=${value}: known levels are ${known}`)
  }
  if (!found.modelled) {
    throw new ProtocolException(`${name}=${value} is not in this version`)
  }
  return value
}
