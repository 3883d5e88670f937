// Small pictures for buttons, drawn in a field of 16 by 16. The button beside them carries the words.

import { svg, type TemplateResult } from 'lit-html';

const icon = (shape: TemplateResult): TemplateResult =>
  svg`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${shape}</svg>`;

export const icons = {
  start: icon(svg`<path d="M3 3h2v10H3zM13 3v10L6 8z" />`),
  end: icon(svg`<path d="M11 3h2v10h-2zM3 3v10l7-5z" />`),
  back: icon(svg`<path d="M10 3v10L4 8zM11 3h2v10h-2z" />`),
  forward: icon(svg`<path d="M6 3v10l6-5zM3 3h2v10H3z" />`),
  play: icon(svg`<path d="M4 2.5v11L13.5 8z" />`),
  pause: icon(svg`<path d="M3.5 3h3v10h-3zM9.5 3h3v10h-3z" />`),
  branch: icon(
    svg`<path class="stroke" d="M4.5 5v6M4.5 9.5c0-2 7-1 7-4" /><circle cx="4.5" cy="3.5" r="1.7" /><circle cx="4.5" cy="12.5" r="1.7" /><circle cx="11.5" cy="3.8" r="1.7" />`,
  ),
  beside: icon(svg`<path class="stroke" d="M2.5 3h4v10h-4zM9.5 3h4v10h-4z" />`),
  rename: icon(svg`<path class="stroke" d="M3 13l.6-2.8L10.8 3 13 5.2 5.8 12.4z" />`),
  bin: icon(svg`<path class="stroke" d="M3 4.5h10M6.5 4V2.8h3V4M4.5 5l.6 8h5.8l.6-8" />`),
  earlier: icon(svg`<path class="stroke" d="m9.5 4-4 4 4 4" /><circle cx="13" cy="8" r="1.5" />`),
  later: icon(svg`<path class="stroke" d="m6.5 4 4 4-4 4" /><circle cx="3" cy="8" r="1.5" />`),
  undo: icon(svg`<path class="stroke" d="M3 6h6.5a3.5 3.5 0 0 1 0 7H6M5.5 3 2.5 6l3 3" />`),
  save: icon(svg`<path class="stroke" d="M8 2.5V10M4.8 7 8 10l3.2-3M2.5 11v2.5h11V11" />`),
  edit: icon(svg`<path class="stroke" d="M3 13l.7-3.2 7-7 2.5 2.5-7 7zM9 4.5 11.5 7" />`),
  whole: icon(svg`<path class="stroke" d="M2 8h12M5 5 2 8l3 3M11 5l3 3-3 3" />`),
  list: icon(svg`<path class="stroke" d="M5.5 4H14M5.5 8H14M5.5 12H14M2 4h.5M2 8h.5M2 12h.5" />`),
  lessons: icon(
    svg`<path class="stroke" d="M8 4.5C6.5 3 4.5 2.8 2 3v9.5c2.500-.2 4.500 0 6 1.500 1.500-1.500 3.500-1.700 6-1.500V3c-2.500-.2-4.500 0-6 1.500zv9" />`,
  ),
  close: icon(svg`<path class="stroke" d="m4 4 8 8M12 4l-8 8" />`),
  dice: icon(
    svg`<rect class="stroke" x="2.5" y="2.5" width="11" height="11" rx="2.5" /><circle cx="5.5" cy="5.5" r="1.1" /><circle cx="10.5" cy="10.5" r="1.1" /><circle cx="8" cy="8" r="1.1" />`,
  ),
  /** Three operations, and one moment that each of them spans. */
  clients: icon(svg`<path class="stroke" d="M2 4h8M5 8h8M6 12h8M8 1.5v13" />`),
  good: icon(svg`<path class="stroke" d="m3 8.5 3.2 3.2L13 4.8" />`),
  bad: icon(svg`<path class="stroke" d="m4 4 8 8M12 4l-8 8" />`),
};
