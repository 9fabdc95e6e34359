/**
 * Runs the commands of a page, as a reader would, and shows what the page says of their output.
 *
 * Parts of an answer are its blocks, by title: `head` is the first, `end` the last. `Title/2` shows
 * two entries of a block, `Title/brief` leaves out evidence, `5 lines` is the beginning. What is
 * left out becomes `[…]`. Real times and versions differ from machine to machine and are not
 * compared.
 */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Block, blocksOf, commandsOf, root } from './pages.ts'

const GAP = '[…]'

export interface Shown {
  readonly block: Block
  /** What stands there now, and what the command prints now. */
  readonly renewed: string
}

/** Commands that run a simulation: they take long, and say something else once a model changes. */
function isLong(command: string): boolean {
  return /dmqsim (run|explore|replay|score)\b/.test(command)
}

/** Each shown output of a page, made anew; those of long commands only if asked for. */
export function shownOutputs(text: string, withLong: boolean): Shown[] {
  const folder = mkdtempSync(join(tmpdir(), 'dmqsim-docs-'))
  try {
    const shown: Shown[] = []
    let output: string | null = null
    const blocks = blocksOf(text)
    for (const [at, block] of blocks.entries()) {
      const file = /^# ([\w-]+\.\w+)\n/.exec(block.text)?.[1]
      if (file !== undefined) writeFileSync(join(folder, file), block.text)
      // A command of which nothing is shown need not be run.
      const isShown = (blocks[at + 1]?.output ?? null) !== null
      if (block.language === 'sh') {
        output = isShown ? outputOf(commandsOf(block), folder, withLong) : null
      }
      if (block.output === null || output === null) continue
      shown.push({ block, renewed: partsOf(output, block.output) })
    }
    return shown
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What the last of some commands prints; null if it was not run. */
function outputOf(commands: readonly string[], folder: string, withLong: boolean): string | null {
  let output: string | null = null
  for (const command of commands) {
    const words = command.split(/\s+/)
    if (words[0] !== 'npx' || words[1] !== 'dmqsim') continue
    if (isLong(command) && !withLong) return null
    const done = spawnSync(process.execPath, [join(root, 'cli/dmqsim.js'), ...words.slice(2)], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], NO_COLOR: '1' },
      maxBuffer: 1 << 26,
    })
    // Progress is no part of an answer. No page shows a command that has none.
    if (done.stdout === '') throw new Error(`${command}: ${done.stderr}`)
    output = done.stdout
  }
  return output
}

function partsOf(output: string, wanted: string): string {
  const lines = /^(\d+) lines$/.exec(wanted)
  if (wanted === 'all') return output
  if (lines !== null) {
    const all = output.trimEnd().split('\n')
    const first = all.slice(0, Number(lines[1]))
    return [...first, ...(all.length > first.length ? [GAP] : []), ''].join('\n')
  }
  const wants = wanted.split(', ').map((one) => one.split('/'))
  const blocks = output.trimEnd().split('\n\n')
  const shown: string[] = []
  blocks.forEach((block, at) => {
    const name = at === 0 ? 'head' : at === blocks.length - 1 ? 'end' : block.split('\n')[0]
    const want = wants.find(([title]) => title === name)
    if (want !== undefined) shown.push(entriesOf(block, want[1]))
    else if (shown.at(-1) !== GAP) shown.push(GAP)
  })
  return `${shown.join('\n\n')}\n`
}

function entriesOf(block: string, how: string | undefined): string {
  if (how === undefined) return block
  const lines = block.split('\n')
  if (how === 'brief') return withoutEvidence(lines).join('\n')
  const starts = lines.flatMap((line, at) => (/^ {2}\S/.test(line) ? [at] : []))
  const end = starts[Number(how)]
  return end === undefined ? block : [...lines.slice(0, end), `  ${GAP}`].join('\n')
}

function withoutEvidence(lines: readonly string[]): string[] {
  const kept: string[] = []
  let indent: number | null = null
  for (const line of lines) {
    const spaces = line.length - line.trimStart().length
    if (indent !== null && spaces > indent) continue
    if (line.trimStart().startsWith('· ')) {
      if (indent === null) kept.push(`${' '.repeat(spaces)}${GAP}`)
      indent = spaces
      continue
    }
    indent = null
    kept.push(line)
  }
  return kept
}

/** The text without what differs between machines and hours, and however its lines are broken. */
export function comparable(output: string): string {
  return output
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ · [\d.,]+ \w+ of CPU, [\d.,]+ \w+/g, '')
    .replaceAll(/(virtual \w+) in [\d.,]+ \w+( \w+)?/g, '$1 in …')
    .replaceAll(/(virtual \w+) · [^·]*, [\d.,]+ runs\/s · \d+ threads?/g, '$1 · …')
    .replaceAll(/dmqsim [\d.]+, Node v[\d.]+/g, 'dmqsim …')
}
