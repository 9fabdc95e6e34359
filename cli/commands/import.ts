/**
 * `dmqsim import <file>`: a workload of the OpenMessaging Benchmark, or a dashboard's CSV, as a
 * scenario file.
 *
 * What is written loads: it is read back before it is given. A cluster that people already have is
 * for a later version.
 */

import { basename, dirname, extname, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Imported } from '../../scenarios/import/imported.ts'
import type { Session } from '../session.ts'
import { UsageError } from '../usage.ts'

interface ImportFlags {
  readonly driver?: string
  readonly out?: string
}

export function declareImport(program: Command, session: Session): void {
  const command = program
    .command('import')
    .description('a workload of the OpenMessaging Benchmark, or a dashboard’s CSV, as a scenario')
    .argument('[file]', 'workload.yaml, or the CSV of a Grafana panel')
    .option('--driver <file>', 'the benchmark’s driver file for Kafka: replicas and properties')
    .option('--out <file.yaml>', 'write the scenario there (stdout)')
    .action(async (file: string | undefined, flags: ImportFlags) => {
      if (file === undefined) {
        command.outputHelp({ error: true })
        throw new UsageError('import: which file? a workload.yaml, or the CSV of a Grafana panel')
      }
      await importCommand(session, file, flags)
    })
}

async function importCommand(
  { terminal }: Session,
  file: string,
  flags: ImportFlags,
): Promise<void> {
  const { out } = flags
  if (out !== undefined && !/\.ya?ml$/.test(out)) {
    throw new UsageError(`--out ${out}: a scenario is YAML, call it ${out}.yaml`)
  }
  const { importedText } = await import('../../scenarios/import/imported.ts')
  const { parseScenarioText } = await import('../../scenarios/schema/load.ts')
  const text = importedText(await imported(file, flags), basename(file))
  // Beside it, so that a scenario finds the CSV it names.
  await parseScenarioText(text, out ?? 'imported.yaml')
  if (out === undefined) {
    terminal.out(text)
    return
  }
  const { writeWhole } = await import('../folder.ts')
  writeWhole(out, text)
  terminal.out(`${out}: npx dmqsim run ${out}\n`)
}

async function imported(file: string, { driver, out }: ImportFlags): Promise<Imported> {
  const { readTextFile } = await import('../../scenarios/schema/files.ts')
  const text = readTextFile(file, file)
  if (extname(file) === '.csv') {
    if (driver !== undefined) throw new UsageError(`--driver ${driver}: a CSV has no driver`)
    const { importDashboard } = await import('../../scenarios/import/dashboard.ts')
    const from = out === undefined ? '.' : dirname(resolve(out))
    const seen = relative(from, resolve(file)).replaceAll('\\', '/')
    return importDashboard(text, seen, basename(file, '.csv'))
  }
  const { readSource } = await import('../../scenarios/schema/source.ts')
  const { importWorkload } = await import('../../scenarios/import/openmessaging.ts')
  const { readDriver } = await import('../../scenarios/import/driver.ts')
  const drive =
    driver === undefined ? null : readDriver(readSource(readTextFile(driver, driver), driver))
  return importWorkload(readSource(text, file), drive)
}
