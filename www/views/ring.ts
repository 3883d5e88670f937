// The cluster at one moment: servers around a circle, who reaches whom, messages on their way, clients outside.

import { svg, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Frame } from '../generated/engine.ts';
import { around, edgeOf, onWay, type Point, round, shorten, type Way } from '../geometry.ts';
import { type Dispatch, type Name, type Pick, type RingView, term } from './contract.ts';
import { classes, does } from './pick.ts';
import { chip } from './ring-client.ts';
import { lostMessage, message } from './ring-message.ts';
import { planRing, type RingPlan, walls } from './ring-plan.ts';
import { AROUND_SERVER, server } from './ring-server.ts';

/** Traffic in the two directions of a link keeps to its right by this many pixels. */
const ASIDE = 4;

export const ring: RingView = (frame, ui, dispatch) => {
  const size = ui.size.ring;
  const plan = planRing(frame.servers.length, frame.clients.length, size);
  const newest = Math.max(0, ...frame.servers.filter((s) => s.up).map((s) => s.term));
  return svg`<svg class="picture ring" width=${size.width} height=${size.height} viewBox="0 0 ${size.width} ${size.height}"
      role="group" aria-label="Cluster" @click=${does(dispatch, { type: 'nothingPicked' })}>
    ${links(frame, plan, ui.picked, dispatch)}
    ${split(frame, plan)}
    ${frame.cuts.map((cut) => cutMark(cut.from, cut.to, frame, plan))}
    ${frame.servers.map((s, i) => server({ server: s, at: plan.servers[i] as Point, look: plan, frame, newest, ui, dispatch }))}
    ${frame.clients.map((c, i) => chip(c, plan.clients[i] as RingPlan['clients'][number], frame, ui, dispatch))}
    ${repeat(
      frame.lost,
      (m) => m.id,
      (m) => {
        const way = wayOf(m.from, m.to, frame, plan);
        return way && lostMessage(m, way, frame.atUs, ui, dispatch);
      },
    )}
    ${repeat(
      frame.messages,
      (m) => m.id, // a click shall meet the message that the pointer went down on
      (m) => {
        const way = wayOf(m.from, m.to, frame, plan);
        return way && message(m, way, frame.atUs, ui, dispatch);
      },
    )}
    ${caption(frame, plan)}
  </svg>`;
};

/** Where a message between these two leaves and arrives; nothing if one of them is not in the picture. */
const wayOf = (from: Name, to: Name, frame: Frame, plan: RingPlan): Way | undefined => {
  const [a, b] = [place(from, to, frame, plan), place(to, from, frame, plan)];
  if (!a || !b) return undefined;
  const [start, end] = shorten(a.at, b.at, a.clear, b.clear, ASIDE);
  const others = plan.servers.filter((_, i) => frame.servers[i]?.id !== from && frame.servers[i]?.id !== to);
  return around(start, end, others, plan.r + AROUND_SERVER);
};

/** Where links to `name` meet it, seen from `other`, and how far they stay away from that point. */
const place = (
  name: Name,
  other: Name,
  frame: Frame,
  plan: RingPlan,
): { at: Point; clear: number } | undefined => {
  const i = frame.servers.findIndex((s) => s.id === name);
  const at = plan.servers[i];
  if (at) return { at, clear: plan.r + AROUND_SERVER };
  const box = plan.clients[frame.clients.findIndex((c) => c.id === name)];
  const target = plan.servers[frame.servers.findIndex((s) => s.id === other)] ?? plan.centre;
  return box && { at: edgeOf(box, target), clear: 6 };
};

/** Whether nothing gets through from `from` to `to`. */
const isBlocked = (from: Name, to: Name, frame: Frame): boolean => {
  if (frame.cuts.some((cut) => cut.from === from && cut.to === to)) return true;
  const [a, b] = [sideOf(from, frame), sideOf(to, frame)];
  return a >= 0 && b >= 0 && a !== b;
};

/** The side of a split that somebody is on; -1 for who reaches everybody. */
const sideOf = (name: Name, frame: Frame): number =>
  frame.groups?.findIndex((group) => group.includes(name)) ?? -1;

/** By direction: neither, this one, the other one, both. */
const CUT_WORDS = ['', ', cut in this direction', ', cut in the other direction', ', cut'];

