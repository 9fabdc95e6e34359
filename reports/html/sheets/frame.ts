/**
 * Typography, the page's one column, navigation and the frames of sections.
 *
 * The column grows to a readable width, the navigation stands beside it where there is room. Only
 * tables scroll sideways, each in its box. Digits have one width wherever they are compared.
 */

const css = String.raw

export const frameSheet: string = css`
  * {
    box-sizing: border-box;
  }
  html {
    scroll-behavior: smooth;
    scroll-padding-top: 1rem;
    -webkit-text-size-adjust: 100%;
  }
  body {
    margin: 0;
    background: var(--ground);
    color: var(--ink);
    font:
      15px/1.55 system-ui,
      -apple-system,
      'Segoe UI',
      Roboto,
      'Helvetica Neue',
      Arial,
      sans-serif;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  code {
    font:
      0.9em/1.5 ui-monospace,
      SFMono-Regular,
      Menlo,
      Consolas,
      'Liberation Mono',
      monospace;
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.15em;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
    border-radius: 3px;
  }
  main {
    max-width: 1500px;
    margin: 0 auto;
    padding: 1.4rem clamp(12px, 3vw, 32px) 4rem;
  }
  .answer,
  .sections {
    min-width: 0;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  ol,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }

  nav {
    padding: 0.9rem 0 0;
    font-size: 0.87rem;
  }
  nav ul {
    display: flex;
    flex-wrap: wrap;
    gap: 0.2rem 0.9rem;
  }
  nav a {
    color: var(--ink-soft);
    text-decoration: none;
  }
  nav a:hover {
    color: var(--accent);
    text-decoration: underline;
  }
  @media (min-width: 1180px) {
    main {
      display: grid;
      grid-template-columns: 10rem minmax(0, 1fr);
      column-gap: 2.5rem;
    }
    .answer,
    .sections {
      grid-column: 2;
    }
    nav {
      grid-area: 1 / 1 / span 2;
      position: sticky;
      top: 0;
      align-self: start;
    }
    nav ul {
      flex-direction: column;
      gap: 0.45rem;
      border-left: 1px solid var(--rule);
      padding-left: 0.9rem;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    html {
      scroll-behavior: auto;
    }
  }

  section {
    margin-top: 2.6rem;
  }
  h2 {
    font-size: 1.25rem;
    line-height: 1.3;
    font-weight: 650;
    letter-spacing: -0.005em;
  }
  h2 + .lead {
    color: var(--ink-soft);
    margin-top: 0.15rem;
  }
  h2 ~ * {
    margin-top: 0.8rem;
  }
  h3 {
    font-size: 0.97rem;
    font-weight: 640;
    line-height: 1.4;
  }
  small,
  .note-line {
    color: var(--ink-soft);
    font-size: 0.85rem;
  }
  .note {
    margin-top: 0.8rem;
    padding: 0.5rem 0.8rem;
    border-radius: 6px;
    background: var(--warn-ground);
    color: var(--warn);
  }
  .empty {
    padding: 0.8rem 1rem;
    color: var(--ink-soft);
    background: var(--sunken);
    border-radius: 6px;
  }
  .good {
    color: var(--good);
  }
  .bad {
    color: var(--bad);
  }
`
