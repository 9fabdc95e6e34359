/**
 * The index of rules: for each rule of docs/specification, which code and which tests cite it.
 *
 *   node scripts/rules-index.mjs            writes docs/rules.md
 *   node scripts/rules-index.mjs --check    exit code 1 if docs/rules.md is not what it would write
 *   node scripts/rules-index.mjs --print    on stdout; --root DIR reads another tree
 *
 * A rule that no code cites is left out. One that the header of a file cites beside a sentence
 * "Left out: …" or "Simplified: …" is simplified, and the sentence stands at the end of the page.
 */

import { fileURLToPath } from 'node:url'
import { argv, fs, glob } from 'zx'

const root = argv.root ?? fileURLToPath(new URL('..', import.meta.url))
const page = 'docs/rules.md'
const sourceFolders = ['sim', 'model', 'scenarios', 'reports', 'cli']
const FILES_SHOWN = 5
const TITLE_MAX = 88

/** Rules that are consequences of others: no code cites them, a scenario shows them. */
const shownBy = {
  'KB C19': 'scenarios/broker-cut-from-zookeeper.yaml',
  'KB C21': 'scenarios/long-pause.yaml',
  'KB C23': 'scenarios/zookeeper-leader-crash.yaml',
  'KC A15': 'scenarios/leader-crash-acks-one.yaml',
  'KC A18': 'scenarios/partition-added-mid-run.yaml',
  'KC A20': 'scenarios/slow-consumer.yaml',
  'HZ D01': 'scenarios/leader-crash-acks-one.yaml',
  'HZ Z02': 'scenarios/broker-cut-from-zookeeper.yaml',
  'HZ C01': 'scenarios/commit-before-process.yaml',
}

/** Where the rules of a prefix stand, and headings there that are no rules. */
const documents = [
  {
    prefix: 'KB',
    file: 'kafka-broker.md',
    about: 'Brokers, controller and ZooKeeper',
    notRules: ['2.6', '4.6', '7', '10', '11'],
    letters: /^([LPFCZRV]\d+|F-[a-e])\b[.:]?\s+(.+)$/,
    numbered: '9',
  },
  {
    prefix: 'KC',
    file: 'kafka-clients.md',
    about: 'Clients, coordinators and applications',
    notRules: ['5', '6', '6.5', '7', '7.1', '9'],
    letters: /^(?:- |\| \*\*)([IA]\d+)\s+(.+?)(?:\*\*.*)?$/,
  },
  {
    prefix: 'HZ',
    file: 'hazards.md',
    about: 'Published bugs and hazards',
    headings: /^### ([A-Z]\d\d) - (.+)$/,
  },
  { prefix: 'FIG', file: 'ecosystem.md', about: 'Public figures', headings: /^(V\d+)\.\s+(.+)$/ },
  {
    prefix: 'contracts',
    file: 'contracts.md',
    about: 'The types between the parts',
    headings: /^## (\d+)\. (.+)$/,
  },
]

/** The rules of one document, in its order, with the headings they stand under. */
function rulesOf(document, text) {
  const rules = []
  let section = null
  for (const line of text.split('\n')) {
    const heading = /^(#{2,3}) (?:(\d+(?:\.\d+)?)\.? )?(.+)$/.exec(line)
    if (document.headings !== undefined) {
      const found = document.headings.exec(line)
      if (found !== null) rules.push({ id: found[1], title: titleOf(found[2]) })
      continue
    }
    if (heading !== null) {
      section = { id: heading[2], title: titleOf(heading[3]), section: true, leaf: true }
      const parent = rules.findLast((rule) => rule.section)
      if (parent !== undefined && String(section.id).startsWith(`${parent.id}.`)) {
        parent.leaf = false
      }
      if (section.id !== undefined && !document.notRules?.includes(section.id)) rules.push(section)
      continue
    }
    const lettered = document.letters.exec(line)
    const numbered = section?.id === document.numbered ? /^(\d+)\. (.+)$/.exec(line) : null
    if (lettered !== null) {
      rules.push({ id: lettered[1], title: titleOf(lettered[2]) })
      if (section !== null) section.leaf = false
    } else if (numbered !== null) {
      rules.push({ id: `${section.id}.${numbered[1]}`, title: titleOf(numbered[2]) })
      section.leaf = false
    }
  }
  return rules
}

/** The first clause of a rule, on one line. */
function titleOf(text) {
  const plain = text.replaceAll('**', '').trim()
  const clause = closed(/^.{12,}?(?=[.;:] )/.exec(plain)?.[0] ?? plain.replace(/[.:]$/, ''))
  const short =
    clause.length <= TITLE_MAX
      ? clause
      : `${closed(clause.slice(0, clause.lastIndexOf(' ', TITLE_MAX)))} …`
  return short.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '')
}

