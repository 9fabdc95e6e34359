import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { said, scenarioFile, temporaryFolder } from './recording-terminal.ts'

const folder = temporaryFolder()
const small = scenarioFile(folder)
const damaged = join(folder, 'damaged.json')
writeFileSync(damaged, '{ "format": "dmqsim-failure/1", "case": { "format": 9 } }')
const page = join(folder, 'page.html')
writeFileSync(page, '<html></html>')
const truncated = join(folder, 'truncated.json')
writeFileSync(truncated, '{ "format": "dmq')

const wrong: readonly [string, string, RegExp][] = [
  ['an unknown command', 'rnu', /^unknown command 'rnu', did you mean "run"\?$/],
  [
    'an unknown flag',
    `run ${small} --jsn`,
    /^run: unknown option '--jsn', did you mean "--json"\?$/,
  ],
  ['a flag without its value', `run ${small} --set`, /argument missing; dmqsim run --help/],
  ['too many arguments', `run ${small} 1 2`, /^run: too many arguments/],
  ['an unknown scenario', 'run leader-crash-acks-al', /did you mean "leader-crash-acks-all"\?$/],
  ['a file that is not there', 'run nothing.yaml', /^nothing.yaml: there is no such file$/],
  ['a folder for a file', `run ${folder}/`, /: is a folder, give a file$/],
  ['a seed in words', `run ${small} seven`, /^seed seven: a seed is a whole number from 0 to 9007/],
  ['a seed that is too large', `run ${small} 9007199254740992`, /^seed 9007199254740992: /],
  ['a negative seed', `run ${small} -- -1`, /^seed -1: a seed is a whole number/],
  [
    'an unknown guard',
    `run ${small} --without isr.eligibilty`,
    /^--without .* "isr\.eligibility"\?$/,
  ],
  ['an unknown feature', `run ${small} --protocol truncatoin=hw`, /did you mean "truncation"\?$/],
  [
    'an unknown level',
    `run ${small} --protocol truncation=kip102`,
    /known levels .* mean "kip101"\?$/,
  ],
  ['a level not modelled', `run ${small} --protocol elr=on`, /elr=on is not in this version/],
  ['a protocol without a level', `run ${small} --protocol truncation`, /write a name and a level/],
  ['a path that is not there', `run ${small} --set topics.order.partitions=3`, /mean "orders"\?$/],
  [
    'two answers on stdout',
    `run ${small} --json --reporter junit`,
    /^--reporter junit: stdout has json already, write --reporter junit=<file>$/,
  ],
  ['annotations in a file', `run ${small} --reporter github=a`, /annotations go to stdout$/],
  ['a reporter without its file', `run ${small} --reporter junit=`, /write a file/],
  ['tests of a list', 'guards --reporter junit', /has no tests, use default or json$/],
  ['two seeds', `run ${small} 7 --seed 8`, /^--seed 8: the seed 7 is given already$/],
  [
    'a baseline that is not there',
    `explore ${small} --baseline gone.json`,
    /^gone\.json: there is/,
  ],
  ['an unknown reporter', `run ${small} --reporter jsno`, /did you mean "json"\?$/],
  ['an unknown trace', `run ${small} --trace om`, /did you mean "on"\?$/],
  ['a report that is no HTML', `run ${small} --report a.txt`, /call it a\.txt\.html$/],
  ['no runs', `explore ${small} --runs 0`, /^--runs 0: needs a whole number of at least 1$/],
  ['a time without a unit', `explore ${small} --time 5`, /^--time 5: .* needs a unit/],
  ['a shard that is none', `explore ${small} --shard 5/4`, /^--shard 5\/4: needs a part/],
  ['no such campaign', `explore ${small} --budget betwen`, /^--budget betwen: .*between|within/],
  [
    'nothing to go on with',
    `explore ${small} --resume --out /nowhere`,
    /^--resume: \/nowhere holds/,
  ],
  ['nothing to merge', 'merge /nowhere', /^\/nowhere: holds no journal/],
  ['a moment of a damaged case', `replay ${damaged} --at 12s`, /damaged\.json: /],
  ['nothing to replay', 'replay nothing.json', /there is no such file, and a token begins/],
  ['a damaged token', 'replay dmq1.zzzz', /^the token is damaged: copy it whole/],
  ['a failure of another format', `replay ${damaged}`, /case format 9 is not known/],
  ['a page that is no report', `replay ${page}`, /it is no report of dmqsim$/],
  ['half a file', `replay ${truncated}`, /truncated\.json: /],
  ['an unknown problem', 'list --problem los', /did you mean "loss"\?$/],
  ['an unknown schema', 'schema rn', /did you mean "run"\?$/],
  ['guards that are not there', 'score --guard nonsense', /^--guard nonsense: no guard begins so/],
  [
    'a file of properties that is not there',
    `run ${small} --broker-config no.properties`,
    /^no\.prop/,
  ],
]

test.each(wrong)('%s gets one line with its mend, and exit code 2', async (_name, line, says) => {
  const { code, out, err } = await said(line.split(' '))

  expect(code).toBe(2)
  expect(out).toBe('')
  expect(err.split('\n')).toHaveLength(2)
  expect(err.trimEnd()).toMatch(says)
})

const later = 'audit drill serve'.split(' ')

test.each(later)('%s is known and says that it is not in this version', async (name) => {
  const { code, err } = await said([name, 'anything', '--whatever', '3'])

  expect(code).toBe(2)
  expect(err).toBe(`${name} is not in this version; dmqsim --help shows what is\n`)
})

test.each(['run', 'explore', 'replay', 'schema'])(
  '%s without an argument prints its help and asks',
  async (name) => {
    const { code, out, err } = await said([name])

    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toContain(`Usage: dmqsim ${name}`)
    expect(err.trimEnd().split('\n').at(-1)).toMatch(/^\w+: (which|of which)/)
  },
)

test.each([[[]], [['--help']], [['-h']], [['help']], [['run', '--help']], [['run', '-h']]])(
  'help is no failure: %j',
  async (argv) => {
    const { code, out, err } = await said(argv)

    expect(code).toBe(0)
    expect(out).toContain('Usage: dmqsim')
    expect(err).toBe('')
  },
)

test('a wrong value in the environment is named by its variable', async () => {
  const environment = { DMQSIM_RUNS: 'many' }

  const { code, err } = await said(['explore', small], { environment })

  expect(code).toBe(2)
  expect(err).toBe('DMQSIM_RUNS many: needs a whole number of at least 1\n')
})

test('a typo in a scenario file is told with its place', async () => {
  const file = scenarioFile(temporaryFolder(), 'requiredPorbes: [leader.elected]\n')

  const { code, err } = await said(['run', file])

  expect(code).toBe(2)
  expect(err).toMatch(/small\.yaml:15:1: .*requiredProbes/)
})

test('a guard that a scenario turns off has to be there', async () => {
  const file = scenarioFile(temporaryFolder(), 'guardsOff: [isr.eligibilty]\n')

  const { code, err } = await said(['run', file])

  expect(code).toBe(2)
  expect(err).toMatch(/small\.yaml:\d+:\d+: there is no guard "isr\.eligibilty", did you mean/)
})

test('a file in which everything is wrong does not fill the screen', async () => {
  const slips = Array.from({ length: 40 }, (_, index) => `slip${index}: 1\n`).join('')
  const file = scenarioFile(temporaryFolder(), slips)

  const { code, err } = await said(['run', file])

  expect(code).toBe(2)
  expect(err.trimEnd().split('\n')).toHaveLength(21)
  expect(err.trimEnd().split('\n').at(-1)).toBe('and 20 more')
})
