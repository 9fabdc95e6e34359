/**
 * The capacity report in a real browser: opened from a file, as people open it.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planReport } from '../../reports/html/plan/report.ts'
import { examplePlan } from '../scenarios/plan/example-plan.ts'

const folder = mkdtempSync(join(tmpdir(), 'dmqsim-plan-'))
const file = join(folder, 'report.html')
let browser: Browser

beforeAll(async () => {
  writeFileSync(file, planReport(examplePlan))
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
})

afterAll(async () => {
  await browser.close()
  rmSync(folder, { recursive: true })
})

interface Opened {
  readonly page: Page
  readonly complaints: string[]
  readonly requests: string[]
}

async function open(options: BrowserContextOptions = {}): Promise<Opened> {
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

/** Share of each shown canvas that is drawn on. */
const drawn = `[...document.querySelectorAll('canvas')]
  .filter((canvas) => canvas.checkVisibility())
  .map((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    let count = 0
    for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) count += 1
    return count / (data.length / 4)
  })`

describe('the capacity report in a browser', () => {
  test.each([
    [360, 'light'],
    [360, 'dark'],
    [1600, 'light'],
    [1600, 'dark'],
  ] as const)(
    'at %i pixels, %s, draws its charts, asks for nothing and complains of nothing',
    async (width, colorScheme) => {
      const { page, complaints, requests } = await open({
        viewport: { width, height: 900 },
        colorScheme,
      })

      const shares = (await page.evaluate(drawn)) as number[]

      expect(shares).toHaveLength(6)
      for (const share of shares) expect(share).toBeGreaterThan(0.01)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      expect(complaints).toEqual([])
      expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([])
      await page.close()
    },
  )

  test('has no table that has to be scrolled within 360 pixels', async () => {
    const { page } = await open({ viewport: { width: 360, height: 900 } })

    await page.evaluate(`document.querySelectorAll('details').forEach((one) => (one.open = true))`)
    const hidden = await page.evaluate(`[...document.querySelectorAll('.scroll')]
      .filter((box) => box.scrollWidth > box.clientWidth)
      .map((box) => box.getAttribute('aria-label'))`)

    expect(hidden).toEqual([])
    await page.close()
  })

  test('draws a drill at its full width when a keyboard opens it', async () => {
    const { page, complaints } = await open()
    const summary = page.locator('#curves-normal > summary')

    await summary.focus()
    await page.keyboard.press('Enter')
    await page.waitForFunction(`document.querySelector('#curves-normal .uplot').clientWidth > 1000`)

    expect((await page.evaluate(drawn)) as number[]).toHaveLength(12)
    expect(complaints).toEqual([])
    await page.close()
  })

  test('reads the value of a host under the cursor', async () => {
    const { page } = await open()
    const heat = page.locator('[data-chart="rack-down-utilisation"] .u-over')
    await heat.scrollIntoViewIfNeeded()

    await heat.hover({ position: { x: 400, y: 22 + 5 } })

    const reading = await page.locator('[data-reading="rack-down-utilisation"]').textContent()
    expect(reading).toMatch(/^broker 1, handler-threads at 23:59:\d\d: \d+ %$/)
    await page.close()
  })

  test('saves the data of a chart as a file', async () => {
    const { page } = await open()
    const waiting = page.waitForEvent('download')

    await page.locator('#curves-rack-down a[download="rack-down-throughput.csv"]').click()

    const download = await waiting
    expect(download.suggestedFilename()).toBe('rack-down-throughput.csv')
    expect(readFileSync(await download.path(), 'utf8')).toMatch(/^seconds,asked for/)
    await page.close()
  })

  test('is whole without JavaScript, but for its charts', async () => {
    const { page } = await open({ javaScriptEnabled: false })

    expect(await page.locator('#drills table').first().isVisible()).toBe(true)
    expect(await page.locator('noscript').first().textContent()).toContain('need JavaScript')
    await page.close()
  })
})
