/**
 * What prettier leaves as it is: a line of a comment may have 100 columns, as a line of code has.
 * A word to the linter has to stand on the line of its code, and may be longer.
 */

const COLUMNS = 100

const commentWidth = {
  create: (context) => ({
    'Program:exit'() {
      const { lines } = context.sourceCode
      for (const { loc, value } of context.sourceCode.getAllComments()) {
        if (value.includes('oxlint-disable')) continue
        for (let line = loc.start.line; line <= loc.end.line; line += 1) {
          const columns = [...lines[line - 1]].length
          if (columns <= COLUMNS) continue
          const message = `A comment of ${columns} columns: break it at ${COLUMNS}.`
          context.report({ loc: { start: { line, column: 0 }, end: { line, column: 1 } }, message })
        }
      }
    },
  }),
}

export default {
  meta: { name: 'layout' },
  rules: { 'comment-width': commentWidth },
}
