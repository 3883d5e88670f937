// What the pictures' parts have in common: they can be picked, with the pointer and with the keyboard.

import type { Dispatch, Pick, PictureAction } from './contract.ts';

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
