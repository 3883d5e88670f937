// What a person can do to the cluster. Every control sends one line of the scenario language and says so in its tooltip.

import { html, nothing, type TemplateResult } from 'lit-html';
import { whyDown } from '../condition.ts';
import { percent, scenarioTime } from '../format.ts';
import type { Frame, RangeFrame, ServerFrame, SettingsFrame } from '../generated/engine.ts';
import type { Picture } from '../picture.ts';
import type { Action, Group, State } from '../store.ts';
import { twoPhaseWords } from '../two-phase.ts';
import { hue } from './contract.ts';
import { icons } from './icons.ts';
import { scenario } from './scenario.ts';
import { tabs } from './tabs.ts';

type Send = (action: Action) => void;

const GROUPS: readonly { id: Group; label: string }[] = [
  { id: 'servers', label: 'Servers' },
  { id: 'clients', label: 'Clients' },
  { id: 'network', label: 'Network' },
  { id: 'timing', label: 'Timing' },
  { id: 'scenario', label: 'Scenario' },
];

export function controls(picture: Picture, state: State, send: Send): TemplateResult {
  const choose = (group: Group) => send({ type: 'groupChosen', group });
  return html`${tabs('Controls', GROUPS, state.group, 'controls', choose)}
    <div class="panel scroll" id="controls" role="tabpanel" aria-labelledby="controls-${state.group}" tabindex="0">
      ${group(picture, state, send)}
    </div>`;
}

function group(picture: Picture, state: State, send: Send): TemplateResult {
  switch (state.group) {
    case 'servers':
      return servers(picture, send);
    case 'clients':
      return clients(picture, send);
    case 'network':
      return network(picture.frame, state, send);
    case 'timing':
      return timing(picture.frame, send);
    case 'scenario':
      return scenario(picture, state, send);
  }
}

interface Look {
  /** Classes: `small`, `danger`, `primary`. */
  readonly kind?: string;
  readonly off?: boolean;
  /** What to call it for those who do not see what it stands beside. Begins with the words on it. */
  readonly label?: string;
}

/** A button that sends a command. Its tooltip shows the line. */
export const commandButton = (words: string, line: string, send: Send, look: Look = {}): TemplateResult =>
  html`<button type="button" class="button ${look.kind ?? ''}" title=${line} aria-label=${look.label ?? nothing} ?disabled=${look.off ?? false}
    @click=${() => send({ type: 'commandGiven', line })}>${words}</button>`;

function servers({ frame }: Picture, send: Send): TemplateResult {
  const leader = frame.servers.find(({ up, role }) => up && role === 'leader');
  const coordinator = frame.servers.find(({ up, twoPhase }) => up && twoPhase?.coordinates);
  return html`
    <div class="server-rows">${frame.servers.map((server) => serverRow(server, frame, send))}</div>
    <div class="row wrap">
      ${leader ? commandButton(`Crash the leader, ${leader.id}`, `crash ${leader.id}`, send) : nothing}
      ${coordinator ? commandButton(`Crash the coordinator, ${coordinator.id}`, `crash ${coordinator.id}`, send) : nothing}
      ${everyoneUp(frame) ? nothing : restartAll(frame, send)}
    </div>
    <hr />
    ${stepper('Servers', 'servers', frame.servers.length, 1, 9, send)}
    ${seed(frame, send)}`;
}

function serverRow(server: ServerFrame, frame: Frame, send: Send): TemplateResult {
  const { id, up, role } = server;
  const twoPhase = server.twoPhase && twoPhaseWords(server.twoPhase, frame)[0];
  const pick = () => send({ type: 'serverPicked', id });
  return html`<div class="server-row">
    <button type="button" class="chip ${up ? hue(server) : 'down'}" title="Show ${id} in the inspector" aria-label="Inspect ${id}" @click=${pick}>${id}</button>
    <span class="soft">${up ? (twoPhase ?? `${role}, term ${server.term}`) : whyDown(server)}</span>
    ${
      up
        ? html`${twoPhase ? nothing : commandButton('Time out', `timeout ${id}`, send, { kind: 'small', off: role === 'leader', label: `Time out ${id}` })}
          ${commandButton('Crash', `crash ${id}`, send, { kind: 'small danger', label: `Crash ${id}` })}`
        : commandButton('Restart', `restart ${id}`, send, { kind: 'small', label: `Restart ${id}` })
    }
  </div>`;
}

const everyoneUp = (frame: Frame): boolean => frame.servers.every(({ up }) => up);

