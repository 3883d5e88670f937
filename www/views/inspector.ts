// Everything about the one thing that is picked, and what can be done to it.

import { html, nothing, type TemplateResult } from 'lit-html';
import { asked } from '../asking.ts';
import { duration, time } from '../format.ts';
import type {
  ClientFrame,
  Entry,
  Frame,
  Message,
  MessageFrame,
  OpFrame,
  Packet,
  Reply,
  TraceEvent,
} from '../generated/engine.ts';
import { plainCommand } from '../messages.ts';
import type { Picture } from '../picture.ts';
import { sendingOf } from '../recall.ts';
import { sentence } from '../sentences.ts';
import type { State } from '../store.ts';
import { transactionName } from '../two-phase.ts';
import { whyNotDone, whyRefused } from '../why.ts';
import { type Pick, term } from './contract.ts';
import { commandButton } from './controls.ts';
import { answer, type Fact, facts, gone, type Send } from './facts.ts';
import { icons } from './icons.ts';
import { aboutEntry } from './inspector-entry.ts';
import { aboutServer } from './inspector-server.ts';

export { default as css } from '../style/inspector.css?inline';

export function inspector(picture: Picture, state: State, send: Send): TemplateResult {
  const { picked } = state;
  if (picked === null || picked.type === 'event') return html``;
  return html`<div class="panel scroll" id="inspector" tabindex="0" role="region" aria-label="Inspector">
    <div class="titled">
      <h2 class="inspect-title">${title(picked)}</h2>
      <button type="button" class="tool small" aria-label="Close the inspector" title="Let go (Esc)" @click=${() => send({ type: 'nothingPicked' })}>${icons.close}</button>
    </div>
    ${body(picture, picked, send)}
  </div>`;
}

function title(picked: Exclude<Pick, { type: 'event' }>): string {
  switch (picked.type) {
    case 'server':
      return `Server ${picked.id}`;
    case 'client':
      return `Client ${picked.id}`;
    case 'message':
      return 'Message';
    case 'entry':
      return `Entry ${picked.index} of ${picked.server}`;
    case 'link':
      return `Link ${picked.from} – ${picked.to}`;
  }
}

function body(picture: Picture, picked: Exclude<Pick, { type: 'event' }>, send: Send): TemplateResult {
  const { frame } = picture;
  switch (picked.type) {
    case 'server': {
      const server = frame.servers.find(({ id }) => id === picked.id);
      return server ? aboutServer(server, frame, send) : gone;
    }
    case 'client': {
      const client = frame.clients.find(({ id }) => id === picked.id);
      return client ? aboutClient(client, picture, send) : gone;
    }
    case 'message':
      return aboutMessage(picture, picked, send);
    case 'entry':
      return aboutEntry(picture, picked.server, picked.index, send);
    case 'link':
      return aboutLink(frame, picked.from, picked.to, send);
  }
}

function aboutClient(
  { id, current, waiting, last }: ClientFrame,
  { frame, trail }: Picture,
  send: Send,
): TemplateResult {
  const open = current ?? last;
  const can = asked(frame, undefined, id);
  const why = open && whyNotDone(open, frame.seq, trail, frame.protocol);
  return html`
    <div class="row wrap">${can && [can.write, can.read].map(({ words, line }) => commandButton(words, line, send))}<button type="button" class="button" @click=${() => send({ type: 'groupChosen', group: 'clients' })}>More…</button></div>
    ${facts([
      [
        'waits for',
        current
          ? html`<span class="mono">${current.text}</span> since ${time(current.invokedUs)}`
          : 'nothing',
      ],
      ...(waiting > 0 ? [['then', `${waiting} more`] as const] : []),
      ['last', last ? operation(last) : 'nothing yet'],
    ])}
    ${answer(current ? 'Why is it not done?' : 'Why was it not done?', why, send)}`;
}

function operation({ text, outcome, value }: OpFrame): TemplateResult {
  const result = outcome === 'ok' && text.startsWith('get') ? ` → ${value ?? 'no such key'}` : '';
  return html`<span class="mono">${text}${result}</span> (${outcome})`;
}

function aboutMessage(
  { frame, trail }: Picture,
  { id, seq }: { id: number; seq: number },
  send: Send,
): TemplateResult {
  const sent = trail.event(seq);
  if (sent === null || (sent.event.type !== 'Sent' && sent.event.type !== 'Duplicated')) return gone;
  if (sent.event.message !== id) return gone; // another branch’s
  const original = sendingOf(seq, trail);
  const { what, why } = sentence(sent, trail);
  const moment = (event: TraceEvent) => html`<button type="button" class="link" title="Go there"
    @click=${() => send({ type: 'eventPicked', seq: event.seq })}>${time(event.atUs)}</button>`;
  const end = trail.fateOf(id, seq);
  const left = sent.event.arrivesUs - frame.atUs;
  const flying = frame.messages.find((message) => message.id === id);
  const heldUs = flying?.heldUs ?? null;
  const fate: Fact =
    heldUs !== null
      ? ['held', `since ${time(heldUs)}`]
      : end === null || frame.atUs < end.atUs
        ? [
            'arrives',
            frame.atUs < sent.atUs ? time(sent.event.arrivesUs) : `in ${duration(Math.max(0, left))}`,
          ]
        : [end.event.type === 'Lost' ? 'lost' : 'arrived', moment(end)];
  const lost = end?.event.type === 'Lost' && frame.atUs >= end.atUs ? sentence(end, trail).why : null;
  return html`
    <p>${what} ${why ? html`<span class="why">${why}</span>` : nothing}</p>
    ${flying ? handling(flying, send) : nothing}
    ${facts([
      ['sent', moment(sent)],
      fate,
      ...(lost ? [['because', lost] as const] : []),
      ...(original ? fields(original.event.packet) : []),
    ])}
    ${answer('Why was this refused?', original && whyRefused(original, trail), send)}`;
}

