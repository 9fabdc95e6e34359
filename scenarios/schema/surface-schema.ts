/**
 * The shape of a scenario file for zod: strict objects, so that a misspelt key is an error.
 *
 * Loaded late, because zod is the slowest import of the command. It holds shapes, units and the
 * closed lists of words; what a name refers to is checked by `expand`. The JSON Schema for
 * editors (`scenarios/schema.json`) is generated from here.
 */

import { z } from 'zod'
import { inspectionSubjects } from '../../model/kafka/clients/inspector/subject-names.ts'
import { PARTITIONS_MAX } from '../../model/record.ts'
import { checkAliases, checkNames } from './check-names.ts'
import { planSchema } from './plan-schema.ts'
import {
  bandwidth,
  bytes,
  duration,
  name,
  rate,
  share,
  signedDuration,
  thresholds,
} from './quantity-schema.ts'
import type { ScenarioFile } from './surface.ts'
import {
  biasNames,
  budgets,
  swarmKnobs,
  swarmTargets,
  swarmFamilies,
  swarmOperations,
} from './swarm-words.ts'
import { faultKinds, operationKinds } from './timeline.ts'

const MANY_MAX = 1_000
/** Of a closed loop: each is a timer and a record on its way. */
const USERS_MAX = 100_000
/** Beyond it the first key has practically everything. */
const ZIPF_MAX = 10
/** Real clients that one process of a fleet stands for. */
const CLIENTS_MAX = 10_000_000

const count = z.int().min(1)
const natural = z.int().min(0)
/** Hosts and clients of one kind, far beyond what a run of ours is for. */
const many = z.int().min(1).max(MANY_MAX)
const partitions = z.int().min(1).max(PARTITIONS_MAX)
const id = z.int().min(0)
const config = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

const hardware = z.strictObject({
  like: name.optional().describe('another profile, of which this one says what differs'),
  calibration: z.string().optional().describe('whose costs of work: a set, or a file'),
  cores: natural.optional(),
  requestCpuNs: natural.optional(),
  batchCpuNs: natural.optional(),
  recordCpuNs: natural.optional(),
  kibibyteCpuNs: natural.optional(),
  partitionCpuNs: natural.optional(),
  checksumCpuNs: natural.optional(),
  sendCpuNs: natural.optional(),
  tlsCpuNs: natural.optional(),
  codecPercent: natural.optional(),
  clientRequestCpuNs: natural.optional(),
  clientBatchCpuNs: natural.optional(),
  clientRecordCpuNs: natural.optional(),
  controllerCpuNs: natural.optional(),
  zookeeperCpuNs: natural.optional(),
  disk: z
    .strictObject({
      bandwidth: bandwidth.optional(),
      operation: duration.optional(),
      sync: duration.optional(),
      space: bytes.optional(),
      count: z.int().min(1).max(64).optional(),
    })
    .optional(),
  nic: bandwidth.optional(),
  memory: bytes.optional().describe('what is not heap caches pages'),
  heap: bytes.optional(),
})

const broker = z.strictObject({
  id,
  rack: name.optional(),
  disks: z.int().min(1).max(64).optional(),
  hardware: name.optional(),
  config: config.optional(),
})

const cluster = z.strictObject({
  brokers: z.union([many, z.array(broker).min(1).max(MANY_MAX)]).optional(),
  zookeeper: z
    .union([
      count,
      z.array(z.strictObject({ id, rack: name.optional(), hardware: name.optional() })).min(1),
    ])
    .optional(),
  racks: z.int().min(1).max(26).optional(),
  hardware: name.optional(),
  config: config.optional(),
  zookeeperConfig: config.optional(),
})

const latency = z.union([duration, z.strictObject({ base: duration, jitter: duration.optional() })])

const network = z.strictObject({
  withinRack: latency.optional(),
  betweenRacks: latency.optional(),
  toClients: latency.optional(),
})

const topic = z.strictObject({
  name,
  partitions: partitions.optional(),
  replicationFactor: count.optional(),
  replicas: z.array(z.array(id).min(1)).min(1).optional(),
  config: config.optional(),
})

