/** A worker thread of a plan: simulates trials. */

import { serve } from '../explore/serve.ts'
import { planCraft } from './plan-craft.ts'

serve(planCraft)
