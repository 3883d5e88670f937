// All lines of history as a tree along time: each can be looked at, named, set beside the current one, or forgotten.

import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { time } from '../format.ts';
import type { BranchFrame } from '../generated/engine.ts';
import { round } from '../geometry.ts';
import type { Picture } from '../picture.ts';
import { type Action, type Branches, LONGEST_NAME, type State } from '../store.ts';
import { beside } from './beside.ts';
import { lines } from './icons.ts';
import { shortened } from './op.ts';
import { classes } from './pick.ts';

const BESIDE = lines('M2.5 3h4v10h-4zM9.5 3h4v10h-4z');
const RENAME = lines('M3 13l.6-2.8L10.8 3 13 5.2 5.8 12.4z');
const BIN = lines('M3 4.5h10M6.5 4V2.8h3V4M4.5 5l.6 8h5.8l.6-8');

type Send = (action: Action) => void;

export { default as css } from '../style/branches.css?inline';

export function branches(picture: Picture, state: State, send: Send): TemplateResult {
  const rows = inOrder(picture.branches);
  return html`<p class="soft">${
    rows.length > 1
      ? 'What was, and what if. All of them stay until they are deleted.'
      : 'Go back in time and do something different: a new branch begins there, and this one stays as it was.'
  }</p>
    <ol class="tree">${tree(rows, picture.frame.atUs)}${rows.map((row) => one(row, rows, state, send))}</ol>
    ${beside(picture, state, (branch) => nameOf(branch, state.branches), send)}`;
}

/** A branch and the one that it leaves in the picture. */
interface Row {
  readonly branch: BranchFrame;
  readonly parent: BranchFrame | null;
}

/** Each below the one it leaves, the last to leave first: so no line crosses another. */
export function inOrder(all: readonly BranchFrame[]): readonly Row[] {
  const byId = new Map(all.map((branch) => [branch.id, branch]));
  const before = (id: number | null): BranchFrame | null => (id === null ? null : (byId.get(id) ?? null));
  const parentOf = (branch: BranchFrame): BranchFrame | null => {
    let parent = before(branch.parent);
    // One that left before its parent had begun leaves the one before that: until then they are the same.
    while (parent && parent.parent !== null && parent.forkUs >= branch.forkUs) parent = before(parent.parent);
    return parent;
  };
  const rows = all.map((branch) => ({ branch, parent: parentOf(branch) }));
  const below = (parent: BranchFrame | null): Row[] =>
    rows
      .filter((row) => row.parent === parent)
      .sort((a, b) => b.branch.forkUs - a.branch.forkUs || a.branch.id - b.branch.id)
      .flatMap((row) => [row, ...below(row.branch)]);
  return below(null);
}

/** What a branch is called, by somebody or after what began it. */
export function nameOf({ id, command, forkUs }: BranchFrame, { names }: Branches): string {
  if (names[id] !== undefined) return names[id];
  if (command === null) return 'main';
  const undone = command.startsWith('undo ');
  return `${undone ? 'without' : 'what if:'} ${shortened(undone ? command.slice(5) : command, LONGEST_NAME)} at ${time(forkUs)}`;
}

const WIDTH = 400;

/** Where a moment is from 0 to 1: half way between its place in time and its place among these, so that no two crowd. */
export function axisOf(moments: readonly number[]): (us: number) => number {
  const all = [...new Set([0, ...moments])].sort((a, b) => a - b);
  const last = Math.max(1, all.at(-1) ?? 0);
  return (us) => {
    const before = all.findLastIndex((moment) => moment <= us);
    const [from, to] = [all[before] ?? 0, all[before + 1] ?? Number.POSITIVE_INFINITY];
    const rank = (before + (us - from) / (to - from)) / Math.max(1, all.length - 1);
    return (Math.min(1, us / last) + rank) / 2;
  };
}

