import { expect, test } from 'vitest'
import { stripsTypes } from '../../../scenarios/schema/module-file.ts'

test.each([
  [{ typescript: 'strip' }, {}, true],
  [{ typescript: false }, {}, false],
  [{}, {}, false],
  [{}, { VITEST: 'true' }, true],
])('with %j and %j TypeScript can be imported: %s', (features, environment, expected) => {
  expect(stripsTypes(features, environment)).toBe(expected)
})