function restartAll(frame: Frame, send: Send): TemplateResult {
  const down = frame.servers.filter(({ up }) => !up).map(({ id }) => id);
  return commandButton('Restart all', `restart ${down.join(' ')}`, send);
}

/** Facts about the start: changing one starts the scenario anew. */
function stepper(
  label: string,
  word: 'servers' | 'clients',
  value: number,
  min: number,
  max: number,
  send: Send,
): TemplateResult {
  const to = (n: number) => send({ type: 'headerChanged', word, value: String(n) });
  return html`<div class="setting">
    <span>Number of ${label.toLowerCase()}</span>
    <span class="stepper" role="group" aria-label="Number of ${label.toLowerCase()}">
      <button type="button" class="button small" aria-label="One less" title="${word} ${value - 1} (starts anew)" ?disabled=${value <= min} @click=${() => to(value - 1)}>−</button>
      <output>${value}</output>
      <button type="button" class="button small" aria-label="One more" title="${word} ${value + 1} (starts anew)" ?disabled=${value >= max} @click=${() => to(value + 1)}>+</button>
    </span>
  </div>`;
}

function seed(frame: Frame, send: Send): TemplateResult {
  const change = (event: Event) => {
    const value = (event.target as HTMLInputElement).value.trim();
    if (value !== '') send({ type: 'headerChanged', word: 'seed', value });
  };
  return html`<div class="setting">
    <label for="seed">Seed</label>
    <span class="row">
      <input id="seed" class="field seed" inputmode="numeric" autocomplete="off" spellcheck="false" title="seed ${frame.seed} (starts anew)" .value=${frame.seed} @change=${change} />
      <button type="button" class="tool" aria-label="Fresh seed" title="Another seed, other chances (starts anew)" @click=${() => send({ type: 'freshSeedAsked' })}>${icons.dice}</button>
    </span>
  </div>`;
}

function clients({ frame }: Picture, send: Send): TemplateResult {
  const ask = (event: SubmitEvent) => {
    event.preventDefault();
    const verb = (event.submitter as HTMLButtonElement | null)?.value ?? 'put';
    send({ type: 'commandGiven', line: askLine(event.target as HTMLFormElement, verb) });
  };
  const names = frame.clients.map(({ id }) => id);
  const word = (name: string, label: string, value: string) => html`<label>${label}
    <input name=${name} class="field mono" value=${value} required maxlength="32" pattern="[A-Za-z0-9_.\\-]+" autocomplete="off" autocapitalize="off" spellcheck="false" /></label>`;
  const verbs = [
    ['put', 'Put'],
    ['get', 'Get'],
    ['del', 'Delete'],
  ] as const;
  return html`
    <form class="ask" @submit=${ask}>
      <label>Client <select name="client" class="field">${names.map((id) => html`<option>${id}</option>`)}</select></label>
      ${word('key', 'Key', 'x')} ${word('value', 'Value', '1')}
      <label>Via <select name="via" class="field"><option value="">whom it knows</option>${frame.servers.map(({ id }) => html`<option>${id}</option>`)}</select></label>
      <div class="row wrap">${verbs.map(
        ([verb, words]) =>
          html`<button class="button ${verb === 'put' ? 'primary' : ''}" value=${verb} @mouseenter=${says(askLine)} @focus=${says(askLine)}>${words}</button>`,
      )}</div>
    </form>
    <hr />
    ${load(names, send)}
    <hr />
    ${stepper('Clients', 'clients', frame.clients.length, 1, 9, send)}`;
}

type Line = (form: HTMLFormElement, verb: string) => string;

/** Keeps the tooltip of a form's button at the line it would send now. */
const says = (line: Line) => (event: Event) => {
  const button = event.target as HTMLButtonElement;
  if (button.form) button.title = line(button.form, button.value);
};

/** `C1 put x=1 via S3` */
const askLine: Line = (form, verb) => {
  const data = new FormData(form);
  const field = (name: string) => String(data.get(name) ?? '').trim();
  const what = verb === 'put' ? `put ${field('key')}=${field('value')}` : `${verb} ${field('key')}`;
  return `${field('client')} ${what}${field('via') && ` via ${field('via')}`}`;
};

/** `load C1 put every 50ms` */
const loadLine: Line = (form, verb) => {
  const data = new FormData(form);
  return verb === 'stop'
    ? `load ${data.get('client')} stop`
    : `load ${data.get('client')} ${data.get('kind')} every ${data.get('every')}ms`;
};

/** `cut S1->S2`, one line for each direction. */
const cutLine: Line = (form) => {
  const data = new FormData(form);
  const [from, to] = [data.get('from'), data.get('to')];
  const there = `cut ${from}->${to}`;
  return data.get('ways') === 'both' ? `${there}\ncut ${to}->${from}` : there;
};

