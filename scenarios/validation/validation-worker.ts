/** A worker thread of the validation table: does one simulation at a time. */

import { serve } from '../explore/serve.ts'
import { validationCraft } from './errand.ts'

serve(validationCraft)
