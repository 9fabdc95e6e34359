/**
 * Sells a limited stock: what is left is looked at and taken in one transaction, once an order.
 *
 * @type {import('../handlers/handler.ts').Handler}
 */
export default function* seckill(order, app) {
  yield* app.work()
  yield* app.transaction((store) => {
    store.open('stock', 'phone', 100)
    if (store.get(`order/${order.id}`) === true) return
    store.set(`order/${order.id}`, true)
    if (store.balance('stock', 'phone') > 0) store.book('stock', 'phone', -1)
  })
}