function load(names: readonly string[], send: Send): TemplateResult {
  const start = (event: SubmitEvent) => {
    event.preventDefault();
    const verb = (event.submitter as HTMLButtonElement | null)?.value ?? 'start';
    send({ type: 'commandGiven', line: loadLine(event.target as HTMLFormElement, verb) });
  };
  return html`<form class="ask" @submit=${start}>
    <label>Load <select name="client" class="field">${names.map((id) => html`<option>${id}</option>`)}</select></label>
    <label>Kind <select name="kind" class="field"><option>put</option><option>get</option><option>del</option></select></label>
    <label>Every, ms <input name="every" class="field" type="number" min="1" max="60000" value="100" required /></label>
    <div class="row wrap">
      <button class="button" value="start" @mouseenter=${says(loadLine)} @focus=${says(loadLine)}>Start</button>
      <button class="button" value="stop" @mouseenter=${says(loadLine)} @focus=${says(loadLine)}>Stop</button>
    </div>
  </form>`;
}

function network(frame: Frame, state: State, send: Send): TemplateResult {
  const { settings } = frame;
  return html`
    ${splitting(frame, state, send)}
    ${cutting(frame, send)}
    ${frame.plans.length === 0 ? nothing : html`<p class="soft">Next: ${frame.plans.join(', ')}.</p>`}
    <hr />
    ${rangeSetting('Latency', 'latency', settings.latency, send)}
    ${shareSetting('Loss', 'loss', settings.lossPpm, send)}
    ${shareSetting('Duplication', 'duplicate', settings.duplicatePpm, send)}
    ${special(settings.special)}`;
}

function splitting(frame: Frame, { split }: State, send: Send): TemplateResult {
  if (split === null) {
    return html`<div class="row wrap">
      <button type="button" class="button" title="partition … | …" ?disabled=${frame.servers.length < 2} @click=${() => send({ type: 'splitStarted' })}>Split…</button>
      ${commandButton('Heal', 'heal', send, { off: frame.groups === null && frame.cuts.length === 0 })}
      ${frame.groups ? html`<span class="soft">${frame.groups.map((group) => group.join(' ')).join(' | ')}</span>` : nothing}
    </div>`;
  }
  const others = frame.servers.map(({ id }) => id).filter((id) => !split.includes(id));
  const useless = split.length === 0 || others.length === 0;
  return html`<div class="notice" role="group" aria-label="Split the network">
    <p>Pick the servers of one side, here or in the cluster.</p>
    <div class="row wrap">${frame.servers.map(
      ({ id }) =>
        html`<button type="button" class="chip toggle" aria-pressed=${split.includes(id)} @click=${() => send({ type: 'serverPicked', id })}>${id}</button>`,
    )}</div>
    <div class="row wrap">
      <button type="button" class="button primary" title="partition ${split.join(' ')} | ${others.join(' ')}" ?disabled=${useless}
        @click=${() => send({ type: 'splitConfirmed', servers: split })}>Split</button>
      <button type="button" class="button" @click=${() => send({ type: 'splitCancelled' })}>Cancel</button>
    </div>
  </div>`;
}

function cutting(frame: Frame, send: Send): TemplateResult {
  const names = frame.servers.map(({ id }) => id);
  if (names.length < 2) return html``;
  const cut = (event: SubmitEvent) => {
    event.preventDefault();
    const lines = cutLine(event.target as HTMLFormElement, 'cut').split('\n');
    for (const line of lines) send({ type: 'commandGiven', line });
  };
  const option = (id: string, chosen: number) =>
    html`<option ?selected=${id === names[chosen]}>${id}</option>`;
  return html`<form class="row" @submit=${cut}>
      <span>Link</span>
      <select name="from" class="field" aria-label="From">${names.map((id) => option(id, 0))}</select>
      <select name="ways" class="field" aria-label="Directions">
        <option value="both" title="both ways">↔</option><option value="one" title="one way">→</option>
      </select>
      <select name="to" class="field" aria-label="To">${names.map((id) => option(id, 1))}</select>
      <button class="button" @mouseenter=${says(cutLine)} @focus=${says(cutLine)}>Cut</button>
    </form>
    ${
      frame.cuts.length === 0
        ? nothing
        : html`<ul class="chips" aria-label="Cut links">${frame.cuts.map(
            ({ from, to }) =>
              html`<li>${commandButton(`${from} → ${to}: mend`, `mend ${from}->${to}`, send, { kind: 'small' })}</li>`,
          )}</ul>`
    }`;
}

