import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { blocksOf, folders, linksOf, root, textOf } from './pages.ts'

/** Folders of the project that somebody reads; those of tests mirror the others. */
const read = folders().filter((folder) => !/^(test\/|\.)/.test(folder))

/** The README that tells of a folder: its own, or the one of the folder around it. */
function readmeOf(folder: string): string {
  const own = join(folder, 'README.md')
  return existsSync(join(root, own)) ? own : join(dirname(folder), 'README.md')
}

/** Pages of documents are lists of pages; a picture would say no more. */
const isList = (folder: string): boolean => /^docs\/|^$/.test(folder)

describe('READMEs', () => {
  test('there are folders to read', () => {
    expect(read.length).toBeGreaterThan(20)
  })

  test.each(read)('"%s" has a README, or is told of in the one above', (folder) => {
    const readme = readmeOf(folder)
    const told = existsSync(join(root, readme)) ? textOf(readme) : ''

    const own = readme === join(folder, 'README.md')

    expect(own || told.includes(`${basename(folder)}/`)).toBe(true)
  })

  const withReadme = read.filter((folder) => existsSync(join(root, folder, 'README.md')))

  test.each(withReadme)('the README of "%s" begins with a title and a paragraph', (folder) => {
    const text = textOf(join(folder, 'README.md'))

    expect(text).toMatch(/^# \S.*\n\n\S/)
  })

  test.each(withReadme.filter((folder) => !isList(folder)))(
    'the README of "%s" has a picture and a reading order',
    (folder) => {
      const text = textOf(join(folder, 'README.md'))

      const pictures = blocksOf(text).filter(({ language }) => language === '')

      expect(pictures.length).toBeGreaterThan(0)
      expect(text).toMatch(/\b(Read|Reading order|Start with|read)\b/)
    },
  )

  test.each(withReadme)('every file that the README of "%s" names is there', (folder) => {
    const text = textOf(join(folder, 'README.md'))
    const named = [...text.matchAll(/`([\w./-]+\.(?:ts|mjs|yaml|csv|json))`/g)].map(
      (match) => match[1] ?? '',
    )
    const below = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter(
      (name) => !name.includes('node_modules'),
    )

    const gone = named.filter(
      (name) =>
        !existsSync(join(root, name)) &&
        !existsSync(join(root, folder, name)) &&
        !below.some((path) => `/${path}`.endsWith(`/${name}`)),
    )

    expect(gone).toEqual([])
  })

  test('the project’s README leads to every page of docs through their index', () => {
    const index = linksOf(textOf('docs/README.md'))
    const here = readdirSync(join(root, 'docs')).filter(
      (name) => name.endsWith('.md') && name !== 'README.md',
    )

    expect(here.filter((name) => !index.includes(name))).toEqual([])
    expect(linksOf(textOf('README.md'))).toContain('docs/README.md')
  })
})