/** Without a bracket that the cut left open. */
function closed(text) {
  const open = text.split('(').length - text.split(')').length
  return open > 0 ? text.slice(0, text.lastIndexOf('(')).trim() : text
}

const reference = String.raw`(?:[A-Z]\d+|F-[a-e]|\d+(?:\.\d+)?(?: #\d+)?)`
const citation = new RegExp(
  String.raw`\b(KB|KC|HZ|FIG)\s+(${reference}(?:(?:\s*[,–]\s*|\s+and\s+)${reference})*)`,
  'g',
)

/** Ids such as `KB P7` that a text cites, ranges written out. */
function citedIn(text) {
  const cited = new Set()
  // A citation may go over the end of a comment's line.
  const flat = text.replaceAll(/\n\s*(?:\*|\/\/) ?/g, ' ')
  for (const [, prefix, list] of flat.matchAll(citation)) {
    for (const part of list.split(/\s*,\s*|\s+and\s+/)) {
      for (const id of spread(part.split('–'))) cited.add(`${prefixOf(prefix, id)} ${id}`)
    }
  }
  for (const [, list] of flat.matchAll(/hazards: \[([^\]]*)\]/g)) {
    for (const [id] of list.matchAll(/[A-Z]\d\d/g)) cited.add(`HZ ${id}`)
  }
  for (const [id] of flat.matchAll(/\b[RDZPTCSQ]0\d\b/g)) cited.add(`HZ ${id}`)
  for (const [, id] of flat.matchAll(/contracts §(\d)/g)) cited.add(`contracts ${id}`)
  return cited
}

/** In a list such as "KC I3, P01" a two-digit id with a zero is a hazard. */
function prefixOf(prefix, id) {
  return /^[A-Z]0\d$/.test(id) ? 'HZ' : prefix
}

/** `P15–P18` as its four, `9 #24` as `9.24`. */
function spread([first, last]) {
  const from = /^([A-Z]|F-|\d+\.)(\d+|[a-e])$/.exec(first)
  const until = /(\d+|[a-e])$/.exec(last ?? '')
  if (from === null || until === null) return [first.replace(' #', '.')]
  const letters = Number.isNaN(Number(from[2]))
  const [start, end] = [from[2], until[1]].map((part) =>
    letters ? part.charCodeAt(0) : Number(part),
  )
  return Array.from(
    { length: Math.max(1, end - start + 1) },
    (_one, n) => from[1] + (letters ? String.fromCharCode(start + n) : start + n),
  )
}

/** What the header of a file says is missing, to the end of the sentence. */
const missingSentence = /\b(?:Left out|Simplified): ([\s\S]*?)(?:\.\s+(?=[A-Z])|\.?\s*\*\/)/

function missingIn(header) {
  return missingSentence
    .exec(header)?.[1]
    .replaceAll(/\n\s*\* ?/g, ' ')
    .trim()
}

async function citations() {
  const found = new Map()
  const leftOut = []
  const at = (rule) => {
    if (!found.has(rule)) found.set(rule, { code: [], simplified: false, tests: [] })
    return found.get(rule)
  }
  const sources = sourceFolders.map((folder) => `${folder}/**/*.ts`)
  const patterns = [...sources, 'scenarios/**/*.{yaml,csv}', 'test/**/*.ts']
  // The tests of this index make rules up.
  const ignore = ['test/docs/**']
  for (const path of (await glob(patterns, { cwd: root, ignore })).sort()) {
    const text = await fs.readFile(`${root}/${path}`, 'utf8')
    if (path.startsWith('test/')) {
      for (const rule of citedIn(text)) at(rule).tests.push(path)
      continue
    }
    const header = /^\/\*\*[\s\S]*?\*\//.exec(text)?.[0] ?? ''
    const missing = missingIn(header)
    const named = missing === undefined ? new Set() : citedIn(missing)
    for (const rule of citedIn(text.replace(missingSentence, ''))) at(rule).code.push(path)
    if (missing === undefined) continue
    if (!path.startsWith('reports/')) leftOut.push({ path, missing })
    for (const rule of citedIn(header)) at(rule).simplified ||= at(rule).code.includes(path)
    for (const rule of named) at(rule).simplified = true
  }
  for (const [rule, path] of Object.entries(shownBy)) {
    if (await fs.pathExists(`${root}/${path}`)) at(rule).code.push(path)
  }
  return { found, leftOut }
}

