// What the pictures' parts have in common: they can be picked, with the pointer and with the keyboard.

import type { Frame, ServerFrame } from '../generated/engine.ts';
import type { Dispatch, Pick, PictureAction, Ui } from './contract.ts';

/** A listener for `click` and for `keydown`: the pointer, Enter and Space do the same. */
export const does =
  (dispatch: Dispatch, action: PictureAction) =>
  (event: Event): void => {
    if (event instanceof KeyboardEvent && event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation(); // or the background would pick nothing
    dispatch(action);
  };

/** Whether this server or client is the picked one. */
export const isPicked = (picked: Pick | null, id: string): boolean =>
  (picked?.type === 'server' || picked?.type === 'client') && picked.id === id;

/** The value of a class attribute: those of the names that are there. */
export const classes = (...names: (string | false | null | undefined)[]): string =>
  names.filter(Boolean).join(' ');

/** What is drawn for each look, always in the same order: or a shape would now be of this look and now of that one. */
export const inOrder = <T>(looks: ReadonlyMap<string, T>): [look: string, drawn: T][] =>
  [...looks].sort(([a], [b]) => (a < b ? -1 : 1));

/** The server that is picked, if it leads: then the others show what it knows of them. */
export const pickedLeader = (frame: Frame, ui: Ui): ServerFrame | undefined =>
  frame.servers.find((s) => s.up && s.role === 'leader' && isPicked(ui.picked, s.id));
