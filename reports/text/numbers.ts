/**
 * Numbers as people read them: grouped digits, durations in the unit that fits, shares.
 *
 * The same on every machine: no locale is asked.
 */

/** `61,012` */
export function grouped(value: number): string {
  const [whole = '', fraction] = String(value).split('.')
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? digits : `${digits}.${fraction}`
}

/** A rate with three digits: `0.0573`, `12.5`, `812`, `90,412`. */
export function rate(perSecond: number): string {
  return grouped(perSecond >= 100 ? Math.round(perSecond) : Number(perSecond.toPrecision(3)))
}

/** `1 record`, `37 records` */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`
}

/** `0.4 ms`, `38 ms`, `4.1 s`, `131 s`, `15 min` */
export function duration(us: number): string {
  if (us < 0) return `−${duration(-us)}`
  if (us === 0) return '0 s'
  if (us < 1_000) return `${us} µs`
  if (us < 9_950) return `${(us / 1_000).toFixed(1)} ms`
  if (us < 999_500) return `${Math.round(us / 1_000)} ms`
  if (us < 9_950_000) return `${trimmed((us / 1_000_000).toFixed(1))} s`
  if (us < 600_000_000) return `${Math.round(us / 1_000_000)} s`
  if (us < 36_000_000_000) return `${Math.round(us / 60_000_000)} min`
  return `${Math.round(us / 3_600_000_000)} h`
}

/** A moment since t = 0: `19.6 s`; from an hour on as on a clock, `23:59:26`. */
export function moment(us: number): string {
  if (us >= 3_600_000_000) return clock(Math.round(us / 1_000_000))
  return `${trimmed((us / 1_000_000).toFixed(us < 0 ? 0 : 2))} s`
}

/** `00:00:10`, `23:59:26` */
export function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}

/** `16.7 virtual hours`, or seconds where it is less than an hour. */
export function virtualTime(us: number): string {
  if (us < 120_000_000) return `${trimmed((us / 1_000_000).toFixed(1))} virtual seconds`
  if (us < 7_200_000_000) return `${trimmed((us / 60_000_000).toFixed(1))} virtual minutes`
  return `${trimmed((us / 3_600_000_000).toFixed(1))} virtual hours`
}

/** `0.3 %`, never rounded down to nothing. */
export function percent(share: number): string {
  const value = share * 100
  if (value === 0) return '0 %'
  if (value < 0.01) return '< 0.01 %'
  if (value < 1) return `${trimmed(value.toFixed(2))} %`
  return `${trimmed(value.toFixed(value < 10 ? 1 : 0))} %`
}

/** `512 B`, `1.4 GB`: powers of a thousand, as disks and networks are sold. */
export function bytes(count: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = count
  let place = 0
  while (value >= 999.5 && place < names.length - 1) {
    value /= 1_000
    place += 1
  }
  return `${trimmed(value.toFixed(value < 9.95 && place > 0 ? 1 : 0))} ${names[place]}`
}

function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