/** Every branch as a line from where it begins to where it is known to, one below the other, and the playhead. */
function tree(rows: readonly Row[], atUs: number): TemplateResult {
  const place = axisOf(rows.flatMap(({ branch }) => [branch.forkUs, branch.endUs]));
  const x = (us: number) => round(6 + (WIDTH - 12) * place(us));
  const y = (branch: BranchFrame) => rows.findIndex((row) => row.branch === branch) * 2 + 1;
  const line = ({ branch, parent }: Row) => {
    const from = parent === null ? `M${x(0)} ${y(branch)}` : `M${x(branch.forkUs)} ${y(parent)}V${y(branch)}`;
    return svg`<path class=${classes('line', branch.current && 'current')} d="${from}H${x(branch.endUs)}" />
      <path class=${classes('end', branch.current && 'current')} d="M${x(branch.endUs)} ${y(branch)}h0" />`;
  };
  const ordered = [...rows].sort((a, b) => Number(a.branch.current) - Number(b.branch.current)); // the current one on top
  return html`<li class="drawn" aria-hidden="true"><svg class="picture" viewBox="0 0 ${WIDTH} ${rows.length * 2}" preserveAspectRatio="none">
    <path class="at" d="M${x(atUs)} 0V${rows.length * 2}" />${ordered.map(line)}</svg></li>`;
}

function one({ branch, parent }: Row, rows: readonly Row[], state: State, send: Send): TemplateResult {
  const { id, command, endUs, forkUs, current } = branch;
  const { asked, beside: other } = state.branches;
  const name = nameOf(branch, state.branches);
  const began =
    state.branches.names[id] === undefined || command === null ? '' : `${command} at ${time(forkUs)}, `;
  const from = parent === null ? '' : `from ${nameOf(parent, state.branches)}, `;
  const tool = (words: string, icon: TemplateResult, action: Action, pressed: boolean | null = null) =>
    html`<button type="button" class="tool small" aria-label="${words}: ${name}" title=${words} aria-pressed=${pressed ?? nothing}
      @click=${(event: Event) => act(event, () => send(action))}>${icon}</button>`;
  if (asked?.id === id && asked.for === 'name')
    return html`<li class="naming">${naming(id, name, send)}</li>`;
  const going = asked?.id === id && asked.for === 'removal';
  return html`<li class=${classes(current && 'current', id === other && 'other')}>
    <button type="button" class="branch" aria-pressed=${current} @click=${() => send({ type: 'branchChosen', id })}>
      <span>${name}</span> <span class="soft">${began}${from}known to ${time(endUs)}</span></button>
    ${
      going
        ? html`<span class="tools asked"><button type="button" class="button small danger" @click=${() => send({ type: 'branchRemoved', id })}>Delete it</button>
            <button type="button" class="button small" @click=${() => send({ type: 'branchAsked', asked: null })}>Keep it</button></span>`
        : html`<span class="tools">
            ${current || rows.length < 2 ? nothing : tool('Set beside the current one', BESIDE, { type: 'branchCompared', id: id === other ? null : id }, id === other)}
            ${tool('Rename', RENAME, { type: 'branchAsked', asked: { id, for: 'name' } })}
            ${branch.parent === null ? nothing : tool('Delete', BIN, { type: 'branchAsked', asked: { id, for: 'removal' } })}</span>`
    }</li>`;
}

function naming(id: number, name: string, send: Send): TemplateResult {
  const key = (event: KeyboardEvent) => {
    event.stopPropagation(); // what is typed here is no shortcut
    if (event.key === 'Escape') send({ type: 'branchAsked', asked: null });
    if (event.key === 'Enter') give((event.currentTarget as HTMLElement).closest('li'));
  };
  const give = (row: Element | null | undefined) => {
    const field = row?.querySelector('input');
    if (field) send({ type: 'branchNamed', id, name: field.value });
  };
  return html`<input class="field" aria-label="Name of the branch" maxlength=${LONGEST_NAME} .value=${shortened(name, LONGEST_NAME)} @keydown=${key} />
    <button type="button" class="button small primary" @click=${(event: Event) => give((event.currentTarget as Element).closest('li'))}>Name it</button>
    <button type="button" class="button small" @click=${() => send({ type: 'branchAsked', asked: null })}>Cancel</button>`;
}

/** Does it, and puts the focus on what is asked for then, once that is there. */
function act(event: Event, does: () => void): void {
  const list = (event.currentTarget as Element).closest('.tree');
  does();
  requestAnimationFrame(() => list?.querySelector<HTMLElement>('.naming input, .asked button')?.focus());
}
