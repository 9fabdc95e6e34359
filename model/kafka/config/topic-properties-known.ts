import type { Property } from './property.ts'

export const knownTopicProperties: readonly Property[] = []
