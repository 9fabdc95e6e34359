/**
 * The page's own script, made of the functions of this folder.
 *
 * Written into the page as their text, so that they are typed, linted and formatted as all code
 * is, and the page still needs no bundler. They know each other by name: each file declares what
 * it uses of the others, and everything has to be in the list below.
 */

import * as bands from './bands.ts'
import * as frame from './frame.ts'
import * as heat from './heat.ts'
import * as lane from './lane.ts'
import * as lines from './lines.ts'
import * as main from './main.ts'
import * as marks from './marks.ts'
import * as stage from './stage.ts'
import * as strip from './strip.ts'

const files: readonly object[] = [stage, frame, bands, marks, lane, lines, strip, heat, main]

export function clientScript(): string {
  const functions = files.flatMap((file) => Object.values(file)).map(String)
  return `(() => {\n'use strict'\n${functions.join('\n')}\nstartPage()\n})()`
}
