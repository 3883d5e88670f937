// Small pictures for buttons, drawn in a field of 16 by 16. The button beside them carries the words.

import { svg, type TemplateResult } from 'lit-html';

const icon = (shape: TemplateResult): TemplateResult =>
  svg`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${shape}</svg>`;

const solid = (d: string): TemplateResult => icon(svg`<path d=${d} />`);

/** Lines, and dots as circles: where they are, and how large. */
export const lines = (d: string, ...dots: (readonly [x: number, y: number, r: number])[]): TemplateResult =>
  icon(svg`<path class="stroke" d=${d} />${dots.map(([x, y, r]) => svg`<circle cx=${x} cy=${y} r=${r} />`)}`);

const cross = lines('m4 4 8 8M12 4l-8 8');

export const icons = {
  start: solid('M3 3h2v10H3zM13 3v10L6 8z'),
  end: solid('M11 3h2v10h-2zM3 3v10l7-5z'),
  back: solid('M10 3v10L4 8zM11 3h2v10h-2z'),
  forward: solid('M6 3v10l6-5zM3 3h2v10H3z'),
  play: solid('M4 2.5v11L13.5 8z'),
  pause: solid('M3.5 3h3v10h-3zM9.5 3h3v10h-3z'),
  branch: lines('M4.5 5v6M4.5 9.5c0-2 7-1 7-4', [4.5, 3.5, 1.7], [4.5, 12.5, 1.7], [11.5, 3.8, 1.7]),
  earlier: lines('m9.5 4-4 4 4 4', [13, 8, 1.5]),
  later: lines('m6.5 4 4 4-4 4', [3, 8, 1.5]),
  undo: lines('M3 6h6.5a3.5 3.5 0 0 1 0 7H6M5.5 3 2.5 6l3 3'),
  save: lines('M8 2.5V10M4.8 7 8 10l3.2-3M2.5 11v2.5h11V11'),
  edit: lines('M3 13l.7-3.2 7-7 2.5 2.5-7 7zM9 4.5 11.5 7'),
  whole: lines('M2 8h12M5 5 2 8l3 3M11 5l3 3-3 3'),
  home: lines('M2 8.5 8 3l6 5.5M4 7v6.5h8V7'),
  share: lines('M8 10V2.5M5 5l3-3 3 3M4 8H3v5.5h10V8h-1'),
  lessons: lines(
    'M8 4.5C6.5 3 4.5 2.8 2 3v9.5c2.500-.2 4.500 0 6 1.500 1.500-1.500 3.500-1.700 6-1.500V3c-2.500-.2-4.500 0-6 1.500zv9',
  ),
  close: cross,
  /** Three operations, and one moment that each of them spans. */
  clients: lines('M2 4h8M5 8h8M6 12h8M8 1.5v13'),
  good: lines('m3 8.5 3.2 3.2L13 4.8'),
  bad: cross,
};
