/**
 * Charges each order once, or so its author thought.
 *
 * The bug: the order is marked as charged before the bank has charged it. A consumer that dies
 * between the two comes back, finds the mark, and the customer never pays.
 *
 * @type {import('dmqsim').Handler}
 */
export default function* orderHandler(order, app) {
  const mark = `charged/${order.id}`
  if ((yield* app.store.get(mark)) === true) return

  yield* app.store.set(mark, true)
  yield* app.work()
  while ((yield* app.call('bank', { timeout: '500ms', once: true })) !== 'ok') {
    yield* app.sleep('100ms')
  }
  yield* app.effect({ once: true })
}
