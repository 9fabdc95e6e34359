import type { Property } from './property.ts'

export const knownConsumerProperties: readonly Property[] = []
