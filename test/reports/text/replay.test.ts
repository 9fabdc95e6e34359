import { expect, test } from 'vitest'
import type { ReplayAnswer } from '../../../reports/answer.ts'
import { page } from '../../../reports/text/layout.ts'
import { replayText } from '../../../reports/text/replay.ts'
import { plantedAnswer, plantedHead, plantedJudged, plantedResult } from '../planted.ts'
import { plantedExploreAnswer } from '../planted-exploration.ts'
import { plantedExplanation } from '../planted-explanation.ts'

function planted(changes: Partial<ReplayAnswer> = {}): ReplayAnswer {
  const result = {
    ...plantedResult(),
    removals: [
      {
        partition: 0,
        atUs: 12_431_000,
        fromOffset: 204,
        untilOffset: 241,
        broker: 2,
        leaderEpoch: 3,
        how: 'elected' as const,
      },
    ],
  }
  return {
    ...plantedAnswer({ head: { ...plantedHead, command: 'replay' } }),
    judged: plantedJudged({ result }),
    failure: plantedExploreAnswer().failures[0]?.failure ?? null,
    recordedHash: '0123456789abcdef',
    recordedEngine: '0.1.0',
    same: true,
    repeatable: null,
    firstDifference: null,
    explanation: plantedExplanation,
    mendCommand: 'npx dmqsim replay no-loss-1.json --set producers.order-service.config.acks=all',
    ...changes,
  }
}

for (const width of [80, 160]) {
  test(`the answer of a replay reads as kept at ${width} columns`, async () => {
    const text = replayText(planted(), page(width, false))

    await expect(text).toMatchFileSnapshot(`golden/replay.${width}.txt`)
  })
}

test('a replay with another hash names what is known of the difference', () => {
  const answer = planted({
    same: false,
    recordedHash: 'aaaaaaaaaaaaaaaa',
    repeatable: true,
    firstDifference: { event: null, atMs: null, was: 'trace aaaa', is: 'trace 0123' },
  })

  const text = replayText(answer, page(160, false))

  expect(text).toContain('✗ not the same run: 0123456789abcdef instead of aaaaaaaaaaaaaaaa')
  expect(text).toContain('no trace of the first run was kept')
})

test('two replays that differ from each other are called not deterministic, with the event', () => {
  const answer = planted({
    same: false,
    recordedHash: 'aaaaaaaaaaaaaaaa',
    repeatable: false,
    firstDifference: {
      event: 120_331,
      atMs: 10_023.4,
      was: 'broker-1 timer',
      is: 'broker-2 timer',
    },
  })

  const text = replayText(answer, page(160, false))

  expect(text).toContain('two replays differ from each other')
  expect(text).toContain('first difference: event 120,331, at 10.023400 s')
})