/** A line for every pair of servers. Those of the picked server can be reached with the keyboard. */
const links = (frame: Frame, plan: RingPlan, picked: Pick | null, dispatch: Dispatch): TemplateResult[] =>
  frame.servers.flatMap((one, i) =>
    frame.servers.slice(i + 1).map((other, j) => {
      const [a, b] = [plan.servers[i] as Point, plan.servers[i + 1 + j] as Point];
      const [start, end] = shorten(a, b, plan.r + AROUND_SERVER, plan.r + AROUND_SERVER);
      const near = picked?.type === 'server' && (picked.id === one.id || picked.id === other.id);
      const [from, to] = near && picked.id === other.id ? [other.id, one.id] : [one.id, other.id];
      const cut = (isBlocked(from, to, frame) ? 1 : 0) + (isBlocked(to, from, frame) ? 2 : 0);
      const chosen =
        picked?.type === 'link' && [picked.from, picked.to].every((id) => id === from || id === to);
      const pick = does(dispatch, { type: 'linkPicked', from, to });
      return svg`<g class=${classes('link', cut === 3 && 'cut', !(one.up && other.up) && 'down', chosen && 'picked')} role="button"
          tabindex=${near || chosen ? 0 : -1} aria-label="Link ${from} to ${to}${CUT_WORDS[cut]}" @click=${pick} @keydown=${pick}>
        <line class="hit" x1=${start.x} y1=${start.y} x2=${end.x} y2=${end.y} />
        <line class="wire" x1=${start.x} y1=${start.y} x2=${end.x} y2=${end.y} />
      </g>`;
    }),
  );

/** The walls between the sides of a split. */
const split = (frame: Frame, plan: RingPlan): TemplateResult | undefined => {
  if (!frame.groups) return undefined;
  const sides = frame.servers.map((s) => sideOf(s.id, frame));
  return svg`<path class="wall" d=${walls(sides, plan).join('')} />`;
};

/** One direction of a cut link: an arrow that gets nowhere. */
const cutMark = (from: Name, to: Name, frame: Frame, plan: RingPlan): TemplateResult | undefined => {
  const way = wayOf(from, to, frame, plan);
  if (!way) return undefined;
  const { start, end } = way;
  const length = Math.hypot(end.x - start.x, end.y - start.y);
  const { turn } = onWay(way, 0);
  const x = round(length * 0.36); // nearer to the sender: the marks of both directions, and of links that cross, stay apart
  return svg`<path class="cut-mark" transform="translate(${start.x} ${start.y}) rotate(${round(turn)})"
    d="M0 0H${x - 6}M${x - 12} -4.5L${x - 6} 0L${x - 12} 4.5M${x} -5L${x + 10} 5M${x} 5L${x + 10} -5" />`;
};

/** Under the picture: the sides of the split, or what the shapes of the messages mean. */
const caption = (frame: Frame, plan: RingPlan): TemplateResult | undefined => {
  if (!plan.caption) return undefined;
  const { x, y } = plan.caption;
  if (frame.groups) {
    const sides = frame.groups.map((group) => `{${group.join(' ')}}`).join(' | ');
    return svg`<text class="caption cut-text" x=${x} y=${y}>${sides}</text>`;
  }
  return legend(frame, x, y);
};

const LEGEND = [
  { glyph: 'M-6 0L0 -6L6 0L0 6Z', solid: true, text: 'vote?' },
  { glyph: 'M-5.5 0A5.5 5.5 0 1 1 5.5 0A5.5 5.5 0 1 1 -5.5 0', solid: true, text: 'entries' },
  { glyph: 'M-3 0A3 3 0 1 1 3 0A3 3 0 1 1 -3 0', solid: true, text: 'heartbeat' },
  { glyph: 'M-4.5 0A4.5 4.5 0 1 1 4.5 0A4.5 4.5 0 1 1 -4.5 0', solid: false, text: 'answer' },
] as const;

const legend = (frame: Frame, x: number, y: number): TemplateResult => {
  const newest = Math.max(0, ...frame.servers.map((s) => s.term));
  const widths = LEGEND.map(({ text }) => text.length * 6.2 + 30);
  const whole = widths.reduce((sum, width) => sum + width, 0);
  return svg`<g class="legend ${term(newest)}" aria-hidden="true">${LEGEND.map(
    ({ glyph, solid, text }, i) => {
      const left = x - whole / 2 + widths.slice(0, i).reduce((sum, width) => sum + width, 0);
      return svg`<path class=${solid ? 'glyph' : 'glyph answer'} d=${glyph} transform="translate(${left + 8} ${y - 4})" />
      <text class="caption start" x=${left + 18} y=${y}>${text}</text>`;
    },
  )}</g>`;
};
