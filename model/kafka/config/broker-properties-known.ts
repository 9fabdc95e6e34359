import type { Property } from './property.ts'

export const knownBrokerProperties: readonly Property[] = []
