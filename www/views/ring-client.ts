// A client beside the ring, and what it waits for or got last.

import { svg, type TemplateResult } from 'lit-html';
import type { ClientFrame, Frame } from '../generated/engine.ts';
import { type Box, round } from '../geometry.ts';
import type { Dispatch, Ui } from './contract.ts';
import { opWords, shortened } from './op.ts';
import { classes, does, isPicked } from './pick.ts';

export const chip = (
  client: ClientFrame,
  box: Box,
  frame: Frame,
  ui: Ui,
  dispatch: Dispatch,
): TemplateResult => {
  const op = client.current ?? client.last;
  const says = op ? `${opWords(op)}${client.waiting > 0 ? ` +${client.waiting}` : ''}` : 'idle';
  const walled = frame.groups?.some((group) => group.includes(client.id)) ?? false;
  const picked = isPicked(ui.picked, client.id) || (ui.split?.includes(client.id) ?? false);
  const pick = does(dispatch, { type: 'clientPicked', id: client.id });
  const flat = box.height < 30; // one line for both
  const characters = Math.floor((box.width - (flat ? 32 : 16)) / 6.7);
  return svg`<g class=${classes('client', op?.outcome ?? 'idle', walled && 'walled', picked && 'picked')}
      role="button" tabindex="0" aria-label="Client ${client.id}, ${says}" aria-pressed=${picked}
      transform="translate(${round(box.x)} ${round(box.y)})" @click=${pick} @keydown=${pick}>
    <rect class="focus" x="-3" y="-3" width=${round(box.width + 6)} height=${box.height + 6} rx="9" />
    <rect class="body" width=${round(box.width)} height=${box.height} rx="6" />
    <text class="name" x="8" y=${flat ? 15 : 14}>${flat ? client.id : `client ${client.id}`}</text>
    <text class="doing" x=${flat ? 26 : 8} y=${flat ? 15 : 28.5}>${shortened(says, characters)}</text>
  </g>`;
};
