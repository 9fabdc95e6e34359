import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { brokerConfig } from '../../../../model/kafka/config/broker-config.ts'
import { consumerConfig } from '../../../../model/kafka/config/consumer-config.ts'
import { producerConfig } from '../../../../model/kafka/config/producer-config.ts'
import { topicConfig } from '../../../../model/kafka/config/topic-config.ts'
import { zookeeperConfig } from '../../../../model/kafka/config/zookeeper-config.ts'

const views = [
  { kind: 'broker', view: brokerConfig({}) },
  { kind: 'topic', view: topicConfig({}, brokerConfig({})) },
  { kind: 'producer', view: producerConfig({}) },
  { kind: 'consumer', view: consumerConfig({}) },
  { kind: 'zookeeper', view: zookeeperConfig({}) },
]

const VIEW = /config\/(broker|topic|producer|consumer|zookeeper)-config\.ts$/

/**
 * All words of the model and of what builds it, but for the files that read properties: of these
 * only that of topics uses another's, the broker's.
 */
function wordsOutside(kind: string): ReadonlySet<string> {
  const files = ['model', 'scenarios'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => {
        const [, view] = VIEW.exec(name) ?? []
        return view === undefined || (view === 'topic' && kind === 'broker')
      })
      .map((name) => `${folder}/${name}`),
  )
  return new Set(files.flatMap((file) => readFileSync(file, 'utf8').match(/\w+/g) ?? []))
}

test.each(views)('whatever is read of the $kind configuration is used', ({ kind, view }) => {
  const words = wordsOutside(kind)

  const idle = Object.keys(view).filter((field) => !words.has(field))

  expect(idle).toEqual([])
})
