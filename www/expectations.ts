// What a scenario may expect, for those who write one. Beside language.ts because only the editor needs it.

import { tabled } from './language.ts';

const TABLE = `
violation  ElectionSafety
    This property has been violated by then.
no-violation  -
    No property has been violated by then.
linearizable  -
    All that clients saw by then could come of a single copy of the data.
not-linearizable  -
    What clients saw by then could not come of a single copy of the data.
leader  S3
    Of the servers that are up and believe to lead, this one has the highest term.
no-leader  -
    No server that is up believes to lead.
role  follower
    Its role is this: follower, pre-candidate, candidate or leader.
term  3
    Its current term is this.
voted-for  S1
    Its vote in its current term is this, or nobody.
log  1 1 2
    Its entries have these terms, from the first; or empty.
committed  4
    Its commit index is this.
state  x=2
    Its state machine holds this value at this key.
no-state  x
    Its state machine holds nothing there.
blocked  -
    Two-phase commit: it voted, has asked in vain what was decided, and keeps the key locked.
not-blocked  -
    Two-phase commit: it does not.`;

/** Name, an example of what stands behind it, and when it holds. */
export const EXPECTATIONS = tabled(TABLE).map(({ columns, says }) => {
  const [name = '', example = ''] = columns;
  return { name, example, says };
});
