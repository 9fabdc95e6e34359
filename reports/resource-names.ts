/**
 * Hosts as people call them, and the order in which hosts and resources are shown.
 */

/** The names are those of thresholds (`utilisation{resource:nic-out}`): one word for one thing. */
const order = [
  'cpu',
  'network-threads',
  'handler-threads',
  'fetcher-threads',
  'disk',
  'disk-space',
  'nic-in',
  'nic-out',
]

/** For sorting: those that are named here first. */
export function resourcePlace(resource: string): number {
  const place = order.indexOf(resource)
  return place === -1 ? order.length : place
}

/** `broker-4` as `broker 4`. */
export function hostName(host: string): string {
  return host.replace(/^(broker|zookeeper)-(\d+)$/, '$1 $2')
}

/** By kind and number: broker 2 before broker 10, brokers before all others. */
export function byHost(left: string, right: string): number {
  const [leftKind, leftNumber] = hostPlace(left)
  const [rightKind, rightNumber] = hostPlace(right)
  if (leftKind !== rightKind) return leftKind < rightKind ? -1 : 1
  return leftNumber - rightNumber
}

function hostPlace(host: string): readonly [kind: string, number: number] {
  const match = /^(.*?)[ -]?(\d*)$/.exec(host)
  const kind = match?.[1] ?? host
  const first = { broker: '0', zookeeper: '1' }[kind]
  return [first ?? `2${kind}`, Number(match?.[2] ?? 0)]
}
