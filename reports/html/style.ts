/**
 * The page's layout and typography. Colours come from `colours.ts`.
 *
 * One column that grows to a readable width, the navigation beside it where there is room. Only
 * tables scroll sideways, each in its box. Digits have one width wherever they are compared.
 */

const css = String.raw

export const layoutSheet: string = css`
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

  .answer {
    padding: clamp(1.1rem, 3vw, 2rem);
    background: var(--surface);
    border: 1px solid var(--rule);
    border-left: 6px solid var(--good);
    border-radius: 8px;
  }
  .answer.is-bad {
    border-left-color: var(--bad);
  }
  .answer.is-warn {
    border-left-color: var(--warn);
  }
  .kicker {
    color: var(--ink-soft);
    font-size: 0.87rem;
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.9rem;
  }
  .kicker .name {
    font-weight: 650;
    color: var(--ink);
  }
  h1 {
    margin: 0.35rem 0 0.9rem;
    font-size: clamp(1.35rem, 1rem + 1.7vw, 2.1rem);
    line-height: 1.25;
    font-weight: 660;
    letter-spacing: -0.012em;
    text-wrap: pretty;
    max-width: 42ch;
  }
  .standing {
    display: inline-block;
    padding: 0.15rem 0.7rem;
    border-radius: 99px;
    font-weight: 620;
    font-size: 0.93rem;
  }
  .standing.is-good {
    background: var(--good-ground);
    color: var(--good);
  }
  .standing.is-bad {
    background: var(--bad-ground);
    color: var(--bad);
  }
  .standing.is-warn {
    background: var(--warn-ground);
    color: var(--warn);
  }
  .question {
    margin-top: 0.8rem;
    color: var(--ink-soft);
    font-size: 1.02rem;
    max-width: 70ch;
  }
  .question::before {
    content: 'Asked: ';
    font-weight: 620;
  }
  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(8.2rem, 1fr));
    gap: 0.6rem 1.2rem;
    margin-top: 1.2rem;
    padding-top: 1rem;
    border-top: 1px solid var(--rule);
  }
  .facts dt,
  .figures dt {
    color: var(--ink-soft);
    font-size: 0.8rem;
  }
  .facts dd {
    font-weight: 560;
  }
  .facts code {
    font-size: 0.84rem;
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

  .verdicts {
    background: var(--surface);
    border: 1px solid var(--rule);
    border-radius: 8px;
    overflow: hidden;
  }
  .verdicts li {
    border-top: 1px solid var(--rule);
  }
  .verdicts .line {
    display: grid;
    grid-template-columns: 1.5rem minmax(9rem, 19rem) minmax(0, 1fr) minmax(9rem, 13.5rem);
    gap: 0.1rem 0.9rem;
    padding: 0.5rem 0.9rem;
  }
  .verdicts details {
    border: 0;
    border-radius: 0;
    background: none;
  }
  .verdicts summary.line {
    list-style: none;
  }
  .verdicts summary::-webkit-details-marker {
    display: none;
  }
  .verdicts summary .said::before {
    content: '▸';
    display: inline-block;
    width: 1.1rem;
    color: var(--ink-soft);
  }
  .verdicts details[open] > summary .said::before {
    content: '▾';
  }
  .verdicts summary:hover {
    background: var(--sunken);
  }
  .verdicts details .verdicts {
    border: 0;
    border-radius: 0;
    background: var(--sunken);
  }
  .verdicts li:first-child {
    border-top: 0;
  }
  .verdicts .mark {
    font-weight: 700;
    text-align: center;
  }
  .verdicts .check {
    font-weight: 600;
  }
  .scope {
    color: var(--ink-soft);
    font-weight: 450;
  }
  .verdicts .stand {
    color: var(--ink-soft);
    font-size: 0.85rem;
    text-align: right;
  }
  .verdicts .count {
    font-weight: 650;
    color: var(--ink);
    margin-right: 0.6rem;
  }
  .kept .mark {
    color: var(--good);
  }
  .broken .mark,
  .unknown .mark {
    color: var(--warn);
  }
  .vacuous {
    color: var(--ink-soft);
  }
  .verdicts .unwelcome {
    background: var(--bad-ground);
  }
  .unwelcome .mark,
  .verdicts .unwelcome .count {
    color: var(--bad);
  }
  @media (max-width: 860px) {
    .verdicts .line {
      grid-template-columns: 1.5rem minmax(0, 1fr);
    }
    .verdicts .line > :nth-child(n + 3) {
      grid-column: 2;
    }
    .verdicts .stand {
      text-align: left;
    }
  }

  figure {
    padding: 0.8rem 0.8rem 0.5rem;
    background: var(--surface);
    border: 1px solid var(--rule);
    border-radius: 8px;
  }
  figcaption {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.1rem 0.7rem;
    padding: 0 0.2rem 0.3rem;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.15rem 0.9rem;
    font-size: 0.85rem;
  }
  figcaption .legend {
    margin-left: auto;
  }
  .legend button {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
    padding: 0.1rem 0.2rem;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    text-align: left;
    cursor: pointer;
  }
  .legend button[aria-pressed='false'] {
    color: var(--ink-soft);
    text-decoration: line-through;
  }
  .legend button[aria-pressed='false'] i {
    opacity: 0.25;
  }
  .legend button i {
    flex: none;
    width: 1.1rem;
    height: 3px;
    border-radius: 2px;
    background: var(--swatch);
  }
  .legend output {
    color: var(--ink-soft);
    min-width: 5.4em;
  }
  .legend li:has(.block),
  .legend li:has(.bar) {
    display: inline-flex;
    align-items: center;
    gap: 0.35rem;
  }
  .legend li b {
    margin-right: 0.35rem;
    font-size: 1rem;
  }
  .block {
    display: inline-block;
    min-width: 1.4rem;
    padding: 0 0.3rem;
    border-radius: 3px;
    background: var(--swatch);
    color: var(--broker-ink);
    font-style: normal;
    font-size: 0.78rem;
    line-height: 1.25rem;
    text-align: center;
  }
  .block.none {
    height: 1.25rem;
    background: repeating-linear-gradient(135deg, var(--under-minimum) 0 2px, transparent 2px 6px);
  }
  .bar {
    display: inline-block;
    width: 1.4rem;
    height: 4px;
    border-radius: 2px;
  }
  .bar.under-replicated {
    background: var(--under-replicated);
  }
  .bar.under-minimum {
    background: var(--under-minimum);
  }
  .strip-legend {
    padding: 0.6rem 0.2rem 0;
  }
  .strip-legend .legend {
    margin-top: 0.4rem;
  }
  .reading {
    color: var(--ink-soft);
    font-size: 0.85rem;
    margin-left: auto;
  }
  .cursor {
    position: sticky;
    top: 0;
    z-index: 200;
    padding: 0.35rem 0.2rem;
    background: var(--ground);
    color: var(--ink-soft);
    font-size: 0.87rem;
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .cursor + * {
    margin-top: 0.3rem;
  }
  .chart {
    width: 100%;
    min-height: 2rem;
    overflow: hidden;
    touch-action: pan-y;
  }
  .uplot,
  .uplot *,
  .uplot *::before {
    font-family: inherit;
  }
  .u-select {
    background: rgb(120 140 160 / 0.22);
  }
  .u-hz .u-cursor-x,
  .u-vt .u-cursor-y {
    border-right: 1px dashed var(--rule-strong);
  }

  .figures {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(8.4rem, 1fr));
    background: var(--surface);
    border: 1px solid var(--rule);
    border-radius: 8px;
    overflow: hidden;
  }
  .figures > div {
    padding: 0.6rem 0.9rem;
    outline: 1px solid var(--rule);
  }
  .figures dd {
    font-size: 1.35rem;
    font-weight: 600;
    line-height: 1.3;
  }

  .scroll {
    overflow-x: auto;
    background: var(--surface);
    border: 1px solid var(--rule);
    border-radius: 8px;
  }
  .scroll.compact {
    width: fit-content;
    max-width: 100%;
  }
  .scroll.compact table {
    width: auto;
    min-width: min(100%, 26rem);
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 0.9rem;
  }
  th,
  td {
    padding: 0.4rem 0.8rem;
    text-align: left;
    vertical-align: baseline;
    white-space: nowrap;
    font-weight: 400;
  }
  thead th {
    color: var(--ink-soft);
    font-size: 0.8rem;
    background: var(--sunken);
  }
  tbody th {
    font-weight: 560;
  }
  tbody tr + tr > * {
    border-top: 1px solid var(--rule);
  }
  th.number,
  td.number {
    text-align: right;
  }
  td.prose {
    white-space: normal;
    min-width: 15rem;
  }
  .faint,
  .faint th {
    color: var(--ink-soft);
  }
  .dot {
    display: inline-block;
    width: 0.65rem;
    height: 0.65rem;
    margin-right: 0.45rem;
    border-radius: 50%;
    background: var(--swatch);
  }
  .chip {
    display: inline-block;
    min-width: 1.5rem;
    padding: 0 0.35rem;
    border-radius: 4px;
    text-align: center;
    font-weight: 650;
  }
  .chip.fault {
    background: var(--fault-bar);
    color: var(--fault-ink);
  }
  .chip.operation {
    background: var(--operation-bar);
    color: var(--operation-ink);
  }

  .evidence {
    padding: 0.9rem 1.1rem;
    background: var(--surface);
    border: 1px solid var(--rule);
    border-left: 4px solid var(--warn);
    border-radius: 8px;
  }
  .evidence.unwelcome {
    border-left-color: var(--bad);
  }
  .evidence ol {
    counter-reset: piece;
  }
  .evidence li {
    counter-increment: piece;
    position: relative;
    margin-top: 0.8rem;
    padding: 0.7rem 0 0 2rem;
    border-top: 1px solid var(--rule);
  }
  .evidence li::before {
    content: counter(piece);
    position: absolute;
    left: 0;
    color: var(--ink-soft);
    font-weight: 620;
  }
  .facts-line {
    color: var(--ink-soft);
    font-size: 0.88rem;
  }
  .inline {
    display: grid;
    gap: 0.1rem;
    margin-top: 0.3rem;
    font-size: 0.88rem;
  }
  .inline div {
    display: grid;
    grid-template-columns: 7.5rem minmax(0, 1fr);
    gap: 0.7rem;
  }
  .inline dt {
    color: var(--ink-soft);
  }
  @media (max-width: 520px) {
    .inline div {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
    .inline div + div {
      margin-top: 0.3rem;
    }
    .evidence li {
      padding-left: 1.4rem;
    }
    figure {
      padding: 0.6rem 0.3rem 0.3rem;
    }
    figcaption {
      padding: 0 0.4rem 0.3rem;
    }
    figcaption .legend {
      margin-left: 0;
    }
    .legend output {
      min-width: 0;
    }
  }

  .settings {
    columns: 20rem;
    column-gap: 1.2rem;
  }
  .settings > div {
    margin-bottom: 1.2rem;
    padding: 0.7rem 0.9rem;
    break-inside: avoid;
    background: var(--surface);
    border: 1px solid var(--rule);
    border-radius: 8px;
  }
  .settings dl div {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 1rem;
    padding-top: 0.2rem;
  }
  .settings dt {
    color: var(--ink-soft);
  }

  details {
    background: var(--surface);
    border: 1px solid var(--rule);
    border-radius: 8px;
  }
  summary {
    padding: 0.6rem 0.9rem;
    cursor: pointer;
  }
  details .scroll {
    margin: 0 0.9rem 0.9rem;
    max-height: 30rem;
    overflow: auto;
  }
  .belief {
    display: grid;
    grid-template-columns: 9rem minmax(0, 1fr);
    gap: 0.55rem 1.2rem;
  }
  .belief dt {
    color: var(--ink-soft);
  }
  .belief dd {
    max-width: 90ch;
  }
  .belief li {
    padding-left: 1rem;
    text-indent: -1rem;
  }
  .belief li::before {
    content: '–';
    display: inline-block;
    width: 1rem;
    text-indent: 0;
    color: var(--ink-soft);
  }
  .input {
    display: inline-block;
    margin: 0 0.5rem 0.25rem 0;
    padding: 0 0.5rem;
    border-radius: 4px;
    background: var(--sunken);
    font-size: 0.9rem;
  }
  .input b {
    font-weight: 600;
  }
  @media (max-width: 640px) {
    .belief {
      grid-template-columns: minmax(0, 1fr);
      gap: 0.1rem;
    }
    .belief dd + dt {
      margin-top: 0.6rem;
    }
  }
  .command {
    display: flex;
    flex-wrap: wrap;
    gap: 0.6rem;
    align-items: center;
    justify-content: space-between;
    padding: 0.8rem 1rem;
    background: var(--surface);
    border: 1px solid var(--rule);
    border-radius: 8px;
  }
  .command button {
    min-height: 2.2rem;
    padding: 0.25rem 1rem;
    border: 1px solid var(--rule-strong);
    border-radius: 6px;
    background: var(--sunken);
    color: var(--ink);
    font: inherit;
    cursor: pointer;
  }
  .command button:hover {
    border-color: var(--accent);
  }
  @media (prefers-reduced-motion: reduce) {
    html {
      scroll-behavior: auto;
    }
  }
`
