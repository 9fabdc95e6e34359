/** A worker thread of an exploration: runs chunks of cases. */

import { chunkCraft } from './chunk.ts'
import { serve } from './serve.ts'

serve(chunkCraft)
