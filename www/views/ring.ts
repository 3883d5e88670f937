// The cluster at one moment: servers around a circle, who reaches whom, messages on their way, clients outside.

import { svg, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { more } from '../at-hand.ts';
import type { Frame } from '../generated/engine.ts';
import { onWay, type Point, round, shorten, type Way } from '../geometry.ts';
import { FATE, ROW } from './arrows.ts';
import { type Dispatch, type Name, newestTerm, type Pick, type RingView, term, type Ui } from './contract.ts';
import { classes, does } from './pick.ts';
import { chip } from './ring-client.ts';
import { crowd, flightUnder } from './ring-crowd.ts';
import { legendOf, type Marked } from './ring-glyphs.ts';
import { glyph, howFar, lostMessage, message } from './ring-message.ts';
import { planRing, type RingPlan } from './ring-plan.ts';
import { server } from './ring-server.ts';
import { AROUND_SERVER, wayOf } from './ring-ways.ts';

export const ring: RingView = (frame, ui, dispatch) => {
  const { flights, size } = ui;
  const plan = planRing(frame.servers.length, frame.clients.length, size.ring);
  const lanes = [...frame.servers, ...frame.clients].map(({ id }) => id);
  const way = ({ from, to }: { from: Name; to: Name }): Way | null =>
    wayOf(plan, lanes.indexOf(from), lanes.indexOf(to));
  const hand = more?.hands.gestures(frame, plan, ui, dispatch);
  const { width, height } = size.ring;
  // While time runs messages move with every picture, and what else there is only with a new frame.
  const still = [more, frame, size, ui.picked, ui.split, ui.gesture, ui.light];
  return svg`<svg class=${classes('picture ring', ui.split && 'splitting', ui.gesture && 'gesturing')} width=${width} height=${height} viewBox="0 0 ${width} ${height}"
      role="group" aria-label="Cluster" @pointerdown=${hand?.down} @pointermove=${hand?.move} @pointerup=${hand?.up} @pointercancel=${hand?.up}
      @click=${{ handleEvent: catches(hand?.ends, plan, ui, dispatch), capture: true }} >
    ${guard(
      still,
      () => svg`<rect class="ground" width=${width} height=${height} @click=${does(dispatch, { type: 'nothingPicked' })} />
    ${links(frame, plan, ui.picked, dispatch)}
    ${more?.parted(frame, plan, way)}
    ${frame.servers.map((s, i) => server({ server: s, at: plan.servers[i] as Point, look: plan, frame, ui, dispatch }))}
    ${frame.clients.map((c, i) => chip(c, plan.clients[i] as RingPlan['clients'][number], frame, ui, dispatch))}
    ${repeat(
      frame.lost,
      (m) => m.id,
      (m) => ifThere(way(m), (w) => lostMessage(m, w, frame.atUs, ui, dispatch)),
    )}`,
    )}
    ${
      flights
        ? crowd(flights, plan, ui.atUs)
        : repeat(
            frame.messages,
            (m) => m.id, // a click, and the focus, shall stay with their message
            (m) => ifThere(way(m), (w) => message(m, w, frame.atUs, ui, dispatch)),
          )
    }
    ${guard(
      still,
      () => svg`${more?.guiltMarks(frame, plan, ui, (m) => ifThere(way(m), (w) => onWay(w, howFar(m, frame.atUs))))}
    ${more?.drawGesture(ui.gesture, frame, plan)}
    ${caption(frame, plan, ui)}
    ${more?.heal(frame, plan, size.ring, dispatch)}`,
    )}
  </svg>`;
};

const ifThere = <T, R>(value: T | null, draw: (value: T) => R): R | undefined =>
  value === null ? undefined : draw(value);

/** The click that ends a drag does nothing, and while time runs one near a message picks it. */
const catches =
  (
    ends: ((event: MouseEvent) => boolean) | undefined,
    plan: RingPlan,
    { flights, atUs }: Ui,
    dispatch: Dispatch,
  ) =>
  (event: MouseEvent): void => {
    const { left, top } = (event.currentTarget as Element).getBoundingClientRect();
    const over = ends?.(event) ?? false;
    const at = { x: event.clientX - left, y: event.clientY - top };
    const found = over || flights === null ? undefined : flightUnder(flights, plan, atUs, at);
    if (found) dispatch({ type: 'messagePicked', id: found.id, seq: found.seq });
    if (over || found) event.stopPropagation();
  };

/** Whether nothing gets through from `from` to `to`. */
const isBlocked = (from: Name, to: Name, frame: Frame): boolean => {
  if (frame.cuts.some((cut) => cut.from === from && cut.to === to)) return true;
  const [a, b] = [sideOf(from, frame), sideOf(to, frame)];
  return a >= 0 && b >= 0 && a !== b;
};

/** The side of a split that somebody is on; -1 for who reaches everybody. */
export const sideOf = (name: Name, frame: Frame): number =>
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

/** Under the picture: the sides of the split, or what the shapes of the messages mean. */
const caption = (frame: Frame, plan: RingPlan, { gesture, flights }: Ui): TemplateResult | undefined => {
  if (!plan.caption) return undefined;
  const { x, y } = plan.caption;
  const line = gesture && more?.hands.commandOf(gesture, frame, plan);
  if (line) return svg`<text class="caption cut-text mono" x=${x} y=${y}>${line}</text>`;
  if (!frame.groups) return legend(frame, flights, x, y);
  const sides = frame.groups.map((group) => `{${group.join(' ')}}`).join(' | ');
  return svg`<text class="caption cut-text" x=${x} y=${y}>${sides}</text>`;
};

export const HEAL = { width: 52, height: 24 };
export const isParted = ({ groups, cuts }: Frame): boolean => groups !== null || cuts.length > 0;

/** Whether messages are held, and whether some are copies; while time runs, of what comes and goes only whether it may. */
const borne = ({ messages, settings }: Frame, flights: Ui['flights']): boolean[] => [
  messages.some(({ heldUs }) => heldUs !== null) ||
    (flights?.some((value, i) => i % ROW === FATE && value >= 0) ?? false),
  messages.some(({ copy }) => copy) || settings.duplicatePpm > 0,
];

const legend = (frame: Frame, flights: Ui['flights'], x: number, y: number): TemplateResult => {
  const newest = newestTerm(frame);
  const all = legendOf(frame.protocol, ...borne(frame, flights));
  const around = (shape: Marked): number => (shape.heldUs === null ? 9 : 14);
  const wide = ({ shape, words }: { shape: Marked; words: string }): number =>
    words.length * 5.9 + 12 + 2 * around(shape);
  // As many as there is room for, the commonest first.
  const ends = all.map((_, i) => all.slice(0, i + 1).reduce((sum, item) => sum + wide(item), 0));
  const room = 2 * x - 8 - (isParted(frame) ? 2 * HEAL.width : 0);
  const items = all.filter((_, i) => (ends[i] as number) < room);
  let left = x - items.reduce((sum, item) => sum + wide(item), 0) / 2;
  return svg`<g class="legend ${term(newest)}" aria-hidden="true">${items.map((item) => {
    const at = left + around(item.shape);
    left += wide(item);
    return svg`<g class="message" transform="translate(${round(at)} ${y - 4})">${glyph(item.shape)}</g>
      <text class="caption start" x=${round(at + around(item.shape) + 2)} y=${y}>${item.words}</text>`;
  })}</g>`;
};
