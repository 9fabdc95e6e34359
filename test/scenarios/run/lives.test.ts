import { describe, expect, test } from 'vitest'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import { run } from '../../../scenarios/run.ts'
import type { TimelineEntry } from '../../../scenarios/schema/timeline.ts'
import { tenSeconds } from '../../ten-seconds.ts'

const brokerCrash: TimelineEntry = {
  kind: 'crash',
  target: { of: 'broker', id: 1 },
  atUs: 2_000_000,
  forUs: 4_000_000,
}

describe('who hears of the ends of processes', () => {
  test('is told of a crash and of the start after it', async () => {
    const scenario = await tenSeconds()
    const heard: string[] = []
    const lives = {
      started: (name: string, incarnation: number) => heard.push(`${name} starts ${incarnation}`),
      stopped: (name: string, _n: number, reason: string) => heard.push(`${name} ends: ${reason}`),
    }

    run(plainCase({ ...scenario, timeline: [brokerCrash] }, 1), { lives })

    expect(heard.filter((line) => line.startsWith('broker-1 '))).toEqual([
      'broker-1 starts 1',
      'broker-1 ends: crash',
      'broker-1 starts 2',
    ])
  })
})
