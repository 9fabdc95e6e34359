import { expect, test } from 'vitest'
import { Triggers } from '../../sim/triggers.ts'

function heard(triggers: Triggers, probe: number): { disarm(): void; readonly told: string[] } {
  const told: string[] = []
  const disarm = triggers.arm(probe, (process, subject) => void told.push(`${process} ${subject}`))
  return { disarm, told }
}

test('a trigger is told of the moments of its own probe, until it is disarmed', () => {
  const triggers = new Triggers()
  const { disarm, told } = heard(triggers, 3)

  triggers.reached(3, 'broker-1', 7)
  triggers.reached(4, 'broker-1', 8)
  disarm()
  triggers.reached(3, 'broker-1', 9)

  expect(told).toEqual(['broker-1 7'])
})

test('a trigger that disarms itself keeps none of the others from hearing', () => {
  const triggers = new Triggers()
  const disarm = triggers.arm(3, () => disarm())
  const { told } = heard(triggers, 3)

  triggers.reached(3, 'broker-1', 7)
  triggers.reached(3, 'broker-1', 8)

  expect(told).toEqual(['broker-1 7', 'broker-1 8'])
})

test('disarming twice takes nothing from others', () => {
  const triggers = new Triggers()
  const first = heard(triggers, 3)
  const { told } = heard(triggers, 3)

  first.disarm()
  first.disarm()
  triggers.reached(3, 'broker-1', 7)

  expect(told).toEqual(['broker-1 7'])
})
