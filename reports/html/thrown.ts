/**
 * What handlers of the user's own threw: the line, how often, and what it said the first time.
 */

import type { Judged } from '../../scenarios/result.ts'
import { counted, grouped, moment } from '../text/numbers.ts'
import { type Thrown, thrownBy } from '../thrown.ts'
import { markup, type Markup, nothing } from './markup.ts'
import type { Section } from './section.ts'

/** Empty where nothing was thrown: most scenarios have no handler of their own. */
export function thrownSections({ result }: Judged): readonly Section[] {
  const thrown = thrownBy(result)
  if (thrown.length === 0) return []
  const times = thrown.reduce((sum, { count }) => sum + count, 0)
  const lead = `${counted(times, 'error')} from ${counted(thrown.length, 'line')} of your own; each is the failure of its record.`
  const body = markup`<ul class="thrown">
${thrown.map(item)}</ul>`
  return [{ id: 'thrown', title: 'Thrown by handlers', lead, body }]
}

function item({ group, place, count, firstUs, message, messages }: Thrown): Markup {
  const others = counted(messages - 1, 'other message')
  const more = messages === 1 ? nothing : markup`<p class="note-line">and ${others}</p>`
  return markup`<li>
<p><code class="place">${place}</code> <span class="scope">group ${group}</span></p>
<p class="thrown-message"><code>${message}</code></p>
${more}
<p class="facts-line">${count === 1 ? 'once' : `${grouped(count)} times, first`} at ${moment(firstUs)}</p>
</li>
`
}
