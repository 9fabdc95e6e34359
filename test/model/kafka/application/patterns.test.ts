import { describe, expect, test } from 'vitest'
import type { Answer, Delivered, Step } from '../../../../model/application.ts'
import { MessageIds } from '../../../../model/message-ids.ts'
import { applyEffect, effectStore, mark } from '../../../../model/kafka/application/effect-store.ts'
import type { PatternOptions } from '../../../../model/kafka/application/pattern-parts.ts'
import {
  applicationNamed,
  commitsAutomatically,
  type PatternName,
  patternNames,
} from '../../../../model/kafka/application/patterns.ts'

const record = (index: number, key: string | null = 'order-1'): Delivered => ({
  topic: 'orders',
  partition: 0,
  partitionId: 8192,
  offset: index,
  key,
  value: null,
  stream: 3,
  index,
  count: 1,
  timestampMs: 0,
})

const options = (over: Partial<PatternOptions> = {}): PatternOptions => ({
  effect: 'payment',
  effectPer: 'record',
  calls: [],
  produces: null,
  store: effectStore(new MessageIds()),
  ...over,
})

/** Takes the steps of a pattern by hand; `answers` are given in the order of what waits for one. */
function stepsOf(
  pattern: PatternName,
  records: readonly Delivered[],
  over: PatternOptions,
  answers: readonly Answer[] = [],
  failing = 0,
): Step[] {
  let ill = failing
  const steps: Step[] = []
  const left = [...answers]
  const generator = applicationNamed(pattern, over).handle(records)
  let answer: Answer
  for (let next = generator.next(); next.done !== true; next = generator.next(answer)) {
    const step = next.value
    steps.push(step)
    answer = undefined
    if (step.do === 'commit' || step.do === 'call' || step.do === 'send') {
      answer = left.shift() ?? 'ok'
    }
    if (step.do === 'work' && ill > 0) {
      ill -= 1
      answer = 'failed'
    }
    if (step.do === 'mark') answer = mark(over.store, step.effect, step.messageId)
    if (step.do === 'effect') {
      const { effect, idempotent, messageId } = step
      const { stream, index } = step.record
      const message = over.store.messages.numberOf(messageId, stream, index)
      answer = applyEffect(over.store, effect, message, idempotent)
    }
  }
  return steps
}

const words = (steps: readonly Step[]): string => steps.map((step) => step.do).join(' ')

