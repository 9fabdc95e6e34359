import { expect, test } from 'vitest'
import { CausalTrace } from '../../../scenarios/explain/causal-trace.ts'
import { type Cone, coneIn } from '../../../scenarios/explain/cone.ts'
import type { Account } from '../../../scenarios/explain/story.ts'

interface Planted {
  readonly process: string
  readonly name: string
  readonly cause?: number
  readonly from?: string
}

/** Events a millisecond apart; those with a sender are messages. */
function traceOf(events: readonly Planted[]): CausalTrace {
  const trace = new CausalTrace()
  events.forEach(({ process, name, cause = 0, from }, at) => {
    const kind = from === undefined ? ('timer' as const) : ('message' as const)
    const event = { sequence: at + 1, atUs: (at + 1) * 1_000, cause, process, kind, name }
    trace.event(from === undefined ? event : { ...event, from })
  })
  return trace
}

function coneFor(events: readonly Planted[], steps: Account['steps']): Cone {
  const of = { check: 'no-loss', scope: 'stored', kind: 'loss', about: '', moral: '' } as const
  return coneIn(traceOf(events), { ...of, steps }, 0)
}

test('a step is reached back over the messages that led to it, and others are left out', () => {
  const cone = coneFor(
    [
      { process: 'a', name: 'tick' },
      { process: 'x', name: 'tock' },
      { process: 'b', name: 'Ask', cause: 1, from: 'a' },
      { process: 'a', name: 'Answer', cause: 3, from: 'b' },
    ],
    [{ atUs: 4_000, process: 'a', text: 'a heard' }],
  )

  expect(cone.nodes.map(({ process, label }) => `${process} ${label}`)).toEqual([
    'a timer tick',
    'b Ask from a',
    'a Answer from b',
  ])
  expect(cone.edges).toEqual([
    { from: 0, to: 1, message: 'Ask' },
    { from: 1, to: 2, message: 'Answer' },
  ])
  expect(cone.nodes.map(({ step }) => step)).toEqual([null, null, 1])
})

test('a step without a process stands in the column of the world, which is first', () => {
  const cone = coneFor(
    [{ process: 'a', name: 'tick' }],
    [
      { atUs: 1_000, process: 'a', text: 'a woke' },
      { atUs: 500, process: null, text: 'a fault struck' },
    ],
  )

  expect(cone.processes).toEqual(['world', 'a'])
  expect(cone.nodes[0]).toMatchObject({ process: 'world', step: 2 })
})

test('what the world handed to a process is no message of whoever was at work before', () => {
  const cone = coneFor(
    [
      { process: 'zookeeper', name: 'start' },
      { process: 'a', name: 'Load', cause: 1, from: 'a' },
      { process: 'b', name: 'Ask', cause: 2, from: 'a' },
    ],
    [{ atUs: 3_000, process: 'b', text: 'b was asked' }],
  )

  expect(cone.processes.toSorted()).toEqual(['a', 'b'])
  expect(cone.edges).toEqual([{ from: 0, to: 1, message: 'Ask' }])
})

test('a long chain of messages is cut to what can be read', () => {
  const events = Array.from({ length: 500 }, (_one, at) => ({
    process: at % 2 === 0 ? 'a' : 'b',
    name: 'Ping',
    cause: at,
    from: at % 2 === 0 ? 'b' : 'a',
  }))
  const steps = Array.from({ length: 16 }, (_one, at) => ({
    atUs: (at + 1) * 31_000,
    process: at % 2 === 0 ? 'a' : 'b',
    text: 'ping',
  }))

  expect(coneFor(events, steps).nodes.length).toBeLessThanOrEqual(60)
})
