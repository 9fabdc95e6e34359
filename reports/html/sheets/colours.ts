/**
 * The page's colours in both schemes, as CSS custom properties.
 *
 * Text reaches 4.5 : 1 on its ground, lines and fills 3 : 1 or a label of their own (WCAG AA). The
 * categorical colours stay apart under the common colour deficiencies: they differ in lightness
 * as well as in hue, after the palettes of Okabe and Ito and of Tol.
 */

/** Colours of groups and of brokers; further ones begin again. */
export const GROUP_COLOURS = 6
export const BROKER_COLOURS = 8
/** Further ones have a colour again, with stripes: so many kinds. */
export const STRIPES = 3

/**
 * Hundredths of full use from which the next colour of heat is used; `client/heat.ts` knows them.
 */
export const HEAT_STEPS = [20, 40, 60, 80, 95] as const

interface Scheme {
  readonly named: Readonly<Record<string, string>>
  readonly groups: readonly string[]
  readonly brokers: readonly string[]
  /** By step of `HEAT_STEPS`: ever darker, and another hue from where it is too much. */
  readonly heat: readonly string[]
}

const light: Scheme = {
  named: {
    ground: '#f6f7f9',
    surface: '#ffffff',
    sunken: '#eef1f4',
    ink: '#16202c',
    'ink-soft': '#4d5a69',
    rule: '#d9dfe6',
    'rule-strong': '#8794a3',
    edge: 'rgb(20 30 45 / 0.28)',
    accent: '#0b5c9e',
    good: '#0f6b43',
    'good-ground': '#e4f4ec',
    bad: '#b3261e',
    'bad-ground': '#fdeceb',
    warn: '#835300',
    'warn-ground': '#fff3dc',
    'fault-band': 'rgb(200 90 40 / 0.13)',
    'fault-bar': '#f3c9b1',
    'fault-ink': '#7c3210',
    'operation-band': 'rgb(30 110 190 / 0.11)',
    'operation-bar': '#bcd9f2',
    'operation-ink': '#114a7d',
    produced: '#3f4b59',
    'broker-ink': '#14202b',
    'under-replicated': '#d98a00',
    'under-minimum': '#c2190f',
  },
  groups: ['#0067a5', '#c4500a', '#00805e', '#98408a', '#80660a', '#5a5fc7'],
  brokers: ['#8fbbe6', '#f2a38a', '#ecdc86', '#7fd0b4', '#f0b3c6', '#c9d46a', '#a9dcf2', '#c9b8e8'],
  heat: ['#eef2f6', '#cfe0ef', '#9cc3e3', '#5f9acb', '#b5500f', '#5e1d08'],
}

const dark: Scheme = {
  named: {
    ground: '#10151b',
    surface: '#182029',
    sunken: '#212b36',
    ink: '#e6ecf2',
    'ink-soft': '#a7b4c2',
    rule: '#2f3b48',
    'rule-strong': '#6f8092',
    edge: 'rgb(0 0 0 / 0.75)',
    accent: '#7cbcf5',
    good: '#6fd3a1',
    'good-ground': '#143425',
    bad: '#ff9a90',
    'bad-ground': '#43201e',
    warn: '#f2bd62',
    'warn-ground': '#3c2e12',
    'fault-band': 'rgb(240 130 80 / 0.16)',
    'fault-bar': '#6b3a22',
    'fault-ink': '#ffc4a6',
    'operation-band': 'rgb(100 170 240 / 0.15)',
    'operation-bar': '#24486a',
    'operation-ink': '#b8dcff',
    produced: '#c3ced9',
    'broker-ink': '#f4f8fb',
    'under-replicated': '#f0a830',
    'under-minimum': '#ff6a5c',
  },
  groups: ['#5eb3f2', '#ff8f52', '#3fc99b', '#dd8fd0', '#d9bd4a', '#a3a7ff'],
  brokers: ['#35618c', '#8b4a38', '#6b632b', '#24685a', '#80455f', '#58652c', '#2c6c82', '#5d4d87'],
  heat: ['#212c38', '#274663', '#2f6391', '#5590c2', '#ffb061', '#fff1d8'],
}

export function colourSheet(): string {
  return `:root{color-scheme:light dark;${declarations(light)}}
@media (prefers-color-scheme:dark){:root{${declarations(dark)}}}`
}

function declarations({ named, groups, brokers, heat }: Scheme): string {
  return [
    ...Object.entries(named),
    ...groups.map((colour, at) => [`group-${at + 1}`, colour]),
    ...brokers.map((colour, at) => [`broker-${at + 1}`, colour]),
    ...heat.map((colour, at) => [`heat-${at + 1}`, colour]),
  ]
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';')
}

/** The custom property of a line: 0 is what is produced, 1 and on are the groups. */
export function lineColour(colour: number): string {
  return colour === 0 ? '--produced' : `--group-${((colour - 1) % GROUP_COLOURS) + 1}`
}

/** The custom property of the broker at a place in the model's list. */
export function brokerColour(place: number): string {
  return `--broker-${(place % BROKER_COLOURS) + 1}`
}

/** The class of the stripes that tell it from those of the same colour; empty: it has none. */
export function brokerStripes(place: number): string {
  const turn = Math.floor(place / BROKER_COLOURS)
  return turn === 0 ? '' : `striped-${Math.min(turn, STRIPES)}`
}
