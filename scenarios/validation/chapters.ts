/**
 * What the simulator is held against, in the order of the table.
 */

import type { Chapter } from './chapter.ts'
import { counted } from './counted/counted.ts'
import { controller } from './published/controller.ts'
import { linkedin } from './published/linkedin.ts'
import { rerun } from './published/rerun.ts'
import { saturation } from './published/saturation.ts'
import { topicScaling } from './published/topic-scaling.ts'
import { theory } from './theory/theory.ts'

export const chapters: readonly Chapter[] = [
  theory,
  counted,
  linkedin,
  rerun,
  saturation,
  topicScaling,
  controller,
]
