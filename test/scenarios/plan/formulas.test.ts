import { expect, test } from 'vitest'
import { formulasOf } from '../../../scenarios/plan/formulas.ts'

const figures = {
  produce: 100,
  consume: 200,
  replicas: 3,
  utilisation: 0.8,
  disk: 0,
  network: 0,
  cores: 8,
}

function value(name: string, some: Partial<typeof figures> = {}): readonly (number | null)[] {
  const found = formulasOf({ ...figures, ...some }).find((one) => one.name === name)
  return found === undefined ? [] : [found.value, found.brokers]
}

test('the formula of AWS takes the narrower of disk and network at the target', () => {
  // 100 · 4 ÷ (50 · 0.8) brokers by network, 100 · 3 ÷ (20 · 0.8) by disk.
  expect(value('aws', { network: 50 })).toEqual([10, 10])
  expect(value('aws', { network: 50, disk: 20 })).toEqual([19, 19])
  expect(value('aws')).toEqual([])
})

test('the formula of Google counts processors', () => {
  // W = 300, R = 200 + 200: (300 + 100) ÷ 20 ÷ 0.8.
  expect(value('google')).toEqual([25, 4])
  expect(value('google', { cores: 0 })).toEqual([25, null])
})

test('the formula of Alibaba has four brokers at least', () => {
  // 100 · (2 + 6 − 1) · 2 ÷ 400.
  expect(value('alibaba')).toEqual([4, 4])
  expect(value('alibaba', { produce: 400, consume: 800 })).toEqual([14, 14])
})

test('nothing is sized for no traffic', () => {
  expect(formulasOf({ ...figures, produce: 0 })).toEqual([])
})
