import { expect, test } from 'vitest'
import { calibrateSentence, calibrateText } from '../../../reports/text/calibrate.ts'
import { page } from '../../../reports/text/layout.ts'
import { plantedCalibrate } from '../planted-calibrate.ts'

test('a calibration says its constants and how far its worst point is off', () => {
  expect(calibrateSentence(plantedCalibrate)).toBe(
    'Fitted to 2 points: recordCpuNs 310; the worst is off by 23.8 %.',
  )
})

test('a calibration fits 80 columns, with each constant, each point and its file', () => {
  const lines = calibrateText(plantedCalibrate, page(80, false)).split('\n')

  expect(lines.filter((line) => line.length > 80)).toEqual([])
  expect(lines).toContain('  recordCpuNs      60     310')
  expect(lines.find((line) => line.includes('one producer'))).toMatch(/821,557 +819,000 +−0\.3 %$/)
  expect(lines.find((line) => line.includes('acks=all'))).toMatch(/2\.1 +2\.6 +\+23\.8 %$/)
  expect(lines.join(' ')).toContain('calibration: calibration-ours.yaml')
})
