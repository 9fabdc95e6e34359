/**
 * Marks on the rows of a strip: nobody leads, the ISR shrank or grew, an election was unclean.
 */

import type { Reign } from '../chart-model.ts'
import type { Pen } from './dom.ts'
import type { Place } from './strip.ts'

declare const ratio: typeof import('./stage.ts').ratio

/** Slanted lines over the ground. */
export function drawNobody({ pen, stage, y, height }: Place, x: number, width: number): void {
  pen.save()
  pen.beginPath()
  pen.rect(x, y, width, height)
  pen.clip()
  pen.strokeStyle = stage.theme.underMinimum
  pen.lineWidth = 1.5 * ratio()
  pen.setLineDash([])
  pen.beginPath()
  for (let at = x - height; at < x + width; at += 5 * ratio()) {
    pen.moveTo(at, y + height)
    pen.lineTo(at + height, y)
  }
  pen.stroke()
  pen.restore()
}

interface Change {
  readonly before: Reign
  readonly reign: Reign
  readonly x: number
}

export function drawIsrMark({ pen, stage, y, height }: Place, { before, reign, x }: Change): void {
  const size = Math.min(4 * ratio(), height / 3)
  pen.setLineDash([])
  if (reign[4] === 0 && reign[2] !== before[2]) {
    pen.strokeStyle = stage.theme.underMinimum
    pen.lineWidth = 2.5 * ratio()
    drawCross(pen, x, y + height / 2, size)
    return
  }
  const difference = reign[3].length - before[3].length
  if (difference === 0) return
  pen.fillStyle = stage.theme.ink
  const tip = difference < 0 ? y + size * 1.6 : y + height - size * 1.6
  const base = difference < 0 ? y : y + height
  pen.beginPath()
  pen.moveTo(x - size, base)
  pen.lineTo(x + size, base)
  pen.lineTo(x, tip)
  pen.closePath()
  pen.fill()
}

export function drawCross(pen: Pen, x: number, y: number, size: number): void {
  pen.beginPath()
  pen.moveTo(x - size, y - size)
  pen.lineTo(x + size, y + size)
  pen.moveTo(x - size, y + size)
  pen.lineTo(x + size, y - size)
  pen.stroke()
}
