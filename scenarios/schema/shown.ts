/** A value of an author's file as a message shows it: short, in quotes where it is a text. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `"${value}"`
    case 'number':
    case 'boolean':
      return String(value)
    case 'object':
      if (value === null) return 'nothing'
      return Array.isArray(value) ? 'a list' : 'keys and values'
    default:
      return 'nothing'
  }
}
