/**
 * Figures and tables, evidence, configuration, how far to believe, and the command that replays.
 */

const css = String.raw

export const detailSheet: string = css`
  .figures {
    display: flex;
    flex-wrap: wrap;
    background: var(--surface);
    border: 1px solid var(--rule);
    border-radius: 8px;
    overflow: hidden;
  }
  .figures > div {
    flex: 1 1 8.4rem;
    padding: 0.6rem 0.9rem;
    outline: 1px solid var(--rule);
  }
  .figures dd {
    font-size: 1.35rem;
    font-weight: 600;
    line-height: 1.3;
  }

  /* A shadow at an edge says that there is more behind it; covers travel with what is scrolled. */
  .scroll {
    overflow-x: auto;
    background:
      linear-gradient(to right, var(--surface) 40%, transparent) left / 2.2rem 100% local,
      linear-gradient(to left, var(--surface) 40%, transparent) right / 2.2rem 100% local,
      linear-gradient(to right, var(--edge), transparent) left / 0.9rem 100% scroll,
      linear-gradient(to left, var(--edge), transparent) right / 0.9rem 100% scroll,
      var(--surface);
    background-repeat: no-repeat;
    scrollbar-width: thin;
    border: 1px solid var(--rule);
    border-radius: 8px;
  }
  .scroll.compact {
    width: fit-content;
    max-width: 100%;
  }
  .compact thead th {
    white-space: normal;
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
  tbody th.prose {
    white-space: normal;
  }
  td.prose {
    white-space: normal;
    min-width: 15rem;
  }
  .faint,
  .faint th {
    color: var(--ink-soft);
  }
  .chosen > * {
    background: var(--good-ground);
  }
  .cards td small {
    display: block;
  }
  @media (max-width: 760px) {
    .cards :is(table, tbody, th, td) {
      display: block;
    }
    .cards thead {
      display: none;
    }
    .cards tr {
      display: flex;
      flex-wrap: wrap;
      gap: 0.1rem 1rem;
      padding: 0.6rem 0.8rem;
    }
    .cards tr.chosen {
      background: var(--good-ground);
    }
    .cards tbody tr + tr {
      border-top: 1px solid var(--rule);
    }
    .cards tr > * {
      border: 0;
      min-width: 0;
      max-width: 100%;
      padding: 0.1rem 0;
      text-align: left;
      white-space: normal;
      overflow-wrap: anywhere;
    }
    .cards td {
      min-width: 3.6rem;
    }
    .cards td::before {
      content: attr(data-title);
      display: block;
      color: var(--ink-soft);
      font-size: 0.8rem;
      overflow-wrap: normal;
    }
    .cards :is(tbody th, td.prose, td.whole) {
      flex-basis: 100%;
    }
    .cards td:is(.prose, .whole)::before,
    .cards td:is(.prose, .whole) > div {
      display: inline;
    }
    .cards td.whole > div {
      display: inline-block;
      vertical-align: top;
    }
    .cards td:is(.prose, .whole)::before {
      margin-right: 0.5rem;
    }
    .cards td:is(:empty, .blank) {
      display: none;
    }
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

  .thrown {
    background: var(--surface);
    border: 1px solid var(--rule);
    border-left: 4px solid var(--warn);
    border-radius: 8px;
  }
  .thrown li {
    padding: 0.7rem 1.1rem;
  }
  .thrown li + li {
    border-top: 1px solid var(--rule);
  }
  .thrown .place {
    font-weight: 650;
  }
  .thrown-message {
    margin: 0.2rem 0;
    overflow-wrap: anywhere;
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
  }

  .settings {
    columns: 20rem;
    column-gap: 1.2rem;
  }
  .more .settings {
    padding: 0 0.9rem;
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
  @media (max-width: 760px) {
    details .scroll.cards {
      margin: 0;
      max-height: none;
      border-width: 1px 0 0;
      border-radius: 0 0 8px 8px;
    }
  }
  .more > summary b {
    font-weight: 560;
  }
  .belief .more ul {
    padding: 0 0.9rem 0.8rem;
  }
  .brief {
    margin-left: 0.4rem;
    color: var(--ink-soft);
    font-size: 0.9rem;
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
`
