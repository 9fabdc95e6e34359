import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'

// An empty project in which the packed tarball is installed, its packages borrowed from here.
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const project = mkdtempSync(join(tmpdir(), 'dmqsim-package-'))
const modules = join(project, 'node_modules')

interface Ended {
  readonly code: number | null
  readonly out: string
}

function call(command: string, argv: readonly string[], cwd: string): Ended {
  // Vitest in vitest must not take itself for the one outside.
  const { VITEST: _vitest, NODE_ENV: _environment, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(command, argv, { cwd, encoding: 'utf8', env })
  return { code: status, out: stdout + stderr }
}

beforeAll(() => {
  const packed = call('npm', ['pack', '--ignore-scripts', '--pack-destination', project], root)
  if (packed.code !== 0) throw new Error(packed.out)
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz')) ?? ''
  mkdirSync(join(modules, 'dmqsim'), { recursive: true })
  const into = ['-xzf', tarball, '-C', join(modules, 'dmqsim'), '--strip-components', '1']
  const unpacked = call('tar', into, project)
  if (unpacked.code !== 0) throw new Error(unpacked.out)
  for (const name of 'commander fast-check picocolors seedrandom uplot vitest yaml zod'.split(
    ' ',
  )) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction')
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }\n')
})

test('the packed library runs, judges and replays a scenario', () => {
  writeFileSync(
    join(project, 'use.js'),
    `import { caseOf, judge, replay, run, scenario, tokenOf } from 'dmqsim'
     const judged = judge(run(caseOf(await scenario('leader-crash-acks-all'), 7)))
     console.log(replay(tokenOf(judged.result.case)).same, judged.verdicts.length > 0)
    `,
  )

  const { code, out } = call(process.execPath, ['use.js'], project)

  expect(out).toBe('true true\n')
  expect(code).toBe(0)
})

test('the packed matcher passes and fails a test of vitest', () => {
  writeFileSync(
    join(project, 'promises.test.js'),
    `import { expect, test } from 'vitest'
     import { caseOf, judge, run, scenario } from 'dmqsim'
     import 'dmqsim/vitest'
     const judged = judge(run(caseOf(await scenario('leader-crash-acks-all'), 7)))
     test('kept', () => expect(judged).toKeepPromises())
     test('missed', () => {
       const thresholds = [{ measure: 'lost', rule: 'max>0', value: 0, met: false }]
       expect({ ...judged, thresholds }).toKeepPromises()
     })
    `,
  )
  const vitest = join(modules, 'vitest', 'vitest.mjs')

  const { code, out } = call(process.execPath, [vitest, 'run', '--no-color'], project)

  expect(code).toBe(1)
  expect(out).toContain('a threshold was missed')
  expect(out).toContain('seed 7')
  expect(out).toMatch(/replay: npx dmqsim replay dmq2\./)
  expect(out).toMatch(/1 failed \| 1 passed/)
})

