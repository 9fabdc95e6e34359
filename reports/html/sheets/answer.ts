/**
 * The answer on top and the verdicts under it.
 */

const css = String.raw

export const answerSheet: string = css`
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
  h1.long {
    font-size: clamp(1.15rem, 1rem + 0.7vw, 1.5rem);
    line-height: 1.35;
    max-width: 75ch;
  }
  .standing {
    display: inline-block;
    padding: 0.15rem 0.7rem;
    border-radius: 0.9rem;
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
`
