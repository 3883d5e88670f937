// Everything about a server, and what can be done to it.

import { html, nothing, type TemplateResult } from 'lit-html';
import { clockWords, DISK_WORDS, diskTrouble } from '../ailments.ts';
import { asked } from '../asking.ts';
import { whyDown } from '../condition.ts';
import { duration, list } from '../format.ts';
import type { Frame, ProgressFrame, ServerFrame, TimerFrame, TwoPhaseFrame } from '../generated/engine.ts';
import { inForce, majorities, needs, standing } from '../quorum.ts';
import { term } from './contract.ts';
import { commandButton } from './controls.ts';
import { type Fact, facts, type Send } from './facts.ts';
import { WAY } from './logs-cells.ts';

export function aboutServer(server: ServerFrame, frame: Frame, send: Send): TemplateResult {
  const { id, up, role, paused } = server;
  const trouble = diskTrouble(server, frame);
  const timeout = commandButton('Time out now', `timeout ${id}`, send, { off: role === 'leader' || paused });
  const pause = paused
    ? commandButton('Resume', `resume ${id}`, send, { kind: 'primary' })
    : commandButton('Pause', `pause ${id}`, send);
  const actions = up
    ? html`${commandButton('Crash', `crash ${id}`, send, { kind: 'danger' })}${commandButton('Power off', `power-off ${id}`, send, { kind: 'danger' })}${server.twoPhase ? nothing : timeout}${pause}`
    : commandButton('Restart', `restart ${id}`, send, { kind: 'primary' });
  const others = frame.servers.map((other) => other.id).filter((other) => other !== id);
  return html`
    <div class="row wrap">${actions}${others.length > 0 ? commandButton('Isolate', `partition ${id} | ${others.join(' ')}`, send) : nothing}${frame.groups || frame.cuts.length > 0 ? commandButton('Heal', 'heal', send) : nothing}</div>
    ${up ? askedHere(asked(frame, id), send) : nothing}
    ${up ? nothing : html`<p class="soft">${leftOf(server)}</p>`}
    ${paused ? html`<p class="notice">It stands still: its timers wake nobody, and what arrives waits at the door.</p>` : nothing}
    ${trouble === null ? nothing : html`<p class="notice">${capital(DISK_WORDS[trouble][1])}.</p>`}
    ${server.twoPhase ? facts(twoPhaseFacts(server, server.twoPhase, frame)) : raftFacts(server, frame)}
    <h3>State machine</h3>
    ${server.state.length === 0 ? html`<p class="soft">empty</p>` : html`<p class="mono">${server.state.map(({ key, value }) => `${key}=${value}`).join('  ')}</p>`}`;
}

const askedHere = (can: ReturnType<typeof asked>, send: Send) =>
  can &&
  html`<div class="row wrap"><span class="soft">Let ${can.read.client}</span>${commandButton(can.write.words, can.write.line, send)}${commandButton(can.read.words, can.read.line, send)}</div>`;

function twoPhaseFacts(server: ServerFrame, state: TwoPhaseFrame, frame: Frame): Fact[] {
  const { prepared, ballots } = state;
  const role = state.coordinates ? 'coordinator and participant' : 'participant';
  const locks = prepared.map((one): Fact => {
    const waits = one.sinceUs === null ? '' : ` for ${duration(Math.max(0, frame.atUs - one.sinceUs))}`;
    const how = one.decision ?? (one.blocked ? `blocked${waits}` : `prepared${waits}`);
    return [`${one.key} locked by`, html`<span class="mono">${one.transaction} ${one.text}</span> (${how})`];
  });
  const own = ballots.map((one): Fact => {
    const [of, n] = one.committed ? [one.acknowledged, 'have it'] : [one.votes, 'votes'];
    return [
      one.transaction,
      html`<span class="mono">${one.text}</span>: ${one.committed ? 'committed, ' : ''}${of.length} of ${frame.servers.length} ${n}`,
    ];
  });
  return [
    ['role', server.up ? html`<b>${role}</b>` : whyDown(server)],
    ...locks,
    ...own,
    ['log', server.lastIndex === 0 ? 'empty' : `${server.lastIndex} records, ${server.syncedIndex} on disk`],
    ...timerFact('repeats itself', state.reminder, frame),
  ];
}

