import { describe, expect, test } from 'vitest'
import { exploreSuite } from '../../../reports/ci/explore.ts'
import { junitXml } from '../../../reports/ci/junit.ts'
import { runSuite } from '../../../reports/ci/run.ts'
import type { Suite } from '../../../reports/ci/suite.ts'
import {
  hazardsSuite,
  remediesSuite,
  scoreSuite,
  validationSuite,
} from '../../../reports/ci/tables.ts'
import { plantedExploreAnswer, plantedScore } from '../planted-exploration.ts'
import { plantedHazards } from '../planted-hazards.ts'
import { plantedAtomic, plantedRemedies, plantedRemedy } from '../planted-remedies.ts'
import { plantedValidation } from '../planted-validation.ts'
import { plantedAnswer } from '../planted.ts'
import { type Element, xml } from './xml.ts'

const suites: readonly [string, Suite][] = [
  ['run', runSuite(plantedAnswer())],
  ['explore', exploreSuite(plantedExploreAnswer())],
  ['score', scoreSuite(plantedScore())],
  ['table hazards', hazardsSuite(plantedHazards())],
  ['table remedies', remediesSuite(plantedRemedies([plantedRemedy(), plantedAtomic]), 1)],
  ['table validation', validationSuite(plantedValidation())],
]

/** What the published schema asks of a testcase. */
function complaintsOf({ name, attributes, children }: Element): string[] {
  const needs = ['name', 'classname', 'time'].filter((one) => attributes[one] === undefined)
  const strange = children.filter((one) => !['failure', 'error', 'skipped'].includes(one.name))
  return [
    ...(name === 'testcase' ? [] : [`${name} is no testcase`]),
    ...needs.map((one) => `no ${one}`),
    ...strange.map((one) => `${one.name} in a testcase`),
    ...(children.length > 1 ? ['two outcomes'] : []),
  ]
}

describe.each(suites)('JUnit of %s', (_name, suite) => {
  const root = xml(junitXml(suite))
  const [inner] = root.children

  test('is testsuites with one testsuite, its parts in the order of the schema', () => {
    expect(root.name).toBe('testsuites')
    expect(root.children.map(({ name }) => name)).toEqual(['testsuite'])
    expect([...new Set(inner?.children.map(({ name }) => name))]).toEqual([
      'properties',
      'testcase',
      'system-out',
    ])
  })

  test('counts what it holds', () => {
    const cases = inner?.children.filter(({ name }) => name === 'testcase') ?? []
    const holding = (element: string): number =>
      cases.filter(({ children }) => children[0]?.name === element).length

    expect(cases.flatMap(complaintsOf)).toEqual([])
    expect(inner?.attributes).toMatchObject({
      tests: String(cases.length),
      failures: String(holding('failure')),
      errors: String(holding('error')),
      skipped: String(holding('skipped')),
    })
  })
})

test('text of a user is text, whatever it holds', () => {
  const nasty = `</failure>]]>&amp; "a" 'b' <c>\u0007\uFFFE\uD800\r\nnext`
  const one = {
    name: nasty,
    outcome: 'failed',
    message: nasty,
    details: [nasty],
    about: null,
  } as const
  const suite: Suite = {
    name: nasty,
    sentence: nasty,
    wallMs: 1,
    properties: [['x', nasty]],
    cases: [one],
    remarks: [],
    again: null,
  }

  const root = xml(junitXml(suite))

  const held = `</failure>]]>&amp; "a" 'b' <c>\uFFFD\uFFFD\uFFFD\r\nnext`
  expect(root.children[0]?.attributes['name']).toBe(held)
  expect(root.children[0]?.children[1]?.children[0]?.attributes['message']).toBe(held)
  expect(root.children[0]?.children[1]?.children[0]?.text).toBe(`${held}\n${held}`)
})
