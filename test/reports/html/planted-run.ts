/**
 * A judged run made by hand, in the shape of a Double 11: three groups, 12 and 6 partitions, five
 * faults that took effect and two that did not, one promise broken with its evidence.
 */

import { History } from '../../../model/history.ts'
import { partitionId } from '../../../model/record.ts'
import type { HtmlReportOptions } from '../../../reports/html/report.ts'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import type {
  GroupMeasures,
  GroupSeries,
  Judged,
  LeaderChange,
  Measures,
  Result,
  Struck,
  Verdict,
} from '../../../scenarios/result.ts'
import { expand } from '../../../scenarios/schema/expand.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'

const SECOND = 1_000_000
const END = 262
const HEAL = 240
const STEPS = 400

/** Texts of users in a scenario; a hostile one must not leave its place. */
export interface PlantedWords {
  readonly name?: string
  readonly question?: string
  readonly topic?: string
  readonly group?: string
  readonly evidence?: string
}

export const plantedOptions: HtmlReportOptions = {
  version: '0.1.0',
  replayCommand: 'npx dmqsim replay dmqsim-results/double-eleven-7/report.html',
  notModelled: ['quotas: no client is slowed down by a broker', 'KRaft: metadata is in ZooKeeper'],
  inputs: [
    { name: 'duration', value: '240 s', source: 'given' },
    { name: 'traffic', value: 'double-eleven-2020.csv', source: 'imported' },
    { name: 'network latency', source: 'default' },
  ],
}

export function plantedScenario(words: PlantedWords = {}): Scenario {
  const topic = 'orders'
  const { scenario, findings } = expand({
    name: 'double-eleven',
    question: 'Do orders, charges and stock stay right through the midnight peak?',
    system: 'kafka',
    duration: '240s',
    timeouts: 'brisk',
    cluster: {
      brokers: [1, 2, 3, 4, 5].map((id) => ({ id, rack: 'abcab'[id - 1] })),
      zookeeper: 3,
      config: { 'min.insync.replicas': 2, 'unclean.leader.election.enable': true },
    },
    topics: [
      { name: topic, partitions: 12, replicationFactor: 3 },
      { name: 'payments', partitions: 6, replicationFactor: 3 },
    ],
    producers: [{ name: 'order-service', count: 3, topic, keys: 50, load: { rate: '200/s' } }],
    consumers: groupNames.map((group) => ({ group, members: 3, topics: [topic], work: '1ms' })),
    timeline: [
      { at: '20s', crash: 'leader of orders-0', for: '10s' },
      { at: '45s', 'slow-work': { target: 'group payment', factor: 8 }, for: '20s' },
      { at: '85s', cut: { between: 'broker 4', and: 'all zookeeper' }, for: '12s' },
      { at: '120s', crash: 'zookeeper leader', for: '8s' },
      { at: '150s', pause: 'leader of orders-3', for: '7s' },
      { at: '152s', 'power-loss': 'broker 3' },
      { on: { probe: 'isr.shrinkSent', of: 'orders-1' }, pause: 'broker 1', for: '2s' },
    ],
    checks: ['no-loss', 'order-by-key', 'backlog-drains', 'truth'],
    expect: { 'no-loss': 'kept', 'order-by-key': 'may-break' },
  })
  if (findings.length > 0) throw new Error(JSON.stringify(findings))
  return {
    ...scenario,
    name: words.name ?? scenario.name,
    question: words.question ?? scenario.question,
    topics: scenario.topics.map((one) =>
      one.name === topic ? { ...one, name: words.topic ?? topic } : one,
    ),
    consumers: scenario.consumers.map((one, at) => {
      return at === 0 ? { ...one, group: words.group ?? one.group } : one
    }),
  }
}

const groupNames = ['payment', 'inventory', 'analytics']

export function plantedJudged(words: PlantedWords = {}): Judged {
  const scenario = plantedScenario(words)
  const verdicts = plantedVerdicts(words)
  return {
    result: plantedResult(scenario),
    scenario,
    verdicts,
    measures: plantedMeasures(scenario),
    thresholds: [
      { measure: 'drain', rule: 'max<30s', value: 18_400_000, unit: 'us', met: true },
      {
        measure: 'lateness{group:payment}',
        rule: 'max<30s',
        value: 41_200_000,
        unit: 'us',
        met: false,
      },
    ],
    sentence: verdicts[0]?.sentence ?? '',
  }
}

/** A run without groups, faults, leaders or verdicts: every section has to say so. */
export function plantedEmpty(): Judged {
  const full = plantedJudged()
  const scenario: Scenario = { ...full.scenario, consumers: [], timeline: [] }
  const { series } = full.measures
  return {
    ...full,
    scenario,
    verdicts: [],
    thresholds: [],
    sentence: 'Nothing was judged.',
    result: {
      ...full.result,
      case: plainCase(scenario, 7),
      leaders: [],
      struck: [],
      probes: {},
      guards: {},
    },
    measures: {
      ...full.measures,
      latency: { produce: null, endToEnd: null },
      groups: [],
      series: { ...series, atUs: [], produced: [], consumed: {}, groups: [] },
    },
  }
}

