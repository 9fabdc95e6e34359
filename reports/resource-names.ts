/**
 * Resources and hosts as people call them, and the order in which they are shown.
 */

const names: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  'network-threads': 'network threads',
  'handler-threads': 'request handler threads',
  'fetcher-threads': 'replica fetcher threads',
  disk: 'disk',
  'disk-space': 'disk space',
  'nic-in': 'network in',
  'nic-out': 'network out',
}

const order = Object.keys(names)

export function resourceName(resource: string): string {
  return names[resource] ?? resource.replaceAll('-', ' ')
}

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
