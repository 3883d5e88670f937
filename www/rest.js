// The half of the engine that a first visit does without (decision 11). The engine calls `rest` when it comes to a function of that
// half and the half is not there; who loads the engine says what to do then. JavaScript, since the bindings import it in Node too.

let bring = () => {
  throw new Error('Nobody has said how the rest of the engine is fetched.');
};

/** Brings the rest at once: when this returns it is there. */
export const rest = () => bring();

/** Says how it is brought. */
export const whenAsked = (how) => {
  bring = how;
};
