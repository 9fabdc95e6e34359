import { expect, test } from 'vitest'
import { signatureKey } from '../../../scenarios/explore/signature.ts'

const of = (check: string, scope: string, mechanism: string) =>
  signatureKey({ check, scope, signature: `${check} ${scope}: ${mechanism}` })

test('what two groups missed in the same way is one failure', () => {
  expect(of('no-loss', 'processed:payment', 'skipped')).toBe(
    of('no-loss', 'processed:inventory', 'skipped'),
  )
  expect(of('order-by-key', 'payment', 'stored out of order')).toBe(
    of('order-by-key', 'inventory', 'stored out of order'),
  )
})

test('another check, level or mechanism is another failure', () => {
  const all = [
    of('no-loss', 'stored', 'truncated'),
    of('no-loss', 'processed:payment', 'truncated'),
    of('no-loss', 'stored', 'skipped'),
    of('truth', 'stored', 'truncated'),
    of('truth', 'StrongIsr', 'truncated'),
  ]

  expect(new Set(all).size).toBe(all.length)
})