function statusOf({ code, simplified }) {
  if (code.length === 0) return 'left out'
  return simplified ? 'simplified' : 'modelled'
}

function link(path, strip) {
  return `[${path.replace(strip, '').replace(/\.(test\.)?(ts|yaml|csv)$/, '')}](../${path})`
}

function links(paths, strip) {
  const shown = paths.slice(0, FILES_SHOWN).map((path) => link(path, strip))
  const more = paths.length - shown.length
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ')
}

const nobody = { code: [], simplified: false, tests: [] }

function row(prefix, rule, cited) {
  const id = prefix === 'contracts' ? `§${rule.id}` : `${prefix} ${rule.id}`
  // A section is as much modelled as the rules in it are.
  const status = rule.section && !rule.leaf ? '' : statusOf(cited)
  const code = links(cited.code, /^(model\/|scenarios\/)/)
  return `| ${[id, rule.title, status, code, links(cited.tests, /^test\//)].join(' | ')} |`
}

/** The part of the page for one document, and how many of its rules have which status. */
function part(document, rules, found) {
  const counts = { modelled: 0, simplified: 0, 'left out': 0 }
  const lines = []
  for (const rule of rules) {
    const cited = found.get(`${document.prefix} ${rule.id}`) ?? nobody
    const isRule = !rule.section || rule.leaf
    if (!isRule && cited.code.length === 0) continue
    if (isRule) counts[statusOf(cited)] += 1
    lines.push(row(document.prefix, rule, cited))
  }
  const head = [
    `## ${document.about}`,
    '',
    `In full: [specification/${document.file}](specification/${document.file}).`,
    '',
    '| Rule | | | Code | Tests |',
    '|---|---|---|---|---|',
  ]
  return { text: [...head, ...lines].join('\n'), counts }
}

function missingPart(leftOut) {
  const rows = leftOut.map(({ path, missing }) => `| ${link(path, '')} | ${missing} |`)
  return ['## What files leave out', '', '| File | Left out |', '|---|---|', ...rows].join('\n')
}

async function index() {
  const { found, leftOut } = await citations()
  const parts = []
  const sums = []
  for (const document of documents) {
    const file = `${root}/docs/specification/${document.file}`
    if (!(await fs.pathExists(file))) continue
    const rules = rulesOf(document, await fs.readFile(file, 'utf8'))
    const { text, counts } = part(document, rules, found)
    parts.push(text)
    const { modelled, simplified } = counts
    const name = document.prefix === 'contracts' ? 'contracts §' : document.prefix
    sums.push(`| \`${name}\` | ${modelled} | ${simplified} | ${counts['left out']} |`)
  }
  const head = [
    '# Rules',
    '',
    'Where each rule of the specification stands in the code and in the tests. Made by',
    '`node scripts/rules-index.mjs` from what files cite; a test holds it up to date.',
    '',
    '- *modelled*: code follows it and cites it, or a scenario shows that it follows from others.',
    '- *simplified*: a file that follows it says in its header that something is left out; the',
    '  sentences stand [at the end](#what-files-leave-out).',
    '- *left out*: no code cites it. What that means for an answer says [limits.md](limits.md).',
    '',
    '| Prefix | modelled | simplified | left out |',
    '|---|---|---|---|',
    ...sums,
  ]
  return `${[head.join('\n'), ...parts, missingPart(leftOut)].join('\n\n')}\n`
}

const text = await index()
const place = `${root}/${page}`
if (argv.print) {
  process.stdout.write(text)
} else if (argv.check) {
  const written = (await fs.pathExists(place)) ? await fs.readFile(place, 'utf8') : ''
  if (written !== text) {
    console.log(`${page} is not up to date: node scripts/rules-index.mjs writes it anew`)
    process.exitCode = 1
  }
} else {
  await fs.writeFile(place, text)
}
