// Two branches at the same instant: both clusters in small, one sentence, and a table of what differs.

import { html, nothing, type TemplateResult } from 'lit-html';
import { spaced } from '../falls.ts';
import { list, time } from '../format.ts';
import type {
  BesideFrame,
  BranchFrame,
  Frame,
  LogCell,
  LogDifference,
  ServerFrame,
} from '../generated/engine.ts';
import { isOnItsWay, type Picture } from '../picture.ts';
import type { Action, State } from '../store.ts';
import { clientsWords } from './header.ts';
import { opWords } from './op.ts';
import { ring } from './ring.ts';
import { buttons, clock } from './transport.ts';

type Send = (action: Action) => void;

/** `nameOf` says what a branch is called. */
export function beside(
  picture: Picture,
  state: State,
  nameOf: (branch: BranchFrame) => string,
  send: Send,
): TemplateResult | typeof nothing {
  const { frame: here, beside: found, branches } = picture;
  const other = branches.find(({ id }) => id === state.branches.beside);
  const current = branches.find((branch) => branch.current);
  if (!other || !current || other === current) return nothing;
  const names = [nameOf(current), nameOf(other)];
  if (found === null)
    return html`<p class="soft">Too much happened in “${names[1]}” for it to be at hand: switch to it to look at it.</p>`;
  const there = found.frame;
  const { rows, same } = differences(here, found);
  const waiting = isOnItsWay(there, here.atUs);
  return html`<section class="beside" aria-label="Two branches side by side">
    <p class="says">${waiting ? `“${names[1]}” is on its way to ${time(here.atUs)}…` : sentence(here, there)}${
      !waiting && there.atUs < here.atUs ? ` There it was over at ${time(there.atUs)}.` : nothing
    }</p>
    <div class="row">${buttons(state, here, send)} ${clock(here.atUs)}</div>
    <div class="pair">${[here, there].map((frame, i) => small(frame, `${i === 0 ? 'Here' : 'There'}: ${names[i]}`, picture, state))}</div>
    ${
      rows.length === 0
        ? nothing
        : html`<table><thead><tr><th scope="col">what differs</th><th scope="col">here</th><th scope="col">there</th></tr></thead>
      <tbody>${rows.map(([what, mine, its]) => html`<tr><th scope="row">${what}</th><td>${mine}</td><td>${its}</td></tr>`)}</tbody></table>`
    }
    ${same.length > 0 ? html`<p class="soft">The same in both: ${list(same)}.</p>` : nothing}
  </section>`;
}

/** A cluster to be looked at only. */
function small(frame: Frame, caption: string, { ui }: Picture, { page }: State): TemplateResult {
  const width = Math.floor((Math.min(page.width - 24, 900) - 80) / 2);
  const size = { width, height: Math.round(Math.min(240, Math.max(150, width * 0.62))) };
  const still = { ...ui, size: { ...ui.size, ring: size }, picked: null, split: null, gesture: null };
  return html`<figure><figcaption>${caption}</figcaption><div inert>${ring({ ...frame, clients: [] }, still, () => {})}</div></figure>`;
}

/** Who leads the newest term that anybody leads. */
const leaderOf = ({ servers }: Frame): ServerFrame | undefined =>
  servers.filter(({ up, role }) => up && role === 'leader').sort((a, b) => b.term - a.term)[0];

/** What the cluster agreed on, as far as its foremost server knows. */
const machineOf = ({ servers }: Frame): ReadonlyMap<string, string> => {
  const [first] = [...servers].sort((a, b) => b.lastApplied - a.lastApplied);
  return new Map(first?.state.map(({ key, value }) => [key, value]));
};

/** Keys whose values differ. */
function keysOf(
  here: Frame,
  there: Frame,
): readonly (readonly [key: string, mine: string | undefined, its: string | undefined])[] {
  const [mine, its] = [machineOf(here), machineOf(there)];
  const keys = [...new Set([...mine.keys(), ...its.keys()])].sort();
  return keys.flatMap((key) =>
    mine.get(key) === its.get(key) ? [] : [[key, mine.get(key), its.get(key)] as const],
  );
}

