import { beforeEach, describe, expect, test } from 'vitest'
import { History } from '../../../../model/history.ts'
import type { CallRequest, CallResponse } from '../../../../model/kafka/application/messages.ts'
import {
  type Service,
  type ServiceIo,
  serviceLedger,
  serviceProcess,
  type ServiceOptions,
  type ToService,
} from '../../../../model/kafka/application/service.ts'
import { HandHeld, HandHeldDisk } from '../hand-held-context.ts'

const request = (callId: number, messageId: string, idempotent = true): CallRequest => ({
  type: 'CallRequest',
  callId,
  caller: 0,
  effect: 'bank',
  messageId,
  stream: 3,
  index: callId,
  idempotent,
})

describe('a downstream service', () => {
  let history: History
  let disk: HandHeldDisk
  let bank: HandHeld<Service, ToService, never, ServiceIo>

  function startBank(over: Partial<ServiceOptions> = {}): typeof bank {
    const behaviour = serviceProcess({
      name: 'bank',
      workers: 2,
      work: { p50Us: 1000, p99Us: 1000 },
      history,
      ledger: serviceLedger(),
      ...over,
    })
    return new HandHeld(behaviour, { name: 'service-bank', disks: [disk] })
  }

  beforeEach(() => {
    history = new History(() => 0)
    disk = new HandHeldDisk()
    bank = startBank()
  })

  const applied = (): number[] => [...history.effects.column('applied')]

  test('answers only when the effect is on the platter', () => {
    const caller = bank.accept('payment-1')

    bank.deliver(caller, request(1, 'a'))
    bank.finishIo()
    expect(disk.entries('effects')).toHaveLength(1)
    expect(bank.context.sent).toHaveLength(0)
    expect(history.effects.length).toBe(0)
    bank.finishIo()

    expect(bank.context.lastOf<CallResponse>('CallResponse')).toEqual({
      type: 'CallResponse',
      callId: 1,
      busy: false,
      applied: true,
    })
    expect(applied()).toEqual([1])
  })

  test('applies an idempotent effect once for each message id', () => {
    const caller = bank.accept('payment-1')
    for (const callId of [1, 2]) bank.deliver(caller, request(callId, 'a'))

    for (let round = 0; round < 3; round += 1) bank.finishIo()

    expect(disk.entries('effects')).toHaveLength(1)
    expect(bank.context.sentOf<CallResponse>('CallResponse').map((one) => one.applied)).toEqual([
      true,
      false,
    ])
    expect(applied()).toEqual([1, 0])
  })

  test('knows message ids by their caller', () => {
    const [first, second] = [bank.accept('payment-1'), bank.accept('refund-1')]
    bank.deliver(first, request(1, 'a'))
    bank.deliver(second, { ...request(1, 'a'), caller: 7 })

    for (let round = 0; round < 3; round += 1) bank.finishIo()

    expect(applied()).toEqual([1, 1])
    expect([...history.effects.column('group')]).toEqual([0, 7])
  })

  test('applies an effect again when it is not asked to be idempotent', () => {
    const caller = bank.accept('payment-1')
    for (const callId of [1, 2]) bank.deliver(caller, request(callId, 'a', false))

    for (let round = 0; round < 3; round += 1) bank.finishIo()

    expect(applied()).toEqual([1, 1])
  })

  test('knows after a crash what it applied before, told or not', () => {
    const caller = bank.accept('payment-1')
    bank.deliver(caller, request(1, 'a'))
    bank.finishIo()

    bank.restart()
    expect(applied()).toEqual([1])
    bank.deliver(bank.accept('payment-1'), request(1, 'a'))
    bank.finishIo()
    bank.finishIo()

    expect(bank.context.lastOf<CallResponse>('CallResponse').applied).toBe(false)
    expect(applied()).toEqual([1, 0])
  })

  test('forgets in a power loss what it had neither synced nor answered', () => {
    bank.context.disks[0]!.onSync = () => {}
    disk.sync = () => {}
    bank.deliver(bank.accept('payment-1'), request(1, 'a'))
    bank.finishIo()

    disk.losePower('effects', 0)
    bank.restart()

    expect(history.effects.length).toBe(0)
    expect(bank.state.marks.size).toBe(0)
  })

  test('cuts an entry that a power loss tore', () => {
    disk.append('effects', { effect: 'bank', messageId: 'a', stream: 1, index: 1 }, 128)
    disk.losePower('effects', 1, true)

    const again = startBank()

    expect(disk.entries('effects')).toHaveLength(0)
    expect(again.state.marks.size).toBe(0)
  })

  test('is silent about a write that failed', () => {
    disk.outcome = 'io-error'
    bank.deliver(bank.accept('payment-1'), request(1, 'a'))

    bank.finishIo()
    bank.finishIo()

    expect(bank.context.sent).toHaveLength(0)
    expect(history.effects.length).toBe(0)
  })

  test('works at the speed that an operator sets', () => {
    const worked: number[] = []
    bank.context.work = (us) => void worked.push(us)

    bank.deliver(bank.accept('admin-1'), { type: 'ServiceCommand', command: 'slow', factor: 4 })
    bank.deliver(bank.accept('payment-1'), request(1, 'a'))

    expect(worked).toEqual([4000])
  })

  test('with a bound refuses a call that finds the queue full, and does nothing for it', () => {
    bank = startBank({ workers: 1, queueMax: 1 })
    const caller = bank.accept('payment-1')

    for (const callId of [1, 2, 3]) bank.deliver(caller, request(callId, `${callId}`))
    for (let round = 0; round < 6; round += 1) bank.finishIo()

    const said = bank.context.sentOf<CallResponse>('CallResponse')
    expect(said.map(({ callId, busy }) => [callId, busy])).toEqual([
      [3, true],
      [1, false],
      [2, false],
    ])
    expect(disk.entries('effects')).toHaveLength(2)
  })

  test('drops a call that waited longer than the time-out, without a word', () => {
    bank = startBank({ workers: 1, queueMax: 9, timeoutUs: 5_000 })
    const caller = bank.accept('payment-1')

    for (const callId of [1, 2]) bank.deliver(caller, request(callId, `${callId}`))
    bank.context.nowUs += 6_000
    for (let round = 0; round < 6; round += 1) bank.finishIo()

    expect(bank.context.sentOf<CallResponse>('CallResponse').map((one) => one.callId)).toEqual([1])
    expect(disk.entries('effects')).toHaveLength(1)
  })
})