function plantedResult(scenario: Scenario): Result {
  const at = (seconds: number): number => seconds * SECOND
  return {
    case: plainCase(scenario, 7),
    traceHash: '0123456789abcdef',
    historyHash: 'fedcba9876543210',
    ended: 'drained',
    reason: null,
    history: new History(() => 0),
    logs: { uncommitted: [], committed: [] },
    truth: [],
    excuses: [],
    removals: [
      {
        partition: partitionId(0, 4),
        atUs: at(26),
        fromOffset: 204,
        untilOffset: 241,
        broker: 3,
        leaderEpoch: 2,
        how: 'elected-uncleanly',
      },
    ],
    leaders: plantedLeaders(),
    struck: plantedStruck(),
    phases: {
      originUs: at(7),
      healUs: at(HEAL),
      settledUs: at(244),
      wroteUs: at(245),
      producersDoneUs: at(246),
      drainedUs: at(258),
      endUs: at(END),
    },
    probes: { 'isr.shrinkSent': 31, 'leader.elected': 44, 'zombie.fenced': 0 },
    guards: { 'fetch.leaderEpoch': 7, 'produce.minIsr': 112 },
    virtualUs: at(END + 7),
    events: 953_910,
    topics: [scenario.topics[0]?.name ?? '', 'payments', '__consumer_offsets'],
  }
}

function plantedStruck(): Struck[] {
  const row = (index: number, kind: string, target: string, rest: Partial<Struck>): Struck => ({
    index,
    kind,
    target,
    resolved: null,
    atUs: null,
    untilUs: null,
    refused: null,
    ...rest,
  })
  const lasted = (atS: number, untilS: number, ...resolved: string[]): Partial<Struck> => ({
    atUs: atS * SECOND,
    untilUs: untilS * SECOND,
    resolved,
  })
  return [
    row(0, 'crash', 'leader of orders-0', lasted(20, 30, 'broker-1')),
    row(1, 'slow-work', 'group payment', lasted(45, 65, 'payment-1', 'payment-2', 'payment-3')),
    row(2, 'cut', 'broker 4 and all zookeeper', lasted(85, 97, 'broker-4', 'zookeeper-1')),
    row(3, 'crash', 'zookeeper leader', lasted(120, 128, 'zookeeper-3')),
    row(4, 'pause', 'leader of orders-3', lasted(150, 157, 'broker-4')),
    row(5, 'power-loss', 'broker 3', { refused: 'it would lose committed records of orders-2' }),
    row(6, 'pause', 'broker 1', {}),
  ]
}

/** Replicas as Kafka places them without racks: broker p, p + 1, p + 2. */
function replicasOf(number: number): number[] {
  return [0, 1, 2].map((step) => ((number + step) % 5) + 1)
}

/** Brokers 1, 4 and 4 again leave and return; one partition loses its ISR and elects uncleanly. */
function plantedLeaders(): LeaderChange[] {
  const partitions = [12, 6].flatMap((count, topic) =>
    Array.from({ length: count }, (_, number) => partitionId(topic, number)),
  )
  return partitions
    .flatMap((partition) => changesOf(partition))
    .sort((left, right) => left.atUs - right.atUs || left.partition - right.partition)
}

const absences: readonly (readonly [broker: number, from: number, until: number])[] = [
  [1, 24, 33],
  [4, 90, 99],
  [4, 154, 158],
]

function changesOf(partition: number): LeaderChange[] {
  const replicas = replicasOf(partition % 4096)
  let leaderEpoch = 0
  let leader = replicas[0] ?? 1
  const found: LeaderChange[] = []
  const change = (atS: number, isr: readonly number[], clean = true): void => {
    found.push({ atUs: atS * SECOND, partition, leader, leaderEpoch, isr, clean })
  }
  change(-4, replicas)
  for (const [broker, from, until] of absences) {
    if (!replicas.includes(broker)) continue
    const rest = replicas.filter((one) => one !== broker)
    if (leader === broker) {
      leader = rest[0] ?? -1
      leaderEpoch += 1
    }
    change(from, rest)
    change(until, [...rest, broker])
  }
  return partition === partitionId(0, 4) ? [...uncleanStory(partition), ...found.slice(3)] : found
}

/**
 * Leader 5 dies with its log: nobody leads for two seconds, then 3 does without being in the ISR.
 */
function uncleanStory(partition: number): LeaderChange[] {
  const row = (
    atS: number,
    leader: number,
    leaderEpoch: number,
    isr: number[],
    clean = true,
  ): LeaderChange => ({ atUs: atS * SECOND, partition, leader, leaderEpoch, isr, clean })
  return [
    row(-4, 5, 0, [5, 1, 3]),
    row(22, 5, 0, [5]),
    row(24, -1, 1, [5]),
    row(26, 3, 2, [3], false),
    row(34, 3, 2, [3, 5, 1]),
  ]
}

