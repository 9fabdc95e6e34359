/**
 * The charts' frames and legends. What is on the canvas is drawn by `client/`.
 */

const css = String.raw

export const chartSheet: string = css`
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
  .legend button i.dashed {
    background: repeating-linear-gradient(90deg, var(--swatch) 0 5px, transparent 5px 8px);
  }
  .csv {
    font-size: 0.8rem;
    color: var(--ink-soft);
  }
  .legend output {
    color: var(--ink-soft);
    min-width: 6.2em;
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
  .block.striped-1 {
    background-image: repeating-linear-gradient(90deg, var(--edge) 0 1px, transparent 1px 8px);
  }
  .block.striped-2 {
    background-image: repeating-linear-gradient(90deg, var(--edge) 0 1px, transparent 1px 4px);
  }
  .block.striped-3 {
    background-image: repeating-linear-gradient(90deg, var(--edge) 0 1px, transparent 1px 3px);
  }
  .block.none {
    height: 1.25rem;
    background: repeating-linear-gradient(135deg, var(--under-minimum) 0 2px, transparent 2px 6px);
  }
  .heat-legend .block {
    height: 0.9rem;
  }
  .block.absent {
    background: linear-gradient(90deg, var(--rule-strong) 50%, transparent 50%) 0 50% / 6px 1px
      repeat-x;
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
    line-height: 1.4;
    min-height: 1.4em;
    flex: 1 1 14rem;
    min-width: 0;
    overflow: hidden;
    text-align: right;
    text-overflow: ellipsis;
    white-space: nowrap;
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
  @media (max-width: 560px) {
    .cursor {
      white-space: normal;
    }
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
  @media (max-width: 520px) {
    figure {
      padding: 0.6rem 0.3rem 0.3rem;
    }
    figcaption {
      padding: 0 0.4rem 0.3rem;
    }
    figcaption .legend {
      margin-left: 0;
    }
    .reading {
      text-align: left;
    }
  }
`
