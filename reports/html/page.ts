/**
 * The document: one file that asks for nothing. Its policy forbids every request, so that what
 * slipped through would not be made either.
 */

import { plottingScript, plottingSheet, scriptElement, styleElement } from './assets.ts'
import { clientScript } from './client/script.ts'
import { markup, type Markup, nothing, type Piece } from './markup.ts'
import { navigation, type Section, sectionMarkup } from './section.ts'
import { answerSheet } from './sheets/answer.ts'
import { chartSheet } from './sheets/charts.ts'
import { colourSheet } from './sheets/colours.ts'
import { detailSheet } from './sheets/details.ts'
import { explanationSheet } from './sheets/explanation.ts'
import { frameSheet } from './sheets/frame.ts'

export interface Page {
  readonly title: string
  readonly head: Piece
  readonly sections: readonly Section[]
  /** What the charts draw, as a script element of JSON; null: nothing is drawn by script. */
  readonly charts: Markup | null
  /** Beside those that every page has. */
  readonly sheet?: string
}

const policy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"

export function pageText({ title, head, sections, charts, sheet = '' }: Page): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
${styleElement([...sheets(), sheet].join('\n'))}
</head>
<body>
<main>
${head}
${navigation(sections)}
<div class="sections">
${sections.map(sectionMarkup)}
</div>
</main>
${charts === null ? nothing : scripts(charts)}
</body>
</html>
`.text
}

function scripts(charts: Markup): Markup {
  return markup`${charts}
${scriptElement(plottingScript())}
${scriptElement(clientScript())}`
}

/** Colours first, the library's sheet before what goes over it. */
function sheets(): string[] {
  return [
    colourSheet(),
    plottingSheet(),
    frameSheet,
    answerSheet,
    chartSheet,
    detailSheet,
    explanationSheet,
  ]
}
