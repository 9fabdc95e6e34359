/**
 * The mend: the mark and the effect are one transaction, in the bank and in our own store.
 *
 * Whatever happens between two lines, the order comes again and finds what was done.
 *
 * @type {import('dmqsim').Handler}
 */
export default function* orderHandler(order, app) {
  yield* app.work()
  while ((yield* app.call('bank', { timeout: '500ms', once: true })) !== 'ok') {
    yield* app.sleep('100ms')
  }
  yield* app.effect({ once: true })
}
