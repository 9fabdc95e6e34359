/**
 * The package `simjs` has no types, and exports nothing: it hands itself over on `window`.
 */

declare module 'simjs' {}
