/**
 * The broken twin: what is left is read in one transaction and taken in another.
 *
 * Two members that read the same last phone both sell it.
 *
 * @type {import('../handlers/handler.ts').Handler}
 */
export default function* seckillRacing(_order, app) {
  const left = yield* app.transaction((store) => {
    store.open('stock', 'phone', 100)
    return store.balance('stock', 'phone')
  })
  yield* app.work()
  if (left > 0) yield* app.transaction((store) => store.book('stock', 'phone', -1))
}
