/**
 * The report in a real browser: opened from a file, as people open it.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { htmlReport } from '../../reports/html/report.ts'
import { plantedExplanation } from '../reports/planted-explanation.ts'
import { plantedEmpty, plantedJudged, plantedOptions } from '../reports/html/planted-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'dmqsim-report-'))
let browser: Browser
let opened = 0

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
})

afterAll(async () => {
  await browser.close()
  rmSync(folder, { recursive: true })
})

interface Opened {
  readonly page: Page
  /** What the console and uncaught errors said. */
  readonly complaints: string[]
  /** Addresses that were asked for beside the file itself. */
  readonly requests: string[]
}

async function open(text: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const file = join(folder, `report-${opened++}.html`)
  writeFileSync(file, text)
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 }, ...options })
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(error.message))
  const address = pathToFileURL(file).href
  page.on('request', (request) => {
    if (request.url() !== address) requests.push(request.url())
  })
  await page.goto(address)
  return { page, complaints, requests }
}

/** Colours on each canvas, and how much of it is drawn on. */
const canvases = `[...document.querySelectorAll('canvas')].map((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  const colours = new Set()
  let drawn = 0
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 0) continue
    drawn += 1
    colours.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2])
  }
  return { colours: colours.size, drawn: drawn / (data.length / 4) }
})`

interface Drawing {
  readonly colours: number
  readonly drawn: number
}

const planted = (): string => htmlReport(plantedJudged(), plantedOptions)

