// The views besides the cluster, and what lies around several of them: at once on the page itself, which shows them all (at-once.ts);
// a file of its own beside the element for other pages, where one view may be all that is shown.

export { isTaken, shortcut } from '../keyboard.ts';
export { SCENARIOS } from '../scenario-names.ts';
export { default as css } from '../style/others.css?inline';
export { arrangement, dock, instead, panel } from './arrangements.ts';
export { levels } from './events.ts';
export { hint } from './hints.ts';
