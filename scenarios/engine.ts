/**
 * The version of the engine, as cases and files note it: that of package.json, held by a test.
 */

export const ENGINE = '0.1.0'