/** What can be done to a message on its way. */
function handling({ id, heldUs }: MessageFrame, send: Send): TemplateResult {
  return html`<div class="row wrap">
    ${commandButton('Drop', `drop m${id}`, send, { kind: 'danger' })}
    ${heldUs === null ? commandButton('Hold', `hold m${id}`, send) : nothing}
    ${commandButton(heldUs === null ? 'Deliver now' : 'Let go', `deliver m${id}`, send)}
    ${commandButton('Duplicate', `duplicate m${id}`, send)}
  </div>`;
}

/** The message's own fields, under the paper's names. */
function fields(packet: Packet): Fact[] {
  switch (packet.type) {
    case 'Raft':
      return raftFields(packet.message);
    case 'Request':
      return [['command', plainCommand(packet.command)]];
    case 'Query':
      return [
        ['key', packet.key],
        ['mode', packet.mode],
      ];
    case 'TwoPhase':
      return [
        ['kind', packet.message.body.type],
        ['transaction', transactionName(packet.message.transaction)],
      ];
    case 'Response':
      return [['reply', reply(packet.reply)]];
  }
}

function reply(r: Reply): string {
  switch (r.type) {
    case 'Done':
      return `done${r.value === null ? '' : `: ${r.value}`}`;
    case 'NotLeader':
      return `not leader${r.leader === null ? '' : `; S${r.leader} is`}`;
    case 'Aborted':
      return 'aborted';
    case 'NotCoordinator':
      return `not coordinator; S${r.coordinator} is`;
  }
}

function raftFields({ term: t, body }: Message): Fact[] {
  const head: Fact[] = [
    ['kind', body.type],
    ['term', html`<span class="chip ${term(t)}">${t}</span>`],
  ];
  switch (body.type) {
    case 'RequestVote':
      return [...head, ['lastLogIndex', body.lastLogIndex], ['lastLogTerm', body.lastLogTerm]];
    case 'RequestVoteReply':
      return [...head, ['voteGranted', String(body.granted)]];
    case 'AppendEntries':
      return [
        ...head,
        ['prevLogIndex', body.prevLogIndex],
        ['prevLogTerm', body.prevLogTerm],
        [
          'entries',
          body.entries.length === 0
            ? 'none (heartbeat)'
            : html`<span class="mono">${body.entries.map(entryText).join(', ')}</span>`,
        ],
        ['leaderCommit', body.leaderCommit],
        ['round', body.round],
      ];
    case 'AppendEntriesReply':
      return [
        ...head,
        ['success', String(body.success)],
        [body.success ? 'matchIndex' : 'refused at', body.index],
      ];
    case 'PreVote':
      return [...head, ['lastLogIndex', body.lastLogIndex], ['lastLogTerm', body.lastLogTerm]];
    case 'PreVoteReply':
      return [...head, ['voteGranted', String(body.granted)], ['asked in term', body.askedIn]];
    case 'TimeoutNow':
      return head;
    case 'InstallSnapshot':
      return [
        ...head,
        ['lastIncludedIndex', body.snapshot.lastIndex],
        ['lastIncludedTerm', body.snapshot.lastTerm],
      ];
    case 'InstallSnapshotReply':
      return [...head, ['matchIndex', body.index === 0 ? 'refused' : body.index]];
    case 'ReadIndex':
      return [...head, ['read', body.id]];
    case 'ReadIndexReply':
      return [...head, ['read', body.id], ['readIndex', body.index ?? 'refused']];
  }
}

const entryText = ({ payload }: Entry): string =>
  payload.type === 'noop'
    ? 'no-op'
    : payload.type === 'command'
      ? plainCommand(payload.text)
      : `voters ${payload.text.voters.map((id) => `S${id}`).join(' ')}`;

function aboutLink(frame: Frame, from: string, to: string, send: Send): TemplateResult {
  const isCut = (a: string, b: string) => frame.cuts.some((cut) => cut.from === a && cut.to === b);
  const way = (a: string, b: string) =>
    isCut(a, b)
      ? commandButton(`Mend ${a} → ${b}`, `mend ${a}->${b}`, send)
      : commandButton(`Cut ${a} → ${b}`, `cut ${a}->${b}`, send);
  const split = frame.groups?.some((group) => group.includes(from) !== group.includes(to)) ?? false;
  return html`
    ${facts([
      [`${from} → ${to}`, isCut(from, to) ? 'cut' : 'open'],
      [`${to} → ${from}`, isCut(to, from) ? 'cut' : 'open'],
    ])}
    ${split ? html`<p class="soft">The two are on different sides of the split.</p>` : nothing}
    <div class="row wrap">${way(from, to)}${way(to, from)}</div>
    ${nextOn(from, to, send)}${nextOn(to, from, send)}`;
}

/** What can be done to the next message that is sent on a link. */
function nextOn(from: string, to: string, send: Send): TemplateResult {
  const can = (words: string, verb: string) =>
    commandButton(words, `${verb} message ${from}->${to}`, send, {
      kind: 'small',
      label: `${words} the next message from ${from} to ${to}`,
    });
  return html`<div class="row wrap"><span class="soft">Next ${from} → ${to}</span>${can('Drop', 'drop')}${can('Hold', 'hold')}${can('Deliver now', 'deliver')}${can('Duplicate', 'duplicate')}</div>`;
}