function timing(frame: Frame, send: Send): TemplateResult {
  const { settings } = frame;
  return html`
    ${frame.protocol === 'raft' ? elections(settings, send) : nothing}
    ${rangeSetting('Disk write', 'write', settings.write, send)}
    ${rangeSetting('Disk fsync', 'fsync', settings.fsync, send)}
    <hr />
    ${frame.protocol === 'raft' ? numberSetting('Entries per message', 'max-entries', settings.maxEntries, send) : nothing}
    ${oneSetting('Client gives up after', 'client-timeout', settings.clientTimeoutUs, send)}
    ${oneSetting('Client asks again after', 'client-retry', settings.clientRetryUs, send)}`;
}

function elections(settings: SettingsFrame, send: Send): TemplateResult {
  return html`${rangeSetting('Election timeout', 'election-timeout', settings.electionTimeout, send)}
    ${oneSetting('Heartbeat', 'heartbeat', settings.heartbeatUs, send)}
    ${
      settings.electionTimeout.minUs <= settings.heartbeatUs
        ? html`<p class="notice">Heartbeats must come well within the election timeout, or healthy leaders are deposed (§5.6).</p>`
        : nothing
    }
    <hr />`;
}

const ms = (us: number): string => String(us / 1000);
const microseconds = (input: HTMLInputElement): number => Math.round(Number(input.value) * 1000);

/** A range of durations: two fields in ms. */
function rangeSetting(label: string, word: string, { minUs, maxUs }: RangeFrame, send: Send): TemplateResult {
  const change = (event: Event) => {
    const inputs = (event.currentTarget as HTMLElement).querySelectorAll('input');
    const [min = 0, max = 0] = [...inputs].map(microseconds);
    // The end that was not changed gives way, so that the range stays one.
    const low = event.target === inputs[0] ? min : Math.min(min, max);
    const high = event.target === inputs[0] ? Math.max(min, max) : max;
    send({ type: 'commandGiven', line: `set ${word} ${scenarioTime(low)}..${scenarioTime(high)}` });
  };
  const line = `set ${word} ${scenarioTime(minUs)}..${scenarioTime(maxUs)}`;
  return html`<div class="setting" title=${line} @change=${change}>
    <span>${label}</span>
    <span class="row">
      <input class="field number" type="number" min="0" step="any" aria-label="${label}, at least, ms" .value=${ms(minUs)} />
      <span class="soft" aria-hidden="true">–</span>
      <input class="field number" type="number" min="0" step="any" aria-label="${label}, at most, ms" .value=${ms(maxUs)} />
      <span class="soft">ms</span>
    </span>
  </div>`;
}

function oneSetting(label: string, word: string, us: number | null, send: Send): TemplateResult {
  const change = (event: Event) =>
    send({
      type: 'commandGiven',
      line: `set ${word} ${scenarioTime(microseconds(event.target as HTMLInputElement))}`,
    });
  return html`<label class="setting" title="set ${word} ${us === null ? 'never' : scenarioTime(us)}">
    <span>${label}</span>
    <span class="row"><input class="field number" type="number" min="0" step="any" placeholder="never" .value=${us === null ? '' : ms(us)} aria-label="${label}, ms" @change=${change} /><span class="soft">ms</span></span>
  </label>`;
}

function numberSetting(label: string, word: string, value: number, send: Send): TemplateResult {
  const change = (event: Event) =>
    send({ type: 'commandGiven', line: `set ${word} ${(event.target as HTMLInputElement).value}` });
  return html`<label class="setting" title="set ${word} ${value}">
    <span>${label}</span>
    <input class="field number" type="number" min="1" .value=${String(value)} @change=${change} />
  </label>`;
}

function shareSetting(label: string, word: string, ppm: number, send: Send): TemplateResult {
  const change = (event: Event) =>
    send({ type: 'commandGiven', line: `set ${word} ${(event.target as HTMLInputElement).value}%` });
  return html`<label class="setting" title="set ${word} ${ppm / 10_000}%">
    <span>${label}</span>
    <span class="row">
      <input type="range" min="0" max="50" step="1" .value=${String(ppm / 10_000)} aria-label=${label} aria-valuetext=${percent(ppm)} @change=${change} />
      <output class="share">${percent(ppm)}</output>
    </span>
  </label>`;
}

function special(lines: readonly string[]): TemplateResult | typeof nothing {
  if (lines.length === 0) return nothing;
  return html`<p class="soft">Also set: ${lines.join(', ')}.</p>`;
}
