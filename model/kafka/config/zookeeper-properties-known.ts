import type { Property } from './property.ts'

export const knownZooKeeperProperties: readonly Property[] = []