/** What one would tell somebody who cannot look: who leads, what is agreed on, what is wrong. */
export function sentence(here: Frame, there: Frame): string {
  const [mine, its] = [leaderOf(here), leaderOf(there)];
  const leads = (leader: ServerFrame | undefined, other: ServerFrame | undefined) =>
    leader === undefined
      ? 'nobody leads'
      : `${leader.id} ${other && leader.term < other.term ? 'still ' : ''}leads term ${leader.term}`;
  const [key, value, itsValue] = keysOf(here, there)[0] ?? [];
  const data = (set: string | undefined) =>
    key === undefined
      ? ''
      : set === undefined
        ? ` and ${key} has no value`
        : ` and ${key}=${set} is committed`;
  if (mine?.id !== its?.id || mine?.term !== its?.term)
    return `Here ${leads(mine, its)}${data(value)}; there ${leads(its, mine)}${data(itsValue)}.`;
  const both = here.protocol === 'raft' ? `In both ${leads(mine, its)}` : 'Both go on';
  if (key !== undefined) return `${both}; here${data(value).slice(4)}, there${data(itsValue).slice(4)}.`;
  const [wrong, itsWrong] = [wrongWith(here), wrongWith(there)];
  if (wrong !== itsWrong) return `${both}, but ${wrong ? `here ${wrong}` : `there ${itsWrong}`}.`;
  return `${both}, and the same is committed.`;
}

/** What fell first, if anything did. */
const wrongWith = ({ violations: [first], linearizable }: Frame): string => {
  if (first) return `${spaced(first.property)} is broken`;
  return linearizable.verdict === 'no' ? 'what clients saw is not linearizable' : '';
};

type Row = readonly [what: string, here: string, there: string];

/** What differs, row by row, and what is the same. */
export function differences(
  here: Frame,
  { frame: there, logs }: BesideFrame,
): { rows: Row[]; same: string[] } {
  const same: string[] = [];
  const all = (what: string, rows: readonly Row[]): readonly Row[] => {
    const differ = rows.filter(([, mine, its]) => mine !== its);
    if (differ.length === 0) same.push(what);
    return differ;
  };
  const both = (words: (frame: Frame) => string): [string, string] => [words(here), words(there)];
  const of = <T>(
    items: (frame: Frame) => readonly T[],
    words: (item: T) => string,
    name: (item: T) => string,
  ): Row[] =>
    items(here).map((item, i) => {
      const its = items(there)[i];
      return [name(item), words(item), its === undefined ? '–' : words(its)];
    });
  const rows = [
    ...all('the leader', [['leader', ...both((frame) => leaderOf(frame)?.id ?? 'nobody')]]),
    ...all(
      'servers',
      of(
        (frame) => frame.servers,
        serverWords,
        ({ id }) => id,
      ),
    ),
    ...all('logs', logRows(logs)),
    ...all(
      'data',
      keysOf(here, there).map(([key, mine, its]) => [key, mine ?? '–', its ?? '–'] as const),
    ),
    ...all('properties', [
      [
        'properties',
        ...both(
          ({ violations }) =>
            violations.map(({ property }) => `${spaced(property)} broken`).join(', ') || 'all hold',
        ),
      ],
    ]),
    ...all('what clients saw', [
      ['clients saw', ...both(({ linearizable }) => clientsWords(linearizable.verdict))],
    ]),
    ...all(
      'operations',
      of(
        (frame) => frame.clients,
        ({ current, last }) => {
          const op = current ?? last;
          return op ? opWords(op) : 'none yet';
        },
        ({ id }) => id,
      ),
    ),
  ];
  return { rows, same };
}

const serverWords = ({ up, paused, role, term, commitIndex, lastIndex, twoPhase }: ServerFrame): string => {
  const is = !up ? 'down' : paused ? 'paused' : role;
  return twoPhase
    ? `${up ? 'up' : 'down'}, ${lastIndex} records`
    : `${is}, term ${term}, commit ${commitIndex} of ${lastIndex}`;
};

/** Where logs differ first; servers whose logs do so alike share a row. */
function logRows(logs: readonly LogDifference[]): Row[] {
  const alike = new Map<string, { servers: string[]; log: LogDifference }>();
  for (const log of logs) {
    const key = JSON.stringify([log.index, log.here, log.there]);
    const known = alike.get(key);
    if (known) known.servers.push(log.server);
    else alike.set(key, { servers: [log.server], log });
  }
  const words = (cell: LogCell | null) => (cell === null ? 'not there' : `${cell.text}, term ${cell.term}`);
  return [...alike.values()].map(({ servers, log }) => [
    `entry ${log.index} of ${servers.length > 2 ? `${servers[0]}…${servers.at(-1)}` : list(servers)}`,
    words(log.here),
    words(log.there),
  ]);
}
