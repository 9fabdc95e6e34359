/** A worker thread of a hunt: searches chunks of runs, or shrinks what one of them broke. */

import { serve } from '../explore/serve.ts'
import { huntCraft } from './hunt.ts'

serve(huntCraft)
