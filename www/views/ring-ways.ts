// The ways of messages through the ring. Who sends and who gets it go by their lanes: servers from 0, then clients.

import { around, edgeOf, type Point, shorten, type Way } from '../geometry.ts';
import type { RingPlan } from './ring-plan.ts';

/** Traffic in the two directions of a link keeps to its right by this many pixels. */
const ASIDE = 4;

/** Links and messages end this far from a server's circle, just outside its rings. */
export const AROUND_SERVER = 10;

const known = new WeakMap<RingPlan, (Way | null)[]>();

/** Where a message between these two leaves and arrives; nothing if one of them is not in the picture. */
export const wayOf = (plan: RingPlan, from: number, to: number): Way | null => {
  const all = plan.servers.length + plan.clients.length;
  if (!(from >= 0 && to >= 0 && from < all && to < all)) return null;
  const ways = known.get(plan) ?? [];
  known.set(plan, ways);
  ways[from * all + to] ??= findWay(plan, from, to);
  return ways[from * all + to] as Way;
};

const findWay = (plan: RingPlan, from: number, to: number): Way => {
  const [a, b] = [place(plan, from, to), place(plan, to, from)];
  const [start, end] = shorten(a.at, b.at, a.clear, b.clear, ASIDE);
  const others = plan.servers.filter((_, i) => i !== from && i !== to);
  return around(start, end, others, plan.r + AROUND_SERVER);
};

/** Where links to one meet it, seen from another, and how far they stay away from that point. */
const place = (plan: RingPlan, lane: number, other: number): { at: Point; clear: number } => {
  const at = plan.servers[lane];
  if (at) return { at, clear: plan.r + AROUND_SERVER };
  const box = plan.clients[lane - plan.servers.length] as RingPlan['clients'][number];
  return { at: edgeOf(box, plan.servers[other] ?? plan.centre), clear: 6 };
};
