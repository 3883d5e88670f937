// Everything about one entry of a log: who has it, where it is kept, since when it is committed, and why not.

import { html, nothing, type TemplateResult } from 'lit-html';
import { time } from '../format.ts';
import type { LogCell, ServerFrame } from '../generated/engine.ts';
import type { Picture } from '../picture.ts';
import { inForce, majorities, needs, share, standing } from '../quorum.ts';
import { whyNotCommitted } from '../why.ts';
import { term } from './contract.ts';
import { answer, facts, gone, type Send } from './facts.ts';

export function aboutEntry(
  { frame: now, entry, trail }: Picture,
  server: string,
  index: number,
  send: Send,
): TemplateResult {
  const frame = entry?.frame ?? now;
  const owner = frame.servers.find(({ id }) => id === server);
  const cell = owner?.log.find((one) => one.index === index);
  if (!owner || !cell) return gone;
  const kept = keptBy(owner, index);
  if (owner.twoPhase) {
    return facts([
      ['record', html`<span class="mono">${cell.text}</span>`],
      ['on disk', kept === 'on disk' ? 'yes' : `${kept}: it counts for nothing until it is on disk`],
    ]);
  }
  const holders = frame.servers.filter((s) => placeOf(s, cell) === 'here').map(({ id }) => id);
  const sets = majorities(inForce(frame), holders);
  const committed = index <= owner.commitIndex;
  const word = { command: 'command', noop: 'no-op', configuration: 'voters' }[cell.kind];
  const when = (id: string): TemplateResult | string => {
    const seq = entry?.commits.get(id);
    const event = seq === undefined ? null : trail.event(seq);
    return event
      ? html`<button type="button" class="link" title="Go there" @click=${() => send({ type: 'scrubbed', atUs: event.atUs })}>${time(event.atUs)}</button>`
      : 'yes';
  };
  return html`${facts([
    [word, html`<span class="mono">${cell.kind === 'noop' ? 'begins its leader’s term' : cell.text}</span>`],
    ['term', html`<span class="chip ${term(cell.term)}">${cell.term}</span>`],
    [
      'committed',
      committed ? html`yes, ${server} knows since ${when(server)}` : `not as far as ${server} knows`,
    ],
    ['applied', index <= owner.lastApplied ? 'yes' : committed ? 'not yet' : 'no'],
    ['held by', `${share(sets, frame)}; ${needs(sets)}`],
  ])}
  ${answer('Why is this not committed?', whyNotCommitted(frame, owner, cell))}
  <table class="inspect-table">
    <thead><tr><th scope="col">server</th><th scope="col">entry ${index}</th><th scope="col">committed</th></tr></thead>
    <tbody>${frame.servers.map((s) => {
      const place = placeOf(s, cell);
      const outside = standing(s, frame);
      const knows = place !== 'no' && s.commitIndex >= index && s.up;
      return html`<tr><th scope="row">${s.id}${outside === 'learner' || outside === 'not a member' ? html` <span class="soft">${outside}</span>` : nothing}</th>
        <td>${place === 'here' ? keptBy(s, index) : place}</td><td>${knows && place === 'here' ? when(s.id) : knows ? '' : '–'}</td></tr>`;
    })}</tbody>
  </table>`;
}

/** Whether a server has this entry, something else in its place, or nothing. */
function placeOf(s: ServerFrame, { index, term: t }: LogCell): string {
  if (s.snapshot !== null && s.snapshot.lastIndex >= index) return 'in its snapshot';
  const own = s.log.find((one) => one.index === index);
  if (!own) return 'no';
  return own.term === t ? 'here' : `another, of term ${own.term}`;
}

const keptBy = ({ syncedIndex, claimedIndex, up }: ServerFrame, index: number): string => {
  if (index <= syncedIndex) return 'on disk';
  if (index <= (claimedIndex ?? 0)) return 'its disk says so, and lies';
  return up ? 'in the page cache only' : 'in the page cache: lost with the power';
};
