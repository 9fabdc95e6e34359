import { beforeEach, describe, expect, test } from 'vitest'
import type { Answer, Application, Delivered, Step } from '../../../../model/application.ts'
import {
  type Driver,
  type DriverContext,
  type DriverHost,
  type DriverIo,
  type DriverTimer,
  handleBatch,
  isHandling,
  onApplicationSleep,
  onCallClosed,
  onCallResponse,
  onCallTimeout,
  onWorked,
  resume,
  startDriver,
} from '../../../../model/kafka/application/driver.ts'
import { effectStore } from '../../../../model/kafka/application/effect-store.ts'
import type { CallRequest } from '../../../../model/kafka/application/messages.ts'
import { workTime } from '../../../../model/kafka/application/work-time.ts'
import { History, Outcome } from '../../../../model/history.ts'
import { stream } from '../../../../sim/random.ts'
import { HandHeldContext } from '../hand-held-context.ts'

const record: Delivered = {
  topic: 'orders',
  partition: 2,
  partitionId: 8194,
  offset: 5,
  key: 'order-1',
  value: null,
  stream: 3,
  index: 4,
  count: 1,
  timestampMs: 0,
}

const callStep: Step = {
  do: 'call',
  service: 'bank',
  effect: 'bank',
  messageId: '3/4',
  record,
  idempotent: true,
  timeoutUs: 1000,
}

/** An application that takes the given steps and notes the answers. */
function script(steps: readonly Step[], answers: Answer[]): Application {
  return {
    name: 'script',
    *handle(): Generator<Step, void, Answer> {
      for (const step of steps) answers.push(yield step)
    },
  }
}

describe('the driver', () => {
  let context: HandHeldContext<DriverTimer, DriverIo>
  let history: History
  let answers: Answer[]
  let batches: (readonly Delivered[])[]
  let committed: (readonly Delivered[] | null)[]

  beforeEach(() => {
    context = new HandHeldContext({ name: 'payment-1' })
    history = new History(() => context.nowUs)
    answers = []
    batches = []
    committed = []
  })

  function driverOf(application: Application, over: Partial<DriverHost> = {}): Driver {
    const host: DriverHost = {
      commit: (upTo) => {
        committed.push(upTo)
        return 'later'
      },
      send: () => 'later',
      processed: () => {},
      nextBatch: () => batches.shift() ?? null,
      ...over,
    }
    return startDriver({
      application,
      history,
      process: history.name('payment-1'),
      group: history.name('payment'),
      store: effectStore(history.messages),
      work: workTime({ p50Us: 2000, p99Us: 2000 }, stream(1, 'work')),
      ailments: null,
      host,
    })
  }

  const started = (steps: readonly Step[], over: Partial<DriverHost> = {}): Driver => {
    const driver = driverOf(script(steps, answers), over)
    handleBatch(driver, [record], 7, context as DriverContext)
    return driver
  }

  test('work takes the thread of the application and goes on when it is done', () => {
    const driver = started([{ do: 'work' }, { do: 'sleep', us: 10 }])
    expect(context.pendingIo).toEqual([{ kind: 'serve', io: 'worked', key: 0 }])

    onWorked(driver, context)

    expect(driver.waiting).toBe('sleep')
    expect(context.timers.get('applicationSleep/0')?.atUs).toBe(10)
  })

  test('sleep goes on when its timer expires, and the batch ends there', () => {
    const driver = started([{ do: 'sleep', us: 10 }])

    onApplicationSleep(driver, context)

    expect(isHandling(driver)).toBe(false)
  })

  test('slow work takes so many times as long', () => {
    const served: number[] = []
    const driver = driverOf(script([{ do: 'work' }, { do: 'work', us: 100 }], answers))
    driver.factor = 3
    context.serve = (_station, us) => void served.push(us)

    handleBatch(driver, [record], 7, context)
    onWorked(driver, context)

    expect(served).toEqual([6000, 300])
  })

  test('a processing stands in the history from begin to end, with the generation of its batch', () => {
    const driver = started([
      { do: 'begin', record },
      { do: 'sleep', us: 10 },
      { do: 'end', record, outcome: 'ok' },
    ])
    const { processings } = history
    expect(processings.get('outcome', 0)).toBe(Outcome.open)

    context.nowUs = 10
    onApplicationSleep(driver, context)

    expect(processings.length).toBe(1)
    expect(processings.get('generation', 0)).toBe(7)
    expect(processings.get('partition', 0)).toBe(8194)
    expect(processings.get('outcome', 0)).toBe(Outcome.ok)
    expect(processings.get('endedUs', 0)).toBe(10)
  })

  test('an effect is applied at once, and refused under a known message id', () => {
    const effect: Step = {
      do: 'effect',
      effect: 'charge',
      messageId: 'a',
      record,
      idempotent: true,
    }

    started([effect, effect])

    expect(answers).toEqual([true, false])
    expect([...history.effects.column('applied')]).toEqual([1, 0])
  })

  test('a commit waits for its outcome', () => {
    const driver = started([{ do: 'commit' }, { do: 'commit', upTo: [record] }])
    resume(driver, 'failed', context)
    resume(driver, 'ok', context)

    expect(committed).toEqual([null, [record]])
    expect(answers).toEqual(['failed', 'ok'])
  })

  test('the next batch is taken in a loop, however many there are without work', () => {
    const seen: number[] = []
    const application: Application = {
      name: 'idle',
      // eslint-disable-next-line require-yield
      *handle(records): Generator<Step, void, Answer> {
        seen.push(records.length)
      },
    }
    batches = Array.from({ length: 20_000 }, () => [record])

    const driver = driverOf(application)
    handleBatch(driver, [record], 7, context)

    expect(seen.length).toBe(20_001)
    expect(isHandling(driver)).toBe(false)
  })

  describe('calling a service', () => {
    test('sends a request and goes on with ok when it is answered', () => {
      const driver = started([callStep])
      const request = context.lastOf<CallRequest>('CallRequest')

      onCallResponse(
        driver,
        { type: 'CallResponse', callId: request.callId, busy: false, applied: true },
        context,
      )

      expect(context.connections[0]?.peer).toBe('service-bank')
      expect(request).toMatchObject({ messageId: '3/4', idempotent: true, stream: 3, index: 4 })
      expect(answers).toEqual(['ok'])
      expect(context.timers.size).toBe(0)
    })

    test('is unknown without an answer in time, and the next call takes a new connection', () => {
      const driver = started([callStep, callStep])

      onCallTimeout(driver, context)

      expect(answers).toEqual(['unknown'])
      expect(context.connections.map((one) => one.ended)).toEqual(['closed', null])
    })

    test('does not take a late answer for that of a later call', () => {
      const driver = started([callStep, callStep])
      onCallTimeout(driver, context)

      onCallResponse(
        driver,
        { type: 'CallResponse', callId: 1, busy: false, applied: true },
        context,
      )

      expect(answers).toEqual(['unknown'])
    })

    test.each([
      ['refused', 'failed'],
      ['reset', 'unknown'],
      ['fin', 'unknown'],
    ] as const)('on a connection that ends by %s it is %s', (reason, outcome) => {
      const driver = started([callStep])
      const connection = context.connections[0]
      if (connection === undefined) throw new Error('no connection')

      onCallClosed(driver, connection, reason, context)

      expect(answers).toEqual([outcome])
    })
  })
})
