// The scenarios that come with the playground (scenario-names.ts lists them): the text of each once it is asked for. What a first visit shows is at hand.

import first from '../scenarios/first-value.raft?raw';

/** The one that a page opens with. */
export const FIRST = 'first-value';
/** What to say when one of them does not come. */
export const NOT_FETCHED = 'This scenario could not be fetched. Are you offline?';
/** What to say when there is none of that name. */
export const noSuch = (name: string): string =>
  `No scenario is called “${name.slice(0, 40)}”, so this is another.`;

const fetched = new Map([[FIRST, first]]);

/** The text of one of them if it is at hand. */
export function heldText(name: string): string | null {
  return fetched.get(name) ?? null;
}

/** Where the others are. Whoever will soon choose one may ask beforehand. */
export const scenarioFiles = () => import('./scenario-files.ts');

/** The text of one of them, `null` if there is no such. Rejects where it is not at hand and cannot be fetched. */
export async function scenarioText(name: string): Promise<string | null> {
  const text = fetched.get(name) ?? (await (await scenarioFiles()).FILES[`../scenarios/${name}.raft`]?.());
  if (text) fetched.set(name, text);
  return text ?? null;
}

/** Which of them this text is, as far as they were fetched. */
export function nameOf(text: string): string | null {
  for (const [name, known] of fetched) if (known === text) return name;
  return null;
}
