/**
 * What an answer says about properties: each price in a line of its own, and everything without
 * effect counted in one.
 */

import type { LocatedNotice } from './load.ts'

const SHOWN = 5

export function noticeLines(notices: readonly LocatedNotice[]): readonly string[] {
  const costly = notices
    .filter((notice) => notice.kind === 'costly')
    .map(
      ({ place, property, value, sentence }) =>
        `${place}: warning: ${property}=${String(value)}: ${sentence}`,
    )
  const ignored = [...new Set(ignoredProperties(notices))]
  if (ignored.length === 0) return costly
  const more = ignored.length > SHOWN ? `, and ${ignored.length - SHOWN} more` : ''
  const subject = ignored.length === 1 ? '1 property has' : `${ignored.length} properties have`
  const names = ignored.slice(0, SHOWN).join(', ')
  return [...costly, `${subject} no effect here: ${names}${more} (--strict makes it an error)`]
}

/** For `ignoredConfig` of the JSON answer. */
export function ignoredProperties(notices: readonly LocatedNotice[]): readonly string[] {
  return notices.filter((notice) => notice.kind === 'ignored').map((notice) => notice.property)
}
