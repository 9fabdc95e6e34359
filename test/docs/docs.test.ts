import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { programOf } from '../../cli/program.ts'
import { Session } from '../../cli/session.ts'
import type { Terminal } from '../../cli/terminal.ts'
import { parseScenarioText } from '../../scenarios/schema/load.ts'
import { faultKinds, operationKinds } from '../../scenarios/schema/timeline.ts'
import { withLists } from './lists.ts'
import { comparable, shownOutputs } from './outputs.ts'
import { anchorsOf, blocksOf, commandsOf, linksOf, pages, root, textOf } from './pages.ts'

/** Pages for users. The specification shows what later versions bring. */
const guides = pages().filter((page) => !page.startsWith('docs/specification/'))

function blocksIn(language: string): { place: string; page: string; block: string }[] {
  return guides.flatMap((page) =>
    blocksOf(textOf(page))
      .filter((block) => block.language === language)
      .map((block) => ({ place: `${page}:${block.line}`, page, block: block.text })),
  )
}

describe('links', () => {
  test.each(pages())('every link of %s leads somewhere', (page) => {
    const broken = linksOf(textOf(page)).filter((target) => {
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? page : join(dirname(page), decodeURI(path))
      if (!existsSync(join(root, file))) return true
      if (anchor === undefined || statSync(join(root, file)).isDirectory()) return false
      return !anchorsOf(textOf(file)).includes(anchor)
    })

    expect(broken).toEqual([])
  })

  test('a link to nowhere is found, one in code or to another site is not', () => {
    const text = 'See [here](gone.md#part), `[not](code.md)` and [there](https://example.org).'

    expect(linksOf(text)).toEqual(['gone.md#part'])
  })
})

describe('scenarios in pages', () => {
  /** What the parts of a scenario are a part of. */
  const around = `system: kafka
duration: 60s
topics: [{ name: orders, partitions: 6 }]
services: [{ name: bank }]
producers: [{ name: order-service, topic: orders, load: { rate: 1/s } }]
consumers: [{ group: payment, members: 3, topics: [orders] }]
`

  // The curve that a page shows beside its scenario.
  const curve = join(mkdtempSync(join(tmpdir(), 'dmqsim-docs-')), 'traffic.csv')
  writeFileSync(curve, blocksIn('csv')[0]?.block ?? '')

  test.each(blocksIn('yaml'))('the scenario at $place loads', async ({ block }) => {
    const text = /^system: /m.test(block) ? block : around + block

    const whole = text.replace('csv: traffic.csv', `csv: ${curve}`)
    const { scenario } = await parseScenarioText(whole, 'page.yaml')

    expect(scenario.system).toBe('kafka')
  })
})

describe('commands in pages', () => {
  const terminal: Terminal = {
    out: () => {},
    err: () => {},
    columns: 80,
    colour: false,
    live: false,
    environment: {},
    now: () => 0,
    onInterrupt: () => () => {},
  }
  const scripts = Object.keys(
    (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }).scripts,
  )
  const commands = guides.flatMap((page) =>
    blocksOf(textOf(page))
      .filter(({ language }) => language === 'sh')
      .flatMap((block) => commandsOf(block).map((command) => ({ page, command }))),
  )

  /** Why a command cannot be meant, or undefined. */
  function mistake(command: string): string | undefined {
    const words = command.split(/\s+/).filter((word) => !/^[A-Z_]+=/.test(word))
    const [program = '', first = '', second = ''] = words
    if (program === 'npm') return npmMistake(first, second)
    if (program === 'node') return existsSync(join(root, first)) ? undefined : `no file ${first}`
    if (program === 'git') return undefined
    if (program !== 'npx') return `${program} is no command that a reader has`
    if (first === 'vitest') return undefined
    return first === 'dmqsim' ? dmqsimMistake(words.slice(2)) : `npx ${first} is not ours`
  }

  function npmMistake(first: string, second: string): string | undefined {
    if (['ci', 'install', 'pack'].includes(first)) return undefined
    const script = first === 'run' ? second : first
    return scripts.includes(script) ? undefined : `there is no script ${script}`
  }

  function dmqsimMistake(words: readonly string[]): string | undefined {
    const program = programOf(new Session(terminal))
    const [name = '', ...rest] = words
    if (name.startsWith('--')) {
      return program.parseOptions([...words]).unknown.length === 0 ? undefined : `no flag ${name}`
    }
    const command = program.commands.find((one) => one.name() === name)
    if (command === undefined) return name === 'help' ? undefined : `there is no command ${name}`
    const { operands, unknown } = command.parseOptions(rest)
    if (unknown.some((word) => word !== '--help')) return `${name} does not take ${unknown[0]}`
    const { registeredArguments: takes } = command
    const most = takes.at(-1)?.variadic === true ? Infinity : takes.length
    return operands.length > most ? `${name} takes at most ${most} arguments` : undefined
  }

  test.each(commands)('$page: $command', ({ command }) => {
    expect(mistake(command)).toBeUndefined()
  })

  test.each([
    ['curl example.org', 'curl is no command that a reader has'],
    ['npm run dance', 'there is no script dance'],
    ['npx dmqsim dance', 'there is no command dance'],
    ['npx dmqsim run my.yaml --dance', 'run does not take --dance'],
    ['npx dmqsim list one two three', 'list takes at most 0 arguments'],
    ['node scripts/dance.mjs', 'no file scripts/dance.mjs'],
  ])('refuses %s', (command, why) => {
    expect(mistake(command)).toBe(why)
  })
})

describe('outputs in pages', () => {
  // Commands that run a simulation are run where DMQSIM_DOCS=all says so.
  const withLong = process.env['DMQSIM_DOCS'] === 'all'
  const timeout = withLong ? 1_200_000 : 120_000
  const showing = guides.filter((page) => blocksOf(textOf(page)).some((one) => one.output !== null))

  // `--update` writes what commands print now.
  test.each(showing)('%s shows what its commands print', { timeout }, async (page) => {
    const text = textOf(page)
    let renewed = text

    for (const { block, renewed: now } of shownOutputs(text, withLong).reverse()) {
      if (comparable(now) === comparable(block.text)) continue
      renewed = renewed.slice(0, block.from) + now + renewed.slice(block.until)
    }

    await expect(renewed).toMatchFileSnapshot(join(root, page))
  })

  test('real times and versions are not compared', () => {
    const before = 'seed 1 · 4 virtual minutes in 9.8 s ·\n 3 events, dmqsim 0.1.0, Node v20.20.2'
    const after =
      'seed 1 · 4 virtual minutes in 10.8 s · 1.5 s of CPU, 180 MB · 3\nevents, dmqsim 0.2.0, Node v22.1.0'

    expect(comparable(before)).toBe(comparable(after))
    expect(comparable(before)).not.toBe(comparable(after.replace('3', '4')))
  })
})

describe('lists in pages', () => {
  const listing = guides.filter((page) => textOf(page).includes('<!-- list: '))

  // `--update` writes them anew.
  test.each(listing)('the lists of %s are those of the code', async (page) => {
    const text = textOf(page)

    const renewed = await withLists(text)

    await expect(renewed).toMatchFileSnapshot(join(root, page))
  })

  test.each([...faultKinds, ...operationKinds])('docs/faults.md tells of %s', (kind) => {
    expect(textOf('docs/faults.md')).toMatch(new RegExp(`^\\| \`${kind}\` \\|`, 'm'))
  })
})
