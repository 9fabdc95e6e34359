/**
 * A strict reader of the XML that reports are written in: no namespaces, no comments, no CDATA.
 */

export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  readonly text: string
}

/** The root element. Throws where the text is not well-formed. */
export function xml(text: string): Element {
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '')
  if (body === text) throw new Error('no XML declaration')
  const open: {
    name: string
    attributes: Record<string, string>
    children: Element[]
    text: string
  }[] = [{ name: '', attributes: {}, children: [], text: '' }]
  const tokens = /<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy
  let at = 0
  for (const [token, closing, name = '', rest = '', empty, characters] of body.matchAll(tokens)) {
    at += token.length
    const top = open.at(-1)
    if (top === undefined) throw new Error(`nothing is open at ${at}`)
    if (characters !== undefined) top.text += unescaped(characters)
    else if (closing === '/') {
      if (top.name !== name) throw new Error(`</${name}> closes <${top.name}>`)
      open.pop()
      open.at(-1)?.children.push(top)
    } else {
      const element = { name, attributes: attributesOf(rest), children: [], text: '' }
      if (empty === '/') top.children.push(element)
      else open.push(element)
    }
  }
  const [document] = open
  const root = document?.children[0]
  if (at !== body.length || open.length !== 1) throw new Error(`not well-formed at ${at}`)
  if (root === undefined || document?.children.length !== 1) throw new Error('not one root')
  return root
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, name = '', value = ''] of text.matchAll(/([\w-]+)="([^"]*)"/g)) {
    if (name in found) throw new Error(`${name} stands twice`)
    found[name] = unescaped(value)
  }
  return found
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#10': '\n',
  '#13': '\r',
}

function unescaped(text: string): string {
  if (/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(text)) {
    throw new Error('a character that XML cannot hold')
  }
  return text.replaceAll(/&([^;&]*);?/g, (_all, name: string) => {
    const character = entities[name]
    if (character === undefined) throw new Error(`no entity &${name};`)
    return character
  })
}
