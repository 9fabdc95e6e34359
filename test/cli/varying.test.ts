import { expect, test } from 'vitest'
import { type VaryJson, varySchema } from '../../reports/json/vary.ts'
import { said, scenarioFile, temporaryFolder } from './recording-terminal.ts'

const file = scenarioFile(temporaryFolder())
const acks = 'producers.order-service.config.acks'

function compared(...words: readonly string[]): ReturnType<typeof said> {
  return said(['compare', file, ...words])
}

test('each value has the runs of the same seeds, and says the same again', async () => {
  const vary = ['7', '--vary', `${acks}=1,all`, '--set', 'duration=6s', '--json']

  const alone = await compared(...vary, '--runs', '12', '--jobs', '1')
  const again = await compared(...vary, '--runs', '12', '--jobs', '1')

  const answer = JSON.parse(alone.out) as VaryJson
  expect(varySchema.safeParse(answer).error).toBeUndefined()
  expect(answer).toMatchObject({ command: 'compare', seed: 7, scenario: 'small', key: acks })
  expect(answer.rows.map(({ value, runs }) => [value, runs])).toEqual([
    ['1', 12],
    ['all', 12],
  ])
  expect(answer.rows[1]?.verdicts).toContainEqual(
    expect.objectContaining({ check: 'no-loss', broken: 0 }),
  )
  expect((JSON.parse(again.out) as VaryJson).rows).toEqual(answer.rows)
  expect(alone.code).toBe(0)
})

test('two scenarios are compared on the same seeds', async () => {
  const other = scenarioFile(temporaryFolder(), 'seed: 5\n')

  const { code, out } = await said(['compare', file, other, '--runs', '3', '--jobs', '1', '--json'])

  const answer = JSON.parse(out) as VaryJson
  expect(varySchema.safeParse(answer).error).toBeUndefined()
  expect(answer.key).toBe('scenario')
  expect(answer.rows.map(({ value, runs }) => [value, runs])).toEqual([
    [file, 3],
    [other, 3],
  ])
  expect(code).toBe(0)
})

test.each([
  [[`--vary`, acks], /^--vary .*acks: write a path and its values/],
  [['--vary', `${acks}=1`], /write a path and its values/],
  [['--vary', `${acks}=1,1`], /: 1 stands there twice$/],
  [['--vary', `${acks}=1,7`], /^--vary producers\.order-service\.config\.acks=7: /],
  [['--vary', 'topics.order.partitions=1,2'], /^--vary topics\.order\.partitions=1: .*"orders"\?$/],
  [['--vary', `${acks}=1,all`, '--reporter', 'junit'], /has no tests/],
])('%j is refused with one line', async (words, why) => {
  const { code, out, err } = await compared(...words)

  expect(code).toBe(2)
  expect(out).toBe('')
  expect(err.trimEnd()).toMatch(why)
  expect(err.split('\n')).toHaveLength(2)
})
