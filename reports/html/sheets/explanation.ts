/**
 * Accounts with their space-time diagram: beside each other where there is room, else below.
 */

const css = String.raw

export const explanationSheet: string = css`
  .account {
    margin-block: 1rem 1.8rem;
  }
  .account .about,
  .account > p {
    margin-block: 0 0.7rem;
  }
  .account .mends + .command {
    margin-top: 0.8rem;
  }
  .account td code,
  .account th code {
    white-space: normal;
    overflow-wrap: anywhere;
  }
  @media (max-width: 640px) {
    .mends :is(table, tbody, tr, th, td) {
      display: block;
    }
    .mends thead {
      display: none;
    }
    .mends tr > * {
      border: 0;
      min-width: 0;
      text-align: left;
      padding-block: 0.1rem;
    }
    .mends tr {
      padding-block: 0.5rem;
    }
    .mends tbody tr + tr {
      border-top: 1px solid var(--rule);
    }
    .mends .tally::before {
      content: 'kept in ';
    }
  }
  .account h3 {
    margin-block: 0 0.3rem;
    font-size: 1.05rem;
  }
  .account .about {
    color: var(--ink-soft);
  }
  .account figure {
    margin: 0;
    min-width: 0;
    align-self: start;
  }
  .account figure .space-time {
    border: 0;
    border-radius: 0;
  }
  .account figcaption {
    color: var(--ink-soft);
    font-size: 0.8rem;
    margin-top: 0.3rem;
  }
  .told {
    display: grid;
    gap: 1rem 1.6rem;
  }
  .told > * {
    min-width: 0;
  }
  @media (min-width: 900px) {
    .told:has(figure) {
      grid-template-columns: minmax(20rem, 30rem) 1fr;
    }
  }
  .steps {
    margin: 0;
    padding-inline-start: 2.2rem;
    list-style: decimal;
  }
  .steps li {
    margin-block: 0 0.35rem;
  }
  .steps li::marker {
    color: var(--accent);
    font-weight: 600;
  }
  .steps time {
    color: var(--ink-soft);
    font-variant-numeric: tabular-nums;
    margin-inline-end: 0.4rem;
  }
  .moral {
    border-inline-start: 3px solid var(--accent);
    padding-inline-start: 0.8rem;
    margin-block: 0.9rem 0;
  }
  .space-time svg {
    display: block;
    overflow: visible;
    font:
      11px/1 system-ui,
      sans-serif;
  }
  .space-time .process line {
    stroke: var(--rule-strong);
    stroke-width: 1;
  }
  .space-time .process text,
  .space-time .time {
    fill: var(--ink-soft);
  }
  .space-time .time {
    text-anchor: end;
    font-variant-numeric: tabular-nums;
  }
  .space-time .name {
    fill: var(--ink-soft);
  }
  @media (max-width: 60rem) {
    .space-time .name {
      display: none;
    }
  }
  .space-time .message {
    stroke: var(--accent);
    stroke-width: 1.3;
    fill: none;
  }
  .space-time marker path {
    fill: var(--accent);
  }
  .space-time .event {
    fill: var(--rule-strong);
  }
  .space-time .step circle {
    fill: var(--accent);
  }
  .space-time .number {
    fill: var(--surface);
    text-anchor: middle;
    font-weight: 700;
  }
`
