/**
 * What the simulator is held against, in the order of the table.
 */

import type { Chapter } from './chapter.ts'
import { theory } from './theory/theory.ts'

export const chapters: readonly Chapter[] = [theory]
