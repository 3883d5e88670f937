// A page without a picture, for tests of what actions do.

import { Effects } from '../effects.ts';
import type { Engine, Session } from '../engine.ts';
import { type Action, INITIAL, type State, update } from '../store.ts';
import { ENGINE } from './engine.ts';

export function desk(engine: Engine = ENGINE) {
  let state: State = INITIAL;
  const told: string[] = [];
  const dispatch = (action: Action): void => {
    state = update(state, action);
    if (action.type === 'commandRefused') told.push(action.message);
    effects.perform(action, state);
  };
  const effects: Effects = new Effects(engine, dispatch);
  dispatch({ type: 'engineLoaded' });
  const session = () => effects.session as Session;
  return {
    dispatch,
    effects,
    state: () => state,
    session,
    frame: () => session().frame(1, 64),
    text: () => session().text(),
    /** What was refused, in its words. */
    told,
  };
}