function raftFacts(server: ServerFrame, frame: Frame): TemplateResult {
  const { up, role, snapshot, unsynced, transfer } = server;
  const clock = clockWords(server, frame);
  const apart = standing(server, frame);
  return html`
    ${facts([
      ['role', up ? html`<b>${role}</b>` : whyDown(server)],
      ['currentTerm', html`<span class="chip ${term(server.term)}">${server.term}</span>`],
      ['votedFor', server.votedFor ?? '–'],
      ...(role === 'follower'
        ? [['leader', server.leader ?? 'unknown'] as const]
        : [['votes', votes(server)] as const]),
      ...(transfer ? [['hands over to', transfer] as const] : []),
      ['log', logWords(server)],
      ...(snapshot
        ? [['snapshot', `of all through ${snapshot.lastIndex}, term ${snapshot.lastTerm}`] as const]
        : []),
      ['commitIndex', server.commitIndex],
      ['lastApplied', server.lastApplied],
      [
        'disk',
        unsynced === 0 ? 'all synced' : `${unsynced} ${unsynced === 1 ? 'write' : 'writes'} not synced`,
      ],
      ...(clock
        ? [
            [
              'clock',
              clock.map((words) => (words.endsWith('%') ? `${words} pace` : `${words} off`)).join(', '),
            ] as const,
          ]
        : []),
      ['cluster', apart === null ? members(server, frame) : `${APART[apart]}; ${members(server, frame)}`],
      ...timerFact('election timer', server.electionTimer, frame),
      ...timerFact('heartbeat timer', server.heartbeatTimer, frame),
    ])}
    ${server.progress.length > 0 ? progress(server) : nothing}`;
}

const APART = {
  learner: 'a learner: gets the log, has no vote',
  leaves: 'leaves with the change under way',
  joins: 'joins with the change under way',
  'not a member': 'does not belong to it',
} as const;

/** Who votes, as far as it knows; while it is down, as is in force. */
function members({ configuration }: ServerFrame, frame: Frame): string {
  const { voters, outgoing, learners } = configuration.voters.length > 0 ? configuration : inForce(frame);
  const before = outgoing.length > 0 ? ` and, until the change is over, of ${list(outgoing)}` : '';
  return `voters ${list(voters)}${before}${learners.length > 0 ? `; learners ${list(learners)}` : ''}`;
}

const logWords = ({ lastIndex, syncedIndex, claimedIndex }: ServerFrame): string =>
  lastIndex === 0
    ? 'empty'
    : `${lastIndex} entries, ${syncedIndex} on disk${claimedIndex === null ? '' : ` (it says ${claimedIndex})`}`;

/** What is left of a server that is down. */
const leftOf = ({ unpowered, lastIndex, syncedIndex }: ServerFrame): string => {
  if (unpowered) return 'No power. Only what its disk has synced is left.';
  return syncedIndex < lastIndex
    ? 'Crashed. What it wrote is left; the end of its log is not synced and would not outlive a loss of power.'
    : 'Crashed. What it wrote is left.';
};

const votes = ({ votes, configuration }: ServerFrame): string => {
  const sets = majorities(configuration, votes);
  const parts = sets.map(({ have, of }) => `${have.length} of ${of.length}`).join(' and ');
  return `${list(votes) || 'none'} (${parts}; ${needs(sets)})`;
};

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function timerFact(name: string, timer: TimerFrame | null, { atUs }: Frame): Fact[] {
  return timer === null
    ? []
    : [
        [
          name,
          `${duration(Math.max(0, timer.deadlineUs - atUs))} left of ${duration(timer.deadlineUs - timer.setUs)}`,
        ],
      ];
}

function progress({ id, progress }: ServerFrame): TemplateResult {
  const row = ({ server, matchIndex, nextIndex, state, flying }: ProgressFrame) =>
    html`<tr><th scope="row">${server}</th><td>${matchIndex}</td><td>${nextIndex}</td><td title=${`${id} ${WAY[state].words}`}>${state}</td><td>${flying}</td></tr>`;
  return html`<table class="inspect-table">
    <thead><tr><th scope="col">follower</th><th scope="col">match</th><th scope="col">next</th><th scope="col">sent to by</th><th scope="col" title="Messages with entries or a snapshot on their way">under way</th></tr></thead>
    <tbody>${progress.map(row)}</tbody>
  </table>`;
}
