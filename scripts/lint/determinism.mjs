/**
 * The determinism bans that oxlint has no rule for: `**`, whose last bit differs between engines,
 * and sorting by the default order, which turns numbers into strings.
 *
 * The rest (Date, Math.random, timers, Math.log, localeCompare) stands in .oxlintrc.json.
 */

const noExponent = {
  create: (context) => {
    const report = (node) =>
      context.report({ node, message: 'Engines differ in the last bit of `**`: multiply instead.' })
    return {
      'BinaryExpression[operator="**"]': report,
      'AssignmentExpression[operator="**="]': report,
    }
  },
}

const sortByComparator = {
  create: (context) => ({
    'CallExpression[arguments.length=0] > MemberExpression.callee': (callee) => {
      const name = callee.computed ? callee.property.value : callee.property.name
      if (name !== 'sort' && name !== 'toSorted') return
      context.report({ node: callee, message: `${name}() without a comparator sorts by strings.` })
    },
  }),
}

export default {
  meta: { name: 'determinism' },
  rules: { 'no-exponent': noExponent, 'sort-by-comparator': sortByComparator },
}
