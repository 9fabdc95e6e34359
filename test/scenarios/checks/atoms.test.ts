import { describe, expect, test } from 'vitest'
import { Atoms } from '../../../scenarios/checks/atoms.ts'
import { judge } from '../../../scenarios/judge.ts'
import { Run, type Sent } from '../history-builder.ts'

/** More records than get an atom each. */
const MANY = 3_000_000

function counted(): { readonly run: Run; readonly sent: readonly Sent[] } {
  const run = new Run().crash(500)
  const sent = [1_000, 2_000, 3_000].map((atMs) => run.send(atMs, { count: MANY / 3 }))
  return { run, sent }
}

function atomsOf(run: Run): Atoms {
  const { history, logs } = run.result()
  return new Atoms(history, logs.uncommitted)
}

describe('atoms', () => {
  test('are the records where operations are about single records', () => {
    const run = new Run()
    run.send(1_000)
    run.send(1_100, { key: 'b' })
    run.send(1_200, { key: 'b' })

    const atoms = atomsOf(run)

    expect(atoms.count).toBe(3)
    expect(atoms.at(1, 1)).toBe(2)
    expect([0, 1, 2].map((atom) => atoms.name(atom))).toEqual(['0:0', '1:0', '1:1'])
  })

  test('are whole ranges where operations are about many records', () => {
    const atoms = atomsOf(counted().run)

    expect(atoms.count).toBe(3)
    expect([0, 1, 2].map((atom) => atoms.weight(atom))).toEqual([MANY / 3, MANY / 3, MANY / 3])
    expect(atoms.at(0, MANY)).toBe(atoms.end(0))
  })

  test('are cut where any operation begins or ends', () => {
    const { run, sent } = counted()
    const [first] = sent as [Sent]
    run.process({ ...first, count: 400 }, 4_000)
    run.process({ ...first, index: 400, count: 600 }, 4_100)

    const atoms = atomsOf(run)

    expect(atoms.count).toBe(5)
    expect([0, 1, 2].map((atom) => atoms.weight(atom))).toEqual([400, 600, MANY / 3 - 1_000])
    expect(atoms.name(1)).toBe('0:400')
  })

  test('skip streams that sent nothing', () => {
    const { run } = counted()
    run.history.stream({ producer: 'x', incarnation: 0, topic: 2, key: null })

    const atoms = atomsOf(run)

    expect(atoms.end(1) - atoms.first(1)).toBe(0)
    expect(atoms.streamOf(2)).toBe(0)
  })

  test('of whole ranges are judged like records', () => {
    const { run, sent } = counted()
    const [first, second] = sent as [Sent, Sent]
    run.process(first, 4_000).process(second, 5_000).process(second, 6_000)
    run.given({ checks: ['no-loss', 'no-duplicates'] })

    const { verdicts, measures } = judge(run.result())

    expect(verdicts.map(({ verdict, count }) => [verdict, count])).toEqual([
      ['kept', 0],
      ['broken', MANY / 3],
      ['broken', MANY / 3],
    ])
    expect(measures.groups[0]).toMatchObject({ consumed: MANY, backlogAtHeal: MANY / 3 })
  })
})
