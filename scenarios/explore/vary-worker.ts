/** A worker thread of a comparison of settings: measures chunks of runs. */

import { serve } from './serve.ts'
import { varyCraft } from './vary.ts'

serve(varyCraft)
