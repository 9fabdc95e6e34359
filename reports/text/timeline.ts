/**
 * The timeline as it went: when each entry struck, whom it was resolved to, and what was refused.
 */

import type { Struck } from '../../scenarios/result.ts'
import { labelOfEntry } from './backlog.ts'
import { hung, type Page, title } from './layout.ts'
import { duration, moment } from './numbers.ts'

export function timelineLines(struck: readonly Struck[], page: Page): string[] {
  if (struck.length === 0) return []
  const times = struck.map(timeOf)
  const timeWidth = Math.max(...times.map((time) => time.length))
  const kindWidth = Math.max(...struck.map((one) => one.kind.length))
  const lines = struck.flatMap((one, at) => {
    const time = (times[at] ?? '').padStart(timeWidth)
    const first = `  ${labelOfEntry(one.index)}  ${time}  ${one.kind.padEnd(kindWidth)}  `
    const rows = hung(first, deed(one), page.width)
    const idle = one.atUs === null || one.refused !== null
    return idle ? rows.map((row) => page.paint.dim(row)) : rows
  })
  return [title('Timeline', page), ...lines]
}

function timeOf({ atUs }: Struck): string {
  return atUs === null ? '–' : moment(atUs)
}

function deed({ target, resolved, atUs, untilUs, refused, unanswered }: Struck): string {
  if (refused !== null) return `${target}: refused, ${refused}`
  if (atUs === null) return `${target}: never fired`
  if (unanswered === true) return `${target}: no answer, it may have been done`
  const named = resolved === null || resolved.length === 0 ? '' : resolvedText(target, resolved)
  const lasted = untilUs === null ? '' : `, for ${duration(untilUs - atUs)}`
  return `${target}${named}${lasted}`
}

function resolvedText(target: string, resolved: readonly string[]): string {
  const names = resolved.join(', ')
  return names === target ? '' : ` → ${names}`
}