const work = z.union([
  duration,
  z.strictObject({ p50: duration, p99: duration }),
  z.strictObject({ mean: duration }),
])

const load = z.strictObject({
  rate: rate.optional(),
  stages: z
    .array(z.strictObject({ for: duration, to: rate.optional(), rate: rate.optional() }))
    .min(1)
    .optional(),
  csv: z.string().optional(),
  column: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  gaps: z.enum(['line', 'zero']).optional(),
  preset: z.enum(['double-eleven']).optional(),
  year: z.int().optional(),
  from: signedDuration.optional(),
  to: signedDuration.optional(),
  scale: z.union([z.number().positive(), share]).optional(),
  compress: z.number().positive().optional(),
  arrival: z.enum(['poisson', 'steady', 'bursty']).optional(),
  burst: z
    .strictObject({
      factor: z.number().gt(1).max(1_000).optional(),
      length: duration.optional(),
      share: z.union([z.number().positive(), share]).optional(),
    })
    .optional(),
  users: z.int().min(1).max(USERS_MAX).optional(),
  think: work.optional(),
})

const sizes = z.union([
  bytes,
  z.strictObject({ p50: bytes, p99: bytes }),
  z.strictObject({ mean: bytes }),
  z.array(z.strictObject({ size: bytes, weight: z.number().positive().optional() })).min(1),
])

const keys = z.union([
  count,
  z.strictObject({ count, zipf: z.number().min(0).max(ZIPF_MAX).optional() }),
  z.enum(['none', 'per-order']),
])

const producer = z.strictObject({
  name,
  count: many.optional(),
  topic: name,
  keys: keys.optional(),
  events: count.optional(),
  eventGap: duration.optional(),
  recordBytes: sizes.optional(),
  load,
  pattern: z.enum(['send', 'resend']).optional(),
  stopAfter: count.optional(),
  clients: z.int().min(1).max(CLIENTS_MAX).optional(),
  records: z.enum(['explicit', 'counted']).optional(),
  slot: z.union([z.literal('auto'), duration]).optional(),
  hardware: name.optional(),
  config: config.optional(),
})

const output = z.union([
  name,
  z.strictObject({ topic: name, recordBytes: bytes.optional(), config: config.optional() }),
])

const handlerFile = z.string().regex(/[\\/]|\.[cm]?[jt]s$/, {
  error: 'a handler is a file, such as ./order-handler.js',
  // Otherwise a union takes this for what was meant, whatever else is wrong.
  abort: true,
})

const consumer = z.strictObject({
  group: name,
  members: many.optional(),
  topics: z.array(name).min(1),
  work: work.optional(),
  pattern: z
    .union([
      z.enum([
        'auto-commit',
        'commit-then-process',
        'process-then-commit',
        'idempotent',
        'idempotent-atomic',
        'idempotent-mark-before',
        'idempotent-mark-after',
      ]),
      handlerFile,
    ])
    .optional(),
  handler: z
    .union([
      handlerFile,
      z.strictObject({
        module: z.string().min(1),
        export: z.string().min(1).optional(),
        commit: z.enum(['batch', 'record', 'before', 'automatic', 'handler']).optional(),
      }),
    ])
    .optional(),
  effects: z.enum(['per-record', 'per-order']).optional(),
  services: z
    .array(
      z.union([
        name,
        z.strictObject({
          name,
          timeout: duration.optional(),
          retryBackoff: duration.optional(),
        }),
      ]),
    )
    .optional(),
  produces: output.optional(),
  retry: z.strictObject({ attempts: count.optional(), backoff: duration.optional() }).optional(),
  deadLetter: output.optional(),
  hardware: name.optional(),
  config: config.optional(),
})

