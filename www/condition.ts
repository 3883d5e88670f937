// What has become of a server, in words; what else may ail it is in ailments.ts.

import type { ServerFrame } from './generated/engine.ts';

/** Why a server that is down is down. */
export const whyDown = ({ unpowered }: ServerFrame): string => (unpowered ? 'no power' : 'crashed');
