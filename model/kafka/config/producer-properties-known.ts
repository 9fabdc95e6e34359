import type { Property } from './property.ts'

export const knownProducerProperties: readonly Property[] = []
