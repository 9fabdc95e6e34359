/**
 * The little of a browser that the page's script uses, as types.
 *
 * The project compiles without the library of the DOM, so that no other code can lean on it.
 */

export interface PageElement {
  textContent: string | null
  readonly clientWidth: number
  readonly dataset: Record<string, string | undefined>
  getAttribute(name: string): string | null
  setAttribute(name: string, value: string): void
  querySelector(selector: string): PageElement | null
  matches(selector: string): boolean
  addEventListener(type: string, listener: () => void): void
}

export interface Page {
  readonly documentElement: PageElement
  getElementById(id: string): PageElement | null
  querySelector(selector: string): PageElement | null
  querySelectorAll(selector: string): Iterable<PageElement>
  createRange(): PageRange
  execCommand(command: 'copy'): boolean
}

export interface PageRange {
  selectNodeContents(element: PageElement): void
}

export interface Selection {
  removeAllRanges(): void
  addRange(range: PageRange): void
}

/** The drawing context of a canvas. */
export interface Pen {
  fillStyle: string
  strokeStyle: string
  lineWidth: number
  font: string
  textAlign: 'left' | 'right' | 'center'
  textBaseline: 'top' | 'middle' | 'bottom' | 'alphabetic'
  globalAlpha: number
  save(): void
  restore(): void
  beginPath(): void
  closePath(): void
  rect(x: number, y: number, width: number, height: number): void
  clip(): void
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  stroke(): void
  fill(): void
  fillRect(x: number, y: number, width: number, height: number): void
  fillText(text: string, x: number, y: number): void
  measureText(text: string): { readonly width: number }
  setLineDash(segments: readonly number[]): void
}