const phrase = z.union([z.string(), z.array(z.string()).min(1)])
const host = z.union([phrase, z.strictObject({ target: phrase })])
const factor = z.number().positive()
const link = { between: phrase, and: phrase.optional() }
const direction = z.enum(['both', 'to', 'from']).optional()
const cut = z.union([phrase, z.strictObject({ ...link, direction })])
const diskName = z.union([natural, z.string().regex(/^data-\d+$/)])
const disk = { target: phrase, disk: diskName.optional() }
const diskFault = z.union([phrase, z.strictObject(disk)])
const protocols = z.record(z.string(), z.string()).optional()

/** For the editor: what a verb takes. The parser of `timeline-words.ts` has the last word. */
const verbs = {
  crash: host,
  'power-loss': z.union([phrase, z.strictObject({ target: phrase, torn: z.boolean().optional() })]),
  pause: host,
  restart: z.union([
    phrase,
    z.strictObject({ target: phrase, clean: z.boolean().optional(), protocols }),
  ]),
  cut,
  flap: z.union([
    phrase,
    z.strictObject({ ...link, direction, down: duration.optional(), up: duration.optional() }),
  ]),
  bridge: z.strictObject({ ...link, over: phrase }),
  reset: z.union([phrase, z.strictObject(link)]),
  'half-open': z.union([phrase, z.strictObject(link)]),
  hold: cut,
  clog: cut,
  'slow-link': z.strictObject({
    ...link,
    direction,
    delay: duration.optional(),
    jitter: duration.optional(),
    bandwidth: bandwidth.optional(),
  }),
  'disk-full': diskFault,
  'io-error': diskFault,
  'lying-sync': diskFault,
  'bit-rot': z.union([
    phrase,
    z.strictObject({ ...disk, entries: count.optional(), log: z.string().optional() }),
  ]),
  wipe: diskFault,
  'slow-disk': z.strictObject({
    target: phrase,
    delay: duration.optional(),
    factor: factor.optional(),
  }),
  'slow-cpu': z.strictObject({ target: phrase, factor }),
  'clock-step': z.strictObject({ target: phrase, by: signedDuration }),
  'clock-drift': z.strictObject({ target: phrase, ppm: z.number() }),
  'add-partitions': z.strictObject({ topic: name, to: count }),
  'add-members': z.union([name, z.strictObject({ group: name, count: count.optional() })]),
  'stop-members': z.union([
    name,
    z.strictObject({ group: name, count: count.optional(), clean: z.boolean().optional() }),
  ]),
  deploy: z.union([
    name,
    z.strictObject({
      group: name,
      batch: count.optional(),
      grace: duration.optional(),
      startup: duration.optional(),
      surge: natural.optional(),
    }),
  ]),
  'elect-leader': z.union([
    z.string(),
    z.strictObject({
      partition: z.string(),
      election: z.enum(['preferred', 'unclean']).optional(),
    }),
  ]),
  reassign: z.strictObject({ partition: z.string(), replicas: z.array(id).min(1) }),
  'alter-config': z.strictObject({ topic: name, config }),
  'create-topic': z.union([
    name,
    z.strictObject({
      topic: name,
      partitions: count.optional(),
      replicationFactor: count.optional(),
      config: config.optional(),
    }),
  ]),
  'delete-topic': z.union([name, z.strictObject({ topic: name })]),
  'slow-work': z.strictObject({ target: phrase, factor }),
  poison: z.union([
    name,
    z.strictObject({
      topic: name,
      count: count.optional(),
      group: name.optional(),
      partition: natural.optional(),
      key: z.union([z.string(), z.number()]).optional(),
      factor: factor.optional(),
    }),
  ]),
  'rolling-restart': z.union([
    phrase,
    z.strictObject({
      target: phrase,
      clean: z.boolean().optional(),
      waitForIsr: z.boolean().optional(),
      down: duration.optional(),
      pause: duration.optional(),
      protocols,
    }),
  ]),
}

const trigger = z.strictObject({
  probe: z.string(),
  of: z.string().optional(),
  nth: count.optional(),
  after: duration.optional(),
})

const moments = {
  at: duration.optional(),
  on: trigger.optional(),
  for: z.union([duration, z.literal('ever')]).optional(),
}

