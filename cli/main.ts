/**
 * The command `dmqsim`: hands the command line and this process's terminal to the program.
 */

import pc from 'picocolors'
import { ExitCode } from './exit-code.ts'
import { runProgram } from './program.ts'
import { processTerminal } from './terminal.ts'

// Whoever reads the output may stop early (`| head`); that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
  process.stderr.write(`stdout: cannot be written (${error.code ?? error.message})\n`)
  process.exit(ExitCode.wrongUsage)
})

process.exitCode = await runProgram(process.argv.slice(2), processTerminal(pc.isColorSupported))
