// What is to blame, outlined in the cluster and marked with a cross.

import { svg, type TemplateResult } from 'lit-html';
import type { Frame } from '../generated/engine.ts';
import { type Point, round } from '../geometry.ts';
import type { Ui } from './contract.ts';
import type { RingPlan } from './ring-plan.ts';

export const guiltMarks = (
  frame: Frame,
  plan: RingPlan,
  ui: Ui,
  at: (message: Frame['messages'][number]) => Point | undefined,
): TemplateResult[] => {
  const { names, events } = ui.light;
  if (events.size === 0) return [];
  const mark = (name: string, outline: TemplateResult, x: number, y: number) =>
    svg`<g class="guilt inert" role="img" aria-label="${name}: to blame">${outline}<g transform="translate(${round(x)} ${round(y)})"><circle class="badge" r="8" /><path class="sign" d="M-3.2 -3.2L3.2 3.2M3.2 -3.2L-3.2 3.2" /></g></g>`;
  const r = plan.r + 11;
  // Open at the top, where a crown or votes may be.
  const [aside, up] = [round(r * 0.5), round(r * 0.866)];
  return [
    ...frame.servers.map(({ id }, i) => {
      const { x, y } = plan.servers[i] as Point;
      return names.has(id)
        ? mark(
            id,
            svg`<path class="outline" transform="translate(${round(x)} ${round(y)})" d="M${aside} ${-up}A${r} ${r} 0 1 1 ${-aside} ${-up}" />`,
            x + r * 0.71,
            y - r * 0.71,
          )
        : null;
    }),
    ...frame.clients.map(({ id }, i) => {
      const { x, y, width, height } = plan.clients[i] as RingPlan['clients'][number];
      const box = svg`<rect class="outline" x=${round(x - 4)} y=${round(y - 4)} width=${round(width + 8)} height=${height + 8} rx="9" />`;
      return names.has(id) ? mark(id, box, x + width - 4, y + height) : null;
    }),
    ...frame.messages.map((message) => {
      const place = events.has(message.seq) ? at(message) : undefined;
      return place
        ? svg`<circle class="guilt outline inert" cx=${round(place.x)} cy=${round(place.y)} r="13" />`
        : null;
    }),
  ].filter((drawn) => drawn !== null);
};
