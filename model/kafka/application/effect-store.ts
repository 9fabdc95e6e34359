/**
 * A store that a group of consumers shares and that outlives their crashes (KC 6.2, A8).
 *
 * It stands for a database next to the group: applying an effect is one transaction, and with
 * `idempotent` the message id and the effect are written in it together. Left out: its outages and
 * its latency, which a downstream service has (`service.ts`).
 */

export interface EffectStore {
  /** Ids of the messages whose effect was applied, by effect. */
  readonly marks: Map<string, Set<string>>
  /** Effects applied so far, repetitions included. */
  applied: number
  /** Effects refused because their message id was known. */
  refused: number
}

export function effectStore(): EffectStore {
  return { marks: new Map(), applied: 0, refused: 0 }
}

/** Writes a mark apart from its effect; false if it was there. A name of its own keeps the two apart. */
export function mark(store: EffectStore, effect: string, messageId: string): boolean {
  const name = markName(effect)
  if (knowsEffect(store, name, messageId)) return false
  const marks = store.marks.get(name)
  if (marks === undefined) store.marks.set(name, new Set([messageId]))
  else marks.add(messageId)
  return true
}

/** Whether a mark apart from its effect was written. */
export function isMarked(store: EffectStore, effect: string, messageId: string): boolean {
  return knowsEffect(store, markName(effect), messageId)
}

function markName(effect: string): string {
  return `${effect}/mark`
}

/** Whether the effect was applied for this message before. */
export function knowsEffect(store: EffectStore, effect: string, messageId: string): boolean {
  return store.marks.get(effect)?.has(messageId) ?? false
}

/** Applies an effect; false if it is idempotent and the message id is known. */
export function applyEffect(
  store: EffectStore,
  effect: string,
  messageId: string,
  idempotent: boolean,
): boolean {
  let marks = store.marks.get(effect)
  if (marks === undefined) {
    marks = new Set()
    store.marks.set(effect, marks)
  }
  if (idempotent && marks.has(messageId)) {
    store.refused += 1
    return false
  }
  marks.add(messageId)
  store.applied += 1
  return true
}
