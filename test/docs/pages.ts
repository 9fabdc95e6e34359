/**
 * The project's Markdown pages as tests read them: files, links, fenced blocks, markers.
 *
 * A marker is an HTML comment: `<!-- output: … -->` before a block says which parts of the output
 * of the commands above it are shown; `<!-- list: … -->` to `<!-- end -->` is written by
 * `lists.ts`.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root: string = fileURLToPath(new URL('../..', import.meta.url))

const notOurs = new Set(['node_modules', 'dist', 'coverage', '.git', '.dmqsim'])

/** Folders of the project, from its root, that hold a file: `''` is the root. */
export function folders(folder = ''): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  const inside = entries
    .filter((entry) => entry.isDirectory() && !notOurs.has(entry.name))
    .flatMap((entry) => folders(join(folder, entry.name)))
  return entries.some((entry) => entry.isFile()) ? [folder, ...inside] : inside
}

/** Every page, by its path from the root. */
export function pages(): string[] {
  return folders().flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  )
}

export function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8')
}

export interface Block {
  readonly language: string
  readonly text: string
  /** Of its first line, from 1. */
  readonly line: number
  /** What `<!-- output: … -->` right before it says. */
  readonly output: string | null
  /** Place of its text in the page. */
  readonly from: number
  readonly until: number
}

export function blocksOf(text: string): Block[] {
  const fenced = /(?:<!-- output: (.*?) -->\n+)?^```(\w*)\n([\s\S]*?)^```$/gm
  return [...text.matchAll(fenced)].map((match) => {
    const body = match[3] ?? ''
    const from = match.index + match[0].length - '```'.length - body.length
    return {
      language: match[2] ?? '',
      text: body,
      line: text.slice(0, from).split('\n').length,
      output: match[1] ?? null,
      from,
      until: from + body.length,
    }
  })
}

/** The commands of a `sh` block, one a line, without comments. */
export function commandsOf({ text }: Block): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .flatMap((line) => line.split('&&'))
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** Targets of links, without those to other sites. */
export function linksOf(text: string): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
}

/** Anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(text: string): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '')
  return [...prose.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
