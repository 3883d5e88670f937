// What befalls servers: crashes, loss of power, standing still; and who shall lead.

import { html, nothing, type TemplateResult } from 'lit-html';
import { more } from '../../at-hand.ts';
import { whyDown } from '../../condition.ts';
import type { Frame, ServerFrame } from '../../generated/engine.ts';
import { FAULTS } from '../../vocabulary.ts';
import { act, aimRow, command, field, type Look, type Panel, selectField } from './panel.ts';

const does = (name: string, behind: string, panel: Panel, look: Look): TemplateResult =>
  act(command(name, FAULTS), behind, panel, look);

/** The servers picked; without any the one that leads, or as many as there are. */
export function aimed({ picture, state }: Panel, otherwise: 'leader' | 'all'): readonly ServerFrame[] {
  const { servers } = picture.frame;
  if (state.aim.length > 0) return servers.filter(({ id }) => state.aim.includes(id));
  return otherwise === 'all' ? servers : servers.filter(leads);
}

export const leads = ({ up, role, twoPhase }: ServerFrame): boolean =>
  up && (role === 'leader' || twoPhase?.coordinates === true);

export const names = (servers: readonly ServerFrame[]): string => servers.map(({ id }) => id).join(' ');

export function faults(panel: Panel): TemplateResult {
  const { frame } = panel.picture;
  const isRaft = frame.protocol === 'raft';
  const all = aimed(panel, 'leader');
  const [up, down] = [all.filter((one) => one.up), all.filter((one) => !one.up)];
  const [paused, going] = [up.filter((one) => one.paused), up.filter((one) => !one.paused)];
  /** For these of them, in one line. */
  const on = (name: string, whom: readonly ServerFrame[], look: Look = {}) =>
    does(name, names(whom), panel, { ...look, ...labelled(name, whom), off: whom.length === 0 });
  return html`${aimRow(panel, isRaft ? 'Leader' : 'Coordinator')}
    <p class="soft">${all.length === 0 ? 'Nobody leads: pick servers.' : all.map((one) => `${one.id}: ${state(one, frame)}`).join('; ')}</p>
    <div class="buttons three">
      ${on('crash', up, { kind: 'danger' })} ${on(
        'power-off',
        all.filter((one) => !one.unpowered),
        { kind: 'danger' },
      )} ${on('pause', going)}
      ${on('restart', down)} ${on('power-on', down)} ${on('resume', paused)}
    </div>
    ${everyoneUp(frame) ? nothing : does('restart', names(frame.servers.filter((one) => !one.up)), panel, { words: 'Restart all' })}
    ${isRaft ? standing(panel, going) : nothing}`;
}

const LABELS: Readonly<Record<string, string>> = {
  crash: 'Crash',
  restart: 'Restart',
  'power-off': 'Power off',
  'power-on': 'Power on',
  pause: 'Pause',
  resume: 'Resume',
};
/** `Crash S1 S2`, for those who do not see which ones are picked. */
const labelled = (name: string, whom: readonly ServerFrame[]): Look => ({
  label: `${LABELS[name]} ${names(whom) || 'nobody'}`,
});

const everyoneUp = (frame: Frame): boolean => frame.servers.every(({ up }) => up);

function state(server: ServerFrame, frame: Frame): string {
  if (!server.up) return whyDown(server);
  const is = server.twoPhase
    ? more?.twoPhaseWords(server.twoPhase, frame)[0]
    : `${server.role}, term ${server.term}`;
  return server.paused ? `${is}, paused` : (is ?? '');
}

/** Elections by hand: only Raft has them. */
function standing(panel: Panel, going: readonly ServerFrame[]): TemplateResult {
  const { servers } = panel.picture.frame;
  const leader = servers.find(leads)?.id;
  const others = servers.map(({ id }) => id).filter((id) => id !== leader);
  const to = field(panel, 'successor', '');
  const successor = others.includes(to) ? to : (others[0] ?? '');
  const stand = going.filter(({ role }) => role !== 'leader').map(({ id }) => id);
  return html`<h3>Leadership</h3>
    <div class="form two">
      ${selectField(panel, 'successor', 'To', others)}
      ${does('transfer', `${leader}->${successor}`, panel, { off: leader === undefined || successor === '' })}
    </div>
    ${does('timeout', stand.join('\n'), panel, { off: stand.length === 0, label: `Time out ${stand.join(' ')}` })}`;
}
