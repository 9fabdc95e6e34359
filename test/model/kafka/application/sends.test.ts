import { beforeEach, describe, expect, test } from 'vitest'
import type { Step } from '../../../../model/application.ts'
import { History, Outcome } from '../../../../model/history.ts'
import { sendDerived, type Sends, startSends } from '../../../../model/kafka/application/sends.ts'
import { onRunSender } from '../../../../model/kafka/clients/producer/producer.ts'
import { producerConfig } from '../../../../model/kafka/config/producer-config.ts'
import { Topics } from '../../../../model/kafka/topics.ts'
import { HandHeldContext } from '../hand-held-context.ts'

type SendStep = Extract<Step, { readonly do: 'send' }>

const step = (topic: string): SendStep => ({
  do: 'send',
  topic,
  key: 'order-1',
  value: { messageId: '3/4' },
  bytes: 200,
})

describe('the sends of an application', () => {
  let context: HandHeldContext
  let history: History
  let ended: ('ok' | 'failed')[]
  let sends: Sends

  beforeEach(() => {
    context = new HandHeldContext({ name: 'payment-1' })
    history = new History(() => context.nowUs)
    ended = []
    sends = startSends(
      {
        key: 2,
        config: producerConfig({ 'max.block.ms': 1000 }),
        topics: new Topics(['orders', 'payments']),
        brokers: [1],
        history,
        ended: (outcome) => void ended.push(outcome),
      },
      context,
    )
  })

  /** The producer gives up waiting for metadata, since no broker answers. */
  const giveUp = (): void => {
    context.nowUs += 2_000_000
    onRunSender(sends.producer, context)
  }

  test('are in the streams of the member and end later', () => {
    const answer = sendDerived(sends, step('payments'), context)

    expect(answer).toBe('later')
    expect(history.streams).toEqual([
      { producer: 'payment-1', incarnation: 1, topic: 3, key: 'order-1' },
    ])
    expect(history.sends.get('outcome', 0)).toBe(Outcome.open)
  })

  test('fail where no broker took them', () => {
    sendDerived(sends, step('payments'), context)

    giveUp()

    expect(ended).toEqual(['failed'])
    expect(history.sends.get('outcome', 0)).toBe(Outcome.failed)
  })

  test('are the same record when the same step is sent again, and another for another step', () => {
    const same = step('payments')
    sendDerived(sends, same, context)
    giveUp()
    sendDerived(sends, same, context)
    giveUp()
    sendDerived(sends, step('payments'), context)

    expect([0, 1, 2].map((row) => history.sends.get('index', row))).toEqual([0, 0, 1])
    expect([0, 1, 2].map((row) => history.sends.get('attempt', row))).toEqual([0, 1, 0])
  })

  test('to a topic that does not exist fail at once', () => {
    expect(sendDerived(sends, step('refunds'), context)).toBe('failed')
    expect(history.sends.length).toBe(0)
  })
})