describe('the report in a browser', () => {
  test('opens without a complaint and without a request', async () => {
    const { page, complaints, requests } = await open(planted())

    await page.mouse.move(800, 700)
    await page.waitForTimeout(200)

    expect(complaints).toEqual([])
    expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([])
    await page.close()
  })

  test('draws the lane, three plots and a strip for each topic', async () => {
    const { page } = await open(planted())

    const drawings = (await page.evaluate(canvases)) as Drawing[]

    expect(drawings).toHaveLength(6)
    for (const { colours, drawn } of drawings) {
      expect(colours).toBeGreaterThan(5)
      expect(drawn).toBeGreaterThan(0.01)
    }
    await page.close()
  })

  test.each([360, 800, 1600])('does not scroll sideways at %i pixels', async (width) => {
    const { page } = await open(planted(), { viewport: { width, height: 900 } })

    const widths = await page.evaluate(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    )

    expect(widths).toEqual([width, width])
    await page.close()
  })

  test('shows every latency without scrolling within 360 pixels', async () => {
    const { page } = await open(planted(), { viewport: { width: 360, height: 900 } })

    const hidden = await page.evaluate(`(() => {
      const box = document.querySelector('[aria-label="Latency"]')
      return box.scrollWidth - box.clientWidth
    })()`)

    expect(hidden).toBe(0)
    await page.close()
  })

  test.each([
    [360, 'light'],
    [1600, 'dark'],
  ] as const)('shows the explanation within %i pixels, %s', async (width, colorScheme) => {
    const page = htmlReport(plantedJudged(), {
      ...plantedOptions,
      explanation: plantedExplanation,
      mendCommand: 'npx dmqsim replay a.json --set x=1',
    })
    const opened = await open(page, { viewport: { width, height: 900 }, colorScheme })

    const seen = await opened.page.evaluate(`(() => {
      const svg = document.querySelector('.space-time svg').getBoundingClientRect()
      const text = document.querySelector('.space-time .time').getBoundingClientRect()
      return [document.documentElement.scrollWidth, svg.height > 150, text.height > 8]
    })()`)

    expect(seen).toEqual([width, true, true])
    expect(opened.complaints).toEqual([])
    await opened.page.close()
  })

  test('shows a diagram of seven processes whole within 360 pixels', async () => {
    const { cone } = plantedExplanation
    if (cone === null) throw new Error('the planted explanation has a diagram')
    const processes = [...cone.processes, 'zookeeper-1', 'zookeeper-3', 'broker-1']
    const explanation = { ...plantedExplanation, cone: { ...cone, processes } }
    const { page } = await open(htmlReport(plantedJudged(), { ...plantedOptions, explanation }), {
      viewport: { width: 360, height: 900 },
    })

    const hidden = await page.evaluate(`(() => {
      const box = document.querySelector('.space-time')
      return box.scrollWidth - box.clientWidth
    })()`)
    const cut = await page.evaluate(`(() => {
      const box = document.querySelector('.space-time').getBoundingClientRect()
      return [...document.querySelectorAll('.space-time .process text')]
        .map((text) => text.getBoundingClientRect())
        .filter(({ right, top }) => right > box.right + 1 || top < box.top - 1).length
    })()`)

    expect([hidden, cut]).toEqual([0, 0])
    await page.close()
  })

  test('reads a setting that mends in one piece within 360 pixels', async () => {
    const { page } = await open(
      htmlReport(plantedJudged(), { ...plantedOptions, explanation: plantedExplanation }),
      { viewport: { width: 360, height: 900 } },
    )

    const lines = await page.evaluate(`[...document.querySelectorAll('.mends code')].map(
      (code) => code.getClientRects().length,
    )`)

    expect(lines).not.toHaveLength(0)
    expect(Math.max(...(lines as number[]))).toBeLessThanOrEqual(2)
    await page.close()
  })

  test('runs no word of a handler that threw', async () => {
    const message = `Error: <img src=x onerror="window.struck = 1"> ${'no-price-'.repeat(20)}`
    const judged = plantedJudged()
    const handlerErrors = [
      { group: 'payment', message, place: 'charge.js:9:4', firstUs: 400_000, count: 3 },
    ]
    const { page, complaints } = await open(
      htmlReport({ ...judged, result: { ...judged.result, handlerErrors } }, plantedOptions),
      { viewport: { width: 360, height: 900 } },
    )

    expect(await page.locator('.thrown').textContent()).toContain(message)
    expect(await page.evaluate('window.struck')).toBeUndefined()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    expect(complaints).toEqual([])
    await page.close()
  })

  test('fits its charts to a window that becomes narrow', async () => {
    const { page } = await open(planted())
    const before = await page.evaluate(`document.querySelector('.uplot').clientWidth`)

    await page.setViewportSize({ width: 500, height: 900 })
    await page.waitForFunction(`document.querySelector('.uplot').clientWidth < 500`)

    const scrolled = await page.evaluate('document.documentElement.scrollWidth')
    expect(before).toBeGreaterThan(1_000)
    expect(scrolled).toBe(500)
    await page.close()
  })

  test('is dark where the system is', async () => {
    const ground = 'getComputedStyle(document.body).backgroundColor'
    const { page } = await open(planted(), { colorScheme: 'light' })
    const light = await page.evaluate(ground)
    const lightDrawings = await page.evaluate(canvases)

    await page.emulateMedia({ colorScheme: 'dark' })
    await page.waitForTimeout(100)

    expect(light).toBe('rgb(246, 247, 249)')
    expect(await page.evaluate(ground)).toBe('rgb(16, 21, 27)')
    expect(await page.evaluate(canvases)).not.toEqual(lightDrawings)
    await page.close()
  })

  test('reads the time and the values under the cursor in all charts at once', async () => {
    const { page } = await open(planted())
    const backlog = page.locator('[data-chart="backlog"] .u-over')
    await backlog.scrollIntoViewIfNeeded()

    await backlog.hover({ position: { x: 240, y: 60 } })

    const time = await page.locator('#cursor').textContent()
    const values = await page.locator('[data-line] output').allTextContents()
    expect(time).toMatch(/^\d+\.\d s · 2 slow-work group payment/)
    expect(values).toHaveLength(10)
    expect(values.every((value) => /^[\d,.]+( s| ms)?$/.test(value))).toBe(true)
    await page.close()
  })

  test('names the partition under the cursor', async () => {
    const { page } = await open(planted())
    const strip = page.locator('[data-chart="strip-0"] .u-over')
    await strip.scrollIntoViewIfNeeded()

    await strip.hover({ position: { x: 600, y: 5 * 18 - 9 } })

    const reading = await page.locator('[data-reading="strip-0"]').textContent()
    expect(await page.locator('[data-reading="strip-1"]').textContent()).toBe('')
    expect(reading).toMatch(/^orders-4 at \d+\.\d s: broker 3 leads, epoch 2, ISR 3, 5, 1$/)
    await page.close()
  })

  test('switches a line off and on from its legend', async () => {
    const { page } = await open(planted())
    const button = page.locator('[data-line="backlog:1"]')
    const all = await page.evaluate(canvases)

    await button.click()
    await page.waitForTimeout(100)

    expect(await button.getAttribute('aria-pressed')).toBe('false')
    expect(await page.evaluate(canvases)).not.toEqual(all)
    await page.close()
  })

  test('copies the command that replays', async () => {
    const { page } = await open(planted())

    await page.locator('[data-copy]').click()

    await page.waitForFunction(`document.querySelector('[data-copy]').textContent === 'Copied'`)
    const selected = await page.evaluate('getSelection().toString()')
    expect(selected).toBe(plantedOptions.replayCommand)
    await page.close()
  })

  test('runs no word of a user', async () => {
    const hostile = `</script><img src=x onerror="window.struck = 1"><script>window.struck = 2</script>`
    const words = { name: hostile, question: hostile, topic: hostile, group: hostile }
    const { page, complaints } = await open(
      htmlReport(plantedJudged({ ...words, evidence: hostile }), plantedOptions),
    )

    expect(await page.evaluate('window.struck')).toBeUndefined()
    expect(await page.locator('img').count()).toBe(0)
    expect(complaints).toEqual([])
    await page.close()
  })

  test('opens without a complaint where there is nothing to draw', async () => {
    const { page, complaints } = await open(htmlReport(plantedEmpty(), plantedOptions))

    expect(await page.locator('canvas').count()).toBe(0)
    expect(complaints).toEqual([])
    await page.close()
  })
})
