/**
 * What a capacity report has beside the parts of every page: cards, walls, folded drills.
 */

const css = String.raw

export const planSheet: string = css`
  .facts small,
  .found small {
    display: block;
    font-weight: 400;
  }
  /* As many thresholds as there are may not squeeze the names of the drills. */
  #drills .prose {
    min-width: 9rem;
  }
  #drills thead th {
    white-space: normal;
    overflow-wrap: normal;
  }
  .note a {
    color: inherit;
    font-weight: 620;
    white-space: nowrap;
  }
  .note .plain {
    margin-top: 0.2rem;
  }
  .plain li {
    padding-left: 1rem;
    text-indent: -1rem;
  }
  .plain li::before {
    content: '–';
    display: inline-block;
    width: 1rem;
    text-indent: 0;
  }
  .warn-text {
    color: var(--warn);
  }
  .more + .more {
    margin-top: 0.5rem;
  }
  .more > .note-line {
    padding: 0 0.9rem 0.6rem;
  }
  .more .plain {
    padding: 0 0.9rem 0.8rem;
  }
  .wall {
    display: grid;
    grid-template-columns: 1rem 3.6rem minmax(5rem, 12rem);
    gap: 0.6rem;
    align-items: center;
  }
  .wall i {
    height: 0.6rem;
    border-radius: 3px;
    background:
      linear-gradient(var(--ink), var(--ink)) var(--peak) 0 / 2px 100% no-repeat,
      linear-gradient(var(--accent), var(--accent)) 0 0 / var(--share) 100% no-repeat,
      var(--sunken);
  }
  .use {
    display: block;
    min-width: 7rem;
    padding-bottom: 0.4rem;
    background:
      linear-gradient(var(--bar), var(--bar)) 0 100% / var(--share) 4px no-repeat,
      linear-gradient(var(--sunken), var(--sunken)) 0 100% / 100% 4px no-repeat;
    --bar: var(--accent);
  }
  .use.much {
    --bar: var(--under-replicated);
  }
  .sections section > h3 {
    margin-top: 1.6rem;
  }
  .answer .facts {
    grid-template-columns: repeat(auto-fit, minmax(min(45%, 9rem), 1fr));
  }
  .drill > summary {
    padding: 0.7rem 0.9rem;
    cursor: pointer;
  }
  .drill[open] {
    padding-bottom: 0.8rem;
  }
  .drill > :not(summary) {
    margin: 0.6rem 0.8rem 0;
  }
  .drill .cursor {
    background: var(--surface);
  }
  .files {
    display: flex;
    flex-wrap: wrap;
    gap: 0.3rem 1.4rem;
    margin-top: 0.8rem;
  }
`