function plantedVerdicts({ topic = 'orders', group, evidence }: PlantedWords): Verdict[] {
  const broken: Verdict = {
    check: 'no-loss',
    scope: 'stored',
    verdict: 'broken',
    expected: 'kept',
    promised: true,
    asExpected: false,
    count: 37,
    sentence: `37 acknowledged records of ${topic} are in no log`,
    signature: 'no-loss stored: elected uncleanly without them',
    evidence: [0, 1, 2].map((n) => ({
      sentence:
        evidence ??
        `record 3:${17 + n} of order-service-1 was acknowledged at offset ${204 + n} of ${topic}-4 and is in no log`,
      atUs: 21 * SECOND,
      partition: `${topic}-4`,
      offset: 204 + n,
      records: [`3:${17 + n}`],
    })),
  }
  const kept = (check: Verdict['check'], scope: string, sentence: string): Verdict => ({
    ...broken,
    check,
    scope,
    sentence,
    verdict: 'kept',
    asExpected: true,
    count: 0,
    evidence: [],
    signature: 'kept',
  })
  const groups = [group ?? 'payment', 'inventory', 'analytics']
  return [
    broken,
    ...groups.map((one) => kept('no-loss', `processed:${one}`, `${one} processed every record`)),
    {
      ...kept('order-by-key', 'stored', 'no two records of a key can be compared'),
      verdict: 'unknown',
      expected: 'may-break',
      promised: false,
    },
    ...groups.map((one) => kept('backlog-drains', one, `${one} got through its backlog`)),
    { ...kept('availability', 'all', 'nothing was written'), verdict: 'vacuous', expected: null },
  ]
}

function plantedMeasures(scenario: Scenario): Measures {
  const stepUs = Math.round((END * SECOND) / STEPS)
  const atUs = Array.from({ length: STEPS }, (_, step) => step * stepUs)
  const produced = atUs.map((us) => Math.round(rateAt(us / SECOND) * (stepUs / SECOND)))
  const groups = scenario.consumers.map(({ group }, at) => ({
    group,
    ...drained(produced, (600 - at * 120) * (stepUs / SECOND), at === 0),
  }))
  const series = groups.map(({ group, backlog, latenessUs }): GroupSeries => {
    return { group, topic: scenario.topics[0]?.name ?? '', atUs, backlog, latenessUs }
  })
  return {
    operations: { invoked: 66_912, ok: 66_600, failed: 11, unknown: 301 },
    magnitudes: {
      lost: 37,
      duplicated: 0,
      redelivered: 812,
      reordered: 0,
      longestWriteSilenceUs: 4_480_000,
    },
    latency: {
      produce: {
        p50: 11_900,
        p95: 357_000,
        p99: 2_800_000,
        p999: 4_100_000,
        mean: 20_000,
        max: 4_600_000,
        count: 66_600,
      },
      endToEnd: null,
    },
    groups: series.map((one) => groupMeasures(one)),
    throughput: [],
    series: {
      stepUs,
      atUs,
      produced,
      consumed: Object.fromEntries(groups.map(({ group, consumed }) => [group, consumed])),
      groups: series,
    },
  }
}

/** Records a second: quiet, a jump at 20 s, then a decay with a ripple that is no random number. */
function rateAt(second: number): number {
  if (second > HEAL) return 0
  const ripple = ((second * 37) % 11) - 5
  if (second < 20) return 40 + ripple
  return Math.max(40, 2_200 / (1 + (second - 20) / 12)) + ripple * 4
}

interface Drained {
  readonly consumed: number[]
  readonly backlog: number[]
  readonly latenessUs: number[]
}

/** A group that works on at most `perStep` records a step, and on none from 45 s to 65 s. */
function drained(produced: readonly number[], perStep: number, outage: boolean): Drained {
  const found: Drained = { consumed: [], backlog: [], latenessUs: [] }
  let waiting = 0
  produced.forEach((arrived, step) => {
    const second = (step * END) / STEPS
    const able = outage && second > 45 && second < 65 ? 0 : Math.round(perStep)
    waiting += arrived
    const done = Math.min(waiting, able)
    waiting -= done
    found.consumed.push(done)
    found.backlog.push(waiting)
    found.latenessUs.push(waiting * 2_000)
  })
  return found
}

function groupMeasures({ group, topic, atUs, backlog, latenessUs }: GroupSeries): GroupMeasures {
  const peak = Math.max(...backlog)
  return {
    group,
    topic,
    consumed: 66_600,
    redelivered: 271,
    backlogPeak: peak,
    backlogPeakAtUs: atUs[backlog.indexOf(peak)] ?? 0,
    latenessPeakUs: Math.max(...latenessUs),
    backlogAtHeal: 12,
    drainUs: group === 'analytics' ? null : 18_400_000,
    partitions: null,
  }
}