const sugar = z
  .strictObject({ ...z.object(verbs).partial().shape, ...moments })
  .meta({ title: 'one verb with its target or options, when, and for how long' })

const withKind = z
  .looseObject({
    kind: z.enum([...faultKinds, ...operationKinds]),
  })
  .meta({ title: 'the same with the verb as "kind"' })

const swarm = z.strictObject({
  families: z.array(z.enum(swarmFamilies)).min(1),
  operations: z.array(z.enum(swarmOperations)).optional(),
  faults: z.strictObject({ min: natural.optional(), max: count.optional() }).optional(),
  budget: z.enum(budgets).optional(),
  knobs: z.array(z.enum(swarmKnobs)).optional(),
  targets: z.array(z.enum(swarmTargets)).min(1).optional(),
  durations: z.strictObject({ min: duration.optional(), max: duration.optional() }).optional(),
  biases: z.array(z.enum(biasNames)).min(1).optional(),
  topics: z.array(name).min(1).optional(),
})

const checkWords = [
  ...checkNames,
  ...(Object.keys(checkAliases) as readonly (keyof typeof checkAliases)[]),
]

const hazard = z.strictObject({
  id: z.string().regex(/^[A-Z]\d\d$/, 'an id of hazards.md, as R01'),
  title: z.string(),
  sets: config.optional(),
  check: z.string(),
  mechanism: z.string().optional(),
  bias: z.string().optional(),
  within: count,
  fix: z.union([
    z.literal('none'),
    z.strictObject({
      kind: z.enum(['protocol', 'config', 'guard']),
      sets: config.optional(),
      leavesOut: z.array(z.enum(swarmOperations)).optional(),
    }),
  ]),
})

const fields = {
  name: name.optional(),
  question: z.string().optional(),
  problem: z.enum(['loss', 'duplicate', 'order', 'backlog']).optional(),
  system: z.literal('kafka'),
  duration,
  warmUp: duration.optional(),
  measureFrom: duration.optional(),
  drain: duration.optional(),
  seed: z.int().min(0).optional(),
  timeouts: z.enum(['kafka', 'brisk']).optional(),
  history: z.enum(['whole', 'folded']).optional(),
  cluster: cluster.optional(),
  network: network.optional(),
  hardware: z.record(name, hardware).optional(),
  restart: z
    .strictObject({
      after: duration.optional(),
      backoff: z.number().min(1).optional(),
      max: duration.optional(),
    })
    .optional(),
  topics: z.array(topic).min(1),
  producers: z.array(producer).optional(),
  consumers: z.array(consumer).optional(),
  services: z
    .array(
      z.strictObject({
        name,
        workers: count.optional(),
        work: work.optional(),
        queue: natural.optional(),
        timeout: duration.optional(),
      }),
    )
    .optional(),
  swarm: swarm.optional(),
  checks: z.array(z.enum(checkWords)).min(1).optional(),
  expect: z.record(z.string(), z.enum(['kept', 'breaks', 'may-break'])).optional(),
  thresholds: thresholds.optional(),
  requiredProbes: z.array(z.string()).optional(),
  guardsOff: z.array(z.string()).optional(),
  protocols: z.record(z.string(), z.string()).optional(),
  hazard: hazard.optional(),
  plan: planSchema.optional(),
}

const inspect = z
  .strictObject({
    topic: name.optional(),
    pause: duration.optional(),
    about: z.array(z.enum(inspectionSubjects)).optional(),
  })
  .optional()

/** What the loader validates: entries of the timeline have a reader of their own. */
export const scenarioFileSchema: z.ZodType<ScenarioFile> = z.strictObject({
  ...fields,
  inspect,
  timeline: z.array(z.record(z.string(), z.unknown())).optional(),
})

/** What editors complete: the same with the verbs of the timeline written out. */
export const editorSchema: z.ZodType = z
  .strictObject({
    $schema: z.string().optional(),
    ...fields,
    inspect,
    timeline: z.array(z.union([sugar, withKind])).optional(),
  })
  .meta({ title: 'dmqsim scenario' })
