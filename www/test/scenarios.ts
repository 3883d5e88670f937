// The scenarios that come with the playground, whole.

import { readFileSync } from 'node:fs';
import { type Named, SCENARIOS } from '../scenario-names.ts';

/** All of them, in their order. */
export function scenarioTexts(): (Named & { text: string })[] {
  return SCENARIOS.map((one) => ({ ...one, text: readFileSync(`scenarios/${one.name}.raft`, 'utf8') }));
}
