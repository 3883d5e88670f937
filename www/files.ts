// Scenarios from files, dropped things and the clipboard. Whatever is none is refused in a sentence, and what ran runs on.

import { LONGEST_TEXT } from './link-packing.ts';
import type { Action } from './store.ts';

const refused = (message: string): Action => ({ type: 'commandRefused', message });

/** Does to the page what something dropped or pasted asks for, if it is meant for it. */
export async function read(given: File | string, send: (action: Action) => void): Promise<void> {
  const action = typeof given === 'string' ? readText(given) : await readFile(given);
  if (action) send(action);
}

/** What a file's text does to the page. */
export async function readFile(file: File): Promise<Action> {
  if (file.size > LONGEST_TEXT)
    return refused(
      `“${file.name}” is too large: a scenario has at most 64 KiB, and this has ${Math.ceil(file.size / 1024)}.`,
    );
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    if (!text.includes('\0')) return { type: 'scenarioApplied', text };
  } catch {
    // Not text, or gone.
  }
  return refused(`“${file.name}” is no text: a scenario is a text that begins with “raft 1”.`);
}

/** What a dropped or pasted text does; `null` for nothing: whoever pastes something else did not mean the page. */
function readText(text: string): Action | null {
  const link = /^\S*#(raft\S+)$/.exec(text.trim())?.[1] ?? /^raft(\+|%2)\S+$/.exec(text.trim())?.[0];
  if (link !== undefined) {
    location.hash = link; // which opens it
    return null;
  }
  if (!/^(\s*#.*\n)*\s*raft\s/.test(text)) return null;
  if (text.length > LONGEST_TEXT)
    return refused('What was pasted is too long: a scenario has at most 64 KiB.');
  return { type: 'scenarioApplied', text };
}

/** A file's name for a scenario of this title. */
export const fileName = (title: string): string =>
  `${
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 40) || 'scenario'
  }.raft`;
