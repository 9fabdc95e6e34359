/**
 * A checkout without a queue behind it: it calls payment itself, once, while the customer waits.
 *
 * No answer in time, or a refusal, is an error on the customer's screen, and the order is gone.
 *
 * @type {import('../handlers/handler.ts').Handler}
 */
export default function* directCall(_order, app) {
  const outcome = yield* app.call('payment-provider', { timeout: '300ms', once: true })
  if (outcome !== 'ok') throw new Error('the payment failed, please try again later')
}
