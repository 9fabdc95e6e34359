/**
 * When two failures are one: the same check, at the same level, by the same mechanism.
 *
 * A level is `stored` or `processed`, whatever the group: that payment and inventory both missed
 * what the log lost is one finding and not two.
 */

export interface Broken {
  readonly check: string
  /** `stored`, `processed:payment`, a group, a property of truth. */
  readonly scope: string
  /** As verdicts have it: the check, the scope, and the mechanism behind a colon. */
  readonly signature: string
}

const levels: ReadonlySet<string> = new Set([
  'stored',
  'processed',
  'stored-once',
  'delivered-once',
  'effect-once',
  'TypeOk',
  'LeaderInIsr',
  'WeakIsr',
  'StrongIsr',
  'MinIsr',
  'LogMatching',
  'LeaderCompleteness',
  'OneLeaderPerEpoch',
])

/** Equal for failures that are one. */
export function signatureKey(broken: Broken): string {
  const { check, scope } = broken
  const [level = ''] = scope.split(':')
  return `${check} ${levels.has(level) ? level : 'group'}: ${mechanismOf(broken)}`
}

/** How it broke, in words that are the same for every seed. */
export function mechanismOf({ check, scope, signature }: Broken): string {
  const head = `${check} ${scope}: `
  return signature.startsWith(head) ? signature.slice(head.length) : signature
}
