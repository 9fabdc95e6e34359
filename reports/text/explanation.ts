/**
 * Why it broke: the account of each broken promise, what it turned on, and what mends it.
 */

import type { Explanation } from '../../scenarios/explain/explain.ts'
import type { FlipKind } from '../../scenarios/explain/flips.ts'
import type { Mend, SideEffect, Tried } from '../../scenarios/explain/mend.ts'
import type { Pivot } from '../../scenarios/explain/pivot.ts'
import type { Account, Step } from '../../scenarios/explain/story.ts'
import { fullStop } from '../sentence.ts'
import { blocks, hung, type Page, title } from './layout.ts'
import { nameOf } from './verdicts.ts'

export function explanationLines(
  { accounts, pivot, mend }: Explanation,
  mendCommand: string | null,
  page: Page,
): string[] {
  return blocks(
    ...accounts.map((account) => accountLines(account, page)),
    pivot === null ? [] : pivotLines(pivot, page),
    mend === null ? [] : mendLines(mend, mendCommand, page),
  )
}

export function accountLines(account: Account, page: Page): string[] {
  const { width, paint } = page
  return [
    title(`How ${nameOf(account)} broke`, page),
    ...hung('  ', fullStop(account.about), width).map((line) => paint.dim(line)),
    ...account.steps.flatMap((step) => hung(`  ${stepTime(step)}  `, fullStop(step.text), width)),
    ...hung('  → ', account.moral, width),
  ]
}

/** `12.304 s`, in a column. */
export function stepTime({ atUs }: Step): string {
  return (atUs === null ? '…' : `${(atUs / 1_000_000).toFixed(3)} s`).padStart(10)
}

const flipNouns: readonly (readonly [FlipKind, string, string])[] = [
  ['entry', 'entry left out', 'entries left out'],
  ['draw', 'other draw of a fault', 'other draws of a fault'],
  ['tie', 'other order of what happened at once', 'other orders of what happened at once'],
  ['delay', 'slower message', 'slower messages'],
]

/**
 * `22 flips were run, one at a time: 2 entries left out, 20 other orders of what happened at once.`
 */
export function flipsText({ tried, triedOf }: Pivot): string {
  const parts = flipNouns.flatMap(([kind, one, many]) => {
    const count = triedOf[kind]
    return count === 0 ? [] : `${count} ${count === 1 ? one : many}`
  })
  const kinds = parts.length === 0 ? '' : `: ${parts.join(', ')}`
  return `${tried} ${tried === 1 ? 'flip was' : 'flips were'} run, one at a time${kinds}.`
}

function pivotLines(pivot: Pivot, page: Page): string[] {
  const { sentence, saved, told } = pivot
  const others = saved.filter((one) => one !== told).slice(0, SAVED_SHOWN)
  return [
    title('What it turned on', page),
    ...hung('  ', sentence, page.width),
    ...hung('  ', flipsText(pivot), page.width),
    ...others.flatMap(({ what, traceHash }) =>
      hung('  also: ', `${what} (trace ${traceHash})`, page.width),
    ),
  ]
}

const SAVED_SHOWN = 4

function mendLines(mend: Mend, command: string | null, page: Page): string[] {
  const { tried, cases, searched } = mend
  const seeds = `${cases} of ${searched} seeds of this case broke it; the same ${cases} again with`
  return [
    title('What mends it', page),
    ...hung('  ', tried.length === 0 ? 'No setting is known for it.' : `${seeds}:`, page.width),
    ...tried.flatMap((one) => triedLines(one, page)),
    ...(mend.best === null || command === null ? [] : [`  Paste   ${page.paint.bold(command)}`]),
  ]
}

function triedLines(one: Tried, page: Page): string[] {
  const { sets, why, kept, of, others, refused } = one
  const mark = refused === null && kept === of ? '✓' : '✗'
  const told =
    refused === null
      ? `kept in ${kept} of ${of}${kept === of ? `: ${why}` : ''}`
      : `cannot be: ${refused}`
  const aside = others.map(sideText).join('; ')
  return [
    ...hung(`  ${mark} `, sets.join(' '), page.width),
    ...hung('      ', fullStop(told), page.width),
    ...(aside === '' ? [] : hung('      ', fullStop(`beside it ${aside}`), page.width)),
  ]
}

function sideText({ check, scope, before, after }: SideEffect): string {
  return `${nameOf({ check, scope })} broke in ${before} and now in ${after}`
}
