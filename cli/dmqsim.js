#!/usr/bin/env node
// The command. It stays outside `dist`, where a rebuild would lose its mode, and only passes on.

import { existsSync } from 'node:fs'

const main = new URL('../dist/cli/main.js', import.meta.url)

if (existsSync(main)) {
  await import(main.href)
} else {
  process.stderr.write('not built: run npm ci\n')
  process.exitCode = 2
}
