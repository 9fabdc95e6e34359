import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escaped, joined, jsonScript, markup } from '../../../reports/html/markup.ts'

describe('markup', () => {
  test('a hole is escaped, markup in a hole is not', () => {
    const inner = markup`<b>${'<&>"\''}</b>`

    const outer = markup`<p title="${'"'}">${inner}${3}${null}${['a', markup`<i></i>`]}</p>`

    expect(outer.text).toBe('<p title="&quot;"><b>&lt;&amp;&gt;&quot;&#39;</b>3a<i></i></p>')
  })

  test('no text leaves the place it is put in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escaped(text)).not.toMatch(/[<>"']/)
      }),
      { seed: 11 },
    )
  })

  test('JSON in a script holds no tag and reads back as it was', () => {
    const value = { name: '</script><!--<script>', deep: ['<', '\u2028'] }

    const { text } = jsonScript('here', value)

    const content = text.replace(/^<script[^>]*>/, '').replace(/<\/script>$/, '')
    expect(content).not.toContain('<')
    expect(JSON.parse(content)).toEqual(value)
  })

  test('pieces are joined with something between', () => {
    expect(markup`${joined(['a', 'b', '<'], ' · ')}`.text).toBe('a · b · &lt;')
  })
})
