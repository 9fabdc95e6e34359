/**
 * Simulated over expected: a band, a line at what is expected, an interval and a dot.
 */

const css = String.raw

export const validationSheet: string = css`
  .ratio {
    display: grid;
    grid-template-columns: minmax(6rem, 10rem) 4.5rem;
    gap: 0.7rem;
    align-items: center;
  }
  .ratio i {
    position: relative;
    height: 0.9rem;
    border-radius: 3px;
    background:
      linear-gradient(var(--ink-soft), var(--ink-soft)) 50% 0 / 1px 100% no-repeat,
      linear-gradient(
        to right,
        transparent var(--low),
        var(--operation-bar) var(--low) var(--high),
        transparent var(--high)
      ),
      var(--sunken);
  }
  .ratio i::before,
  .ratio i::after {
    content: '';
    position: absolute;
    top: 50%;
    transform: translateY(-50%);
    background: var(--good);
  }
  .ratio i::before {
    left: var(--from);
    width: max(1px, calc(var(--to) - var(--from)));
    height: 2px;
  }
  .ratio i::after {
    left: calc(var(--at) - 0.22rem);
    width: 0.44rem;
    height: 0.44rem;
    border-radius: 50%;
  }
  .ratio i.outside::before,
  .ratio i.outside::after {
    background: var(--bad);
  }
`