test('packed scenario tests explore, shrink and say how to do it again', () => {
  writeFileSync(
    join(project, 'scenario.test.js'),
    `import fc from 'fast-check'
     import { expect, test } from 'vitest'
     import { judge, run, scenario } from 'dmqsim'
     import { caseArbitrary, propertyParameters, scenarioTest } from 'dmqsim/vitest'

     const shop = {
       name: 'shop',
       system: 'kafka',
       duration: '10s',
       timeouts: 'brisk',
       topics: [{ name: 'orders', partitions: 2, replicationFactor: 3 }],
       producers: [{ name: 'shop', topic: 'orders', keys: 9, load: { rate: '20/s' } }],
       swarm: { families: ['crash'], faults: { min: 1, max: 3 } },
     }
     function* forgetful(order, app) {
       if (yield* app.store.add('seen:' + order.id, 1)) yield* app.work('30ms')
       else return
       yield* app.effect()
     }
     const handled = {
       ...shop,
       name: 'handled',
       consumers: [{ group: 'payment', topics: ['orders'], handler: forgetful }],
       swarm: { families: ['crash'], faults: { min: 2, max: 4 }, targets: ['member'] },
       checks: ['effects-once'],
       expect: { 'effects-once': 'kept' },
     }

     scenarioTest({ ...shop, checks: ['no-loss'], expect: { 'no-loss': 'kept' } }, { runs: 5 })
     scenarioTest(handled, { runs: 20, seed: 7 })
     test('cases of a scenario', async () => {
       const cases = caseArbitrary(await scenario({ ...shop, checks: ['no-loss'] }))
       const never = fc.property(cases, (one) => judge(run(one)).measures.operations.ok === 0)
       fc.assert(never, propertyParameters({ runs: 2, seed: 7 }))
     })
    `,
  )
  const vitest = [join(modules, 'vitest', 'vitest.mjs'), 'run', 'scenario', '--no-color']

  const { code, out } = call(process.execPath, vitest, project)

  expect(code).toBe(1)
  expect(out).toMatch(/2 failed \| 1 passed/)
  expect(out).toMatch(/BrokenPromise: a promise broke/)
  expect(out).toMatch(/shrunk in \d+ runs: timeline entries \d → 1,/)
  expect(out).toMatch(/replay, in this test: judge\(run\(caseOfToken\('dmq\d\./)
  expect(out).toContain(
    "again: DMQSIM_SEED=7 DMQSIM_RUNS=20 npx vitest run scenario.test.js -t 'handled keeps its promises'",
  )
  expect(out).toMatch(/scenario\.test\.js:30/)
  expect(out).toMatch(/seed: 7/)
  expect(out).toMatch(/Counterexample: \[npx dmqsim replay dmq\d\./)
})

test('the packed types say what scenario tests take', () => {
  const uses = `import fc from 'fast-check'
    import { expect } from 'vitest'
    import { type Handler, judge, run, scenario, type ScenarioFile } from 'dmqsim'
    import { caseArbitrary, propertyParameters, scenarioTest } from 'dmqsim/vitest'
    const handler: Handler = function* (order, app) {
      if (yield* app.store.add(order.id, 1)) yield* app.work('5ms')
    }
    const shop: ScenarioFile = {
      system: 'kafka',
      duration: '10s',
      topics: [{ name: 'orders' }],
      consumers: [{ group: 'payment', topics: ['orders'], handler }],
    }
    scenarioTest(shop, { runs: 5, seed: 7, budget: 'within', sets: ['duration=5s'] })
    const cases = caseArbitrary(await scenario(shop))
    const kept = fc.property(cases, (one) => expect(judge(run(one))).toBreakNoPromise())
    fc.assert(kept, propertyParameters({ runs: 2 }))
    `
  const options = { module: 'nodenext', target: 'es2023', strict: true, noEmit: true, types: [] }
  writeFileSync(join(project, 'uses.ts'), uses)
  writeFileSync(join(project, 'wrong.ts'), uses.replace("'within'", "'between'"))
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...options, skipLibCheck: true }, include: ['*.ts'] }),
  )
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')

  const { out } = call(process.execPath, [tsc, '-p', project], project)

  expect(out).not.toContain('uses.ts')
  expect(out).toMatch(/^wrong\.ts\(14,\d+\): error TS2322: Type '"between"'/)
})

test('the packed command runs a scenario that comes with it, and writes its report', () => {
  const command = join(modules, 'dmqsim', 'cli', 'dmqsim.js')
  const argv = [command, 'run', 'leader-crash-acks-all', '7', '--quiet']

  const { code, out } = call(process.execPath, argv, project)

  expect(code).toBe(0)
  expect(out.split('\n')).toHaveLength(2)
  expect(existsSync(join(project, '.dmqsim', 'latest', 'report.html'))).toBe(true)
})

test('a bug planted in a handler of a project is found, shrunk and replayed', () => {
  const example = join(project, 'order-handler')
  cpSync(join(root, 'examples', 'order-handler'), example, {
    recursive: true,
    filter: (source) => !source.includes('.dmqsim'),
  })
  const command = join(modules, 'dmqsim', 'cli', 'dmqsim.js')
  const dmqsim = (...words: string[]): Ended => call(process.execPath, [command, ...words], example)

  const explored = dmqsim('explore', 'orders.yaml', '--runs', '14', '--jobs', '2')
  const failure = '.dmqsim/orders-1/failures/effects-once-1.json'
  const replayed = dmqsim('replay', failure)
  cpSync(join(example, 'order-handler-mended.js'), join(example, 'order-handler.js'))
  const mended = dmqsim('replay', failure)

  expect(explored.out.replaceAll(/\s+/g, ' ')).toContain('effect of payment did not happen')
  expect(explored.out).toMatch(/shrunk from \d timeline entries to 1 in \d+ runs: /)
  expect(explored.code).toBe(1)
  expect(replayed.out).toContain('✓ the same run')
  expect(replayed.code).toBe(1)
  expect(mended.out).toContain('order-handler.js has changed since this case was kept')
  expect(mended.code).toBe(0)
})