describe('patterns', () => {
  const once = 'begin work effect end'
  const before = 'begin sleep mark work effect sleep end'
  const after = 'begin sleep work effect sleep mark end'

  test.each<[PatternName, string]>([
    ['auto-commit', `${once} ${once}`],
    ['commit-then-process', `commit ${once} ${once}`],
    ['process-then-commit', `${once} ${once} commit`],
    ['idempotent', `${once} ${once} commit`],
    ['idempotent-mark-before', `${before} ${before} commit`],
    ['idempotent-mark-after', `${after} ${after} commit`],
  ])('%s takes its steps in this order: %s', (pattern, expected) => {
    const steps = stepsOf(pattern, [record(0), record(1)], options())

    expect(words(steps)).toBe(expected)
  })

  test('only auto-commit leaves its commits to the consumer', () => {
    const automatic = patternNames.filter((pattern) => commitsAutomatically(pattern))

    expect(automatic).toEqual(['auto-commit'])
  })

  test('commit-then-process touches no record of a batch whose commit is not confirmed', () => {
    const steps = stepsOf('commit-then-process', [record(0)], options(), ['failed'])

    expect(words(steps)).toBe('commit')
  })

  test('services are called before the effect is recorded and the derived record is sent', () => {
    const over = options({
      calls: [
        { service: 'fraud', timeoutUs: 10, retryBackoffUs: 5 },
        { service: 'bank', timeoutUs: 10, retryBackoffUs: 5 },
      ],
      produces: { topic: 'payments', recordBytes: 100 },
    })

    const naive = stepsOf('process-then-commit', [record(0)], over)
    const once = stepsOf('idempotent', [record(1)], over)

    expect(words(naive)).toBe('begin work call call effect send end commit')
    expect(words(once)).toBe('begin work call call send effect end commit')
    expect(once.filter((step) => step.do === 'call').map((step) => step.service)).toEqual([
      'fraud',
      'bank',
    ])
  })

  test('a call without an answer is made again under the same message id after the back-off', () => {
    const over = options({ calls: [{ service: 'bank', timeoutUs: 10, retryBackoffUs: 7 }] })

    const steps = stepsOf('idempotent', [record(4)], over, ['unknown', 'failed', 'ok'])

    expect(words(steps)).toBe('begin work call sleep call sleep call effect end commit')
    const calls = steps.filter((step) => step.do === 'call')
    expect(calls.map((call) => call.messageId)).toEqual(['3/4', '3/4', '3/4'])
    expect(calls.every((call) => call.idempotent)).toBe(true)
    expect(steps.find((step) => step.do === 'sleep')).toEqual({ do: 'sleep', us: 7 })
  })

  test('a derived record that is not acknowledged is sent again', () => {
    const over = options({ produces: { topic: 'payments', recordBytes: 100 } })

    const steps = stepsOf('process-then-commit', [record(0)], over, ['failed', 'ok', 'ok'])

    expect(words(steps)).toBe('begin work effect send sleep send end commit')
  })

  test('idempotent neither calls nor sends for a message whose effect is recorded', () => {
    const over = options({
      calls: [{ service: 'bank', timeoutUs: 10, retryBackoffUs: 5 }],
      produces: { topic: 'payments', recordBytes: 100 },
    })
    stepsOf('idempotent', [record(0)], over)

    const again = stepsOf('idempotent', [record(0)], over)

    expect(words(again)).toBe('begin work effect end commit')
    expect(over.store).toMatchObject({ applied: 1, refused: 1 })
  })

  test('process-then-commit applies the effect again when a record comes again', () => {
    const over = options()
    stepsOf('process-then-commit', [record(0)], over)

    stepsOf('process-then-commit', [record(0)], over)

    expect(over.store).toMatchObject({ applied: 2, refused: 0 })
  })

  test('an effect per key happens once for all records of the key', () => {
    const over = options({ effectPer: 'key' })

    stepsOf('idempotent', [record(0), record(1), record(2, 'order-2')], over)

    expect(over.store).toMatchObject({ applied: 2, refused: 1 })
  })

  test('a derived record passes the message id of its cause on', () => {
    const over = options({ produces: { topic: 'payments', recordBytes: 100 } })
    const [sent] = stepsOf('idempotent', [record(7)], over).filter((step) => step.do === 'send')
    const derived: Delivered = { ...record(90), stream: 8, value: sent?.value }

    const steps = stepsOf('idempotent', [derived], options())

    expect(steps.find((step) => step.do === 'effect')).toMatchObject({ messageId: '3/7' })
  })

  test('a mark written before the effect makes a crash between the two lose it', () => {
    const over = options()
    const dying = applicationNamed('idempotent-mark-before', over).handle([record(0)])
    for (let step = dying.next(); step.value?.do !== 'mark'; step = dying.next()) continue
    mark(over.store, 'payment', '3/0')

    const again = stepsOf('idempotent-mark-before', [record(0)], over)

    expect(words(again)).toBe('begin sleep mark end commit')
    expect(over.store.applied).toBe(0)
  })

  test('a mark written after the effect makes a crash between the two repeat it', () => {
    const over = options()
    applyEffect(over.store, 'payment', over.store.messages.ofText('3/0'), false)

    const again = stepsOf('idempotent-mark-after', [record(0)], over)
    const known = stepsOf('idempotent-mark-after', [record(0)], over)

    expect(words(again)).toBe('begin sleep work effect sleep mark end commit')
    expect(words(known)).toBe('begin sleep end commit')
    expect(over.store.applied).toBe(2)
  })

  test('a record that fails is tried again after the back-off, and then goes to the dead letters', () => {
    const deadLetter = { topic: 'dead', recordBytes: 100 }
    const over = options({ failures: { attempts: 3, backoffUs: 9, deadLetter } })

    const healed = stepsOf('process-then-commit', [record(0)], over, [], 2)
    const given = stepsOf('process-then-commit', [record(0), record(1)], over, [], 3)

    const failed = 'begin work end sleep'
    expect(words(healed)).toBe(`${failed} ${failed} begin work effect end commit`)
    expect(words(given)).toBe(
      `${failed} ${failed} begin work end send dead-letter begin work effect end commit`,
    )
    expect(given.find((step) => step.do === 'send')?.topic).toBe('dead')
  })

  test('a record that fails for the last time is skipped where nothing keeps it', () => {
    const over = options({ failures: { attempts: 1, backoffUs: 9, deadLetter: null } })

    const steps = stepsOf('idempotent', [record(0), record(1)], over, [], 1)

    expect(words(steps)).toBe('begin work end begin work effect end commit')
  })
})
