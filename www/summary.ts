// How things stand, in a sentence or two: told where the author of a scenario cannot know what somebody made of it.

import { list } from './format.ts';
import type { Frame, ServerFrame } from './generated/engine.ts';
import { inForce, isDeposed, isMajority, leaderOf, majorities } from './quorum.ts';

/** Who leads, who only believes so, who is down, and who is too few. */
export function summary(frame: Frame): string {
  const { servers, groups, protocol } = frame;
  const of = (ids: readonly string[], one: string, more: string) =>
    ids.length === 0 ? '' : ` ${list(ids)} ${ids.length === 1 ? one : more}.`;
  const idsOf = (fits: (server: ServerFrame) => boolean) => servers.filter(fits).map(({ id }) => id);
  const down = of(
    idsOf(({ up }) => !up),
    'is down',
    'are down',
  );
  if (protocol !== 'raft') return `S1 coordinates.${down}`;
  const deposed = idsOf((server) => server.up && isDeposed(server, frame));
  const leader = leaderOf(frame);
  const stands = servers
    .filter(({ up, role }) => up && role === 'candidate')
    .sort((a, b) => b.term - a.term)[0];
  const apart = groups?.flat() ?? [];
  const few = (groups ?? [apart])
    .map((group) => idsOf(({ id, up }) => up && (group.includes(id) || !apart.includes(id))))
    .filter(
      (side) => !isMajority(majorities(inForce(frame), side)) && !side.some((id) => deposed.includes(id)),
    );
  return [
    leader && !deposed.includes(leader.id)
      ? `${leader.id} leads in term ${leader.term}.`
      : `Nobody leads${stands ? `: ${stands.id} asks for votes in term ${stands.term}` : ''}.`,
    of(deposed, 'believes it leads, but can commit nothing', 'believe they lead, but can commit nothing'),
    down,
    ...few.map((side) => of(side, 'alone can neither elect nor commit', 'are too few to elect or commit')),
  ].join('');
}
