/**
 * What must hold of a group whatever happens to it, read from the history alone (KC I13, I14, I18):
 * nobody begins behind what the group was given so far, nobody skips while he owns a partition, and
 * no partition has two owners in one generation. Each breach is a sentence.
 */

import { type History, Ownership } from '../../../../../model/history.ts'

export function breaches(history: History): string[] {
  return [...doubleOwners(history), ...skips(history)]
}

function doubleOwners({ names, ownerships }: History): string[] {
  const owners = new Map<string, number>()
  const found: string[] = []
  for (let row = 0; row < ownerships.length; row += 1) {
    if (ownerships.get('kind', row) !== Ownership.assigned) continue
    const process = ownerships.get('process', row)
    const share = `${ownerships.get('partition', row)} in ${ownerships.get('generation', row)}`
    const other = owners.get(share) ?? process
    if (other !== process) found.push(`${names[other]} and ${names[process]} both own ${share}`)
    owners.set(share, process)
  }
  return found
}

/** What a member expects next: an offset, or whatever its first look-up or a seek says. */
const ANYWHERE = -1

function skips({ deliveries, names, ownerships }: History): string[] {
  const expected = new Map<string, number>()
  const given = new Map<number, number>()
  const found: string[] = []
  let owned = 0
  for (let row = 0; row < deliveries.length; row += 1) {
    for (; owned < ownerships.length; owned += 1) {
      if (ownerships.get('atUs', owned) > deliveries.get('atUs', row)) break
      const kind = ownerships.get('kind', owned)
      if (kind !== Ownership.assigned && kind !== Ownership.seek) continue
      const share = `${ownerships.get('process', owned)}/${ownerships.get('partition', owned)}`
      expected.set(share, ANYWHERE)
    }
    const partition = deliveries.get('partition', row)
    const process = deliveries.get('process', row)
    const share = `${process}/${partition}`
    const offset = deliveries.get('offset', row)
    const next = expected.get(share)
    const reached = given.get(partition) ?? 0
    const fits = next === ANYWHERE ? offset <= reached : offset === next
    if (!fits) found.push(`${names[process]} was given ${offset} of ${partition}, not ${next}`)
    const end = offset + deliveries.get('count', row)
    expected.set(share, end)
    given.set(partition, Math.max(reached, end))
  }
  return found
}
