/**
 * Runs cases in a worker thread or in a process of its own, and tells their hashes.
 *
 * Input is `{ runModule, cases }`: worker data, or JSON on stdin.
 */

import { readFileSync } from 'node:fs'
import { isMainThread, parentPort, workerData } from 'node:worker_threads'

const { runModule, cases } = isMainThread ? JSON.parse(readFileSync(0, 'utf8')) : workerData
const { run } = await import(runModule)
const hashes = cases.map((one) => {
  const { traceHash, historyHash } = run(one)
  return { traceHash, historyHash }
})
const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions()
const answer = { hashes, locale, timeZone }
if (isMainThread) process.stdout.write(JSON.stringify(answer))
else parentPort.postMessage(answer)
