// A run made by hand for the ladder: a leader, a split, a second leader, a crash and a restart.

import type { LaneMark, LaneSpan, Lanes } from '../../generated/engine.ts';
import { anOp } from '../frames.ts';

type Kind = 0 | 1 | 2 | 3 | 4 | 5 | 101 | 103 | 105;

export interface HandmadeRun {
  readonly arrows: Float64Array;
  readonly lanes: Lanes;
  readonly chain: ReadonlySet<number>;
}

/** Times in ms. Flights differ a little from each other, always in the same way. */
export const handmadeRun = (): HandmadeRun => {
  const rows: number[][] = [];
  let seq = 100;
  const send = (
    kind: Kind,
    from: number,
    to: number,
    term: number,
    at: number,
    entries = 0,
    fate = 1,
  ): number => {
    const flight = 10 + ((rows.length * 37) % 50) / 10;
    const end = fate === 2 ? at + flight / 2 : at + flight;
    seq += 3;
    rows.push([seq, rows.length, from, to, kind, term, at * 1000, end * 1000, fate, entries]);
    return end;
  };
  const rounds = (
    leader: number,
    term: number,
    from: number,
    to: number,
    reached: number[],
    entries: (t: number) => number,
  ) => {
    for (let t = from; t < to; t += 50) {
      for (const follower of [0, 1, 2, 3, 4]) {
        if (follower === leader) continue;
        if (!reached.includes(follower)) send(2, leader, follower, term, t, 0, 2);
        else send(3, follower, leader, term, send(2, leader, follower, term, t, entries(t)) + 1.5);
      }
    }
  };
  rounds(0, 2, 910, 1000, [1, 2, 3, 4], (t) => (t === 960 ? 1 : 0));
  rounds(0, 2, 1010, 1400, [1], () => 0);
  for (const voter of [0, 1]) send(0, 2, voter, 3, 1086, 0, 2);
  for (const voter of [3, 4]) send(1, voter, 2, 3, send(0, 2, voter, 3, 1086) + 2);
  rounds(2, 3, 1111, 1400, [3, 4], (t) => (t === 1161 || t === 1211 ? 2 : 0));
  send(4, 6, 2, 0, 1150);
  send(5, 2, 6, 0, 1190);
  send(4, 5, 0, 0, 1020);
  const span = (
    server: string,
    from: number,
    to: number,
    role: LaneSpan['role'],
    term: number,
    up = true,
  ): LaneSpan => ({
    server,
    fromUs: from * 1000,
    toUs: to * 1000,
    role,
    term,
    up,
    plight: null,
  });
  const mark = (at: number, server: string | null, kind: LaneMark['kind'], text: string): LaneMark => ({
    atUs: at * 1000,
    seq: 1000 + at,
    server,
    kind,
    text,
  });
  return {
    chain: new Set(),
    arrows: new Float64Array(rows.flat()),
    lanes: {
      thinned: false,
      walls: [],
      commits: [[0, 972_000]],
      writes: [],
      spans: [
        span('S1', 0, 1400, 'leader', 2),
        span('S2', 0, 1400, 'follower', 2),
        span('S3', 0, 1085, 'follower', 2),
        span('S3', 1085, 1110, 'candidate', 3),
        span('S3', 1110, 1400, 'leader', 3),
        span('S4', 0, 1096, 'follower', 2),
        span('S4', 1096, 1400, 'follower', 3),
        span('S5', 0, 1098, 'follower', 2),
        span('S5', 1098, 1290, 'follower', 3),
        span('S5', 1290, 1350, 'follower', 3, false),
        span('S5', 1350, 1400, 'follower', 3),
      ],
      marks: [
        mark(1000, null, 'cut', 'split S1 S2 | S3 S4 S5'),
        mark(1085, 'S3', 'timeout', 'timeout'),
        mark(1110, 'S3', 'elected', 'elected, term 3'),
        mark(1290, 'S5', 'crashed', 'crashed'),
        mark(1350, 'S5', 'restarted', 'restarted'),
        mark(1200, null, 'setting', 'loss 10%'),
        mark(1210, null, 'said', 'Now watch what happens to the minority'),
        mark(1390, null, 'healed', 'healed'),
      ],
      ops: [
        anOp('C1', 'get x', { seq: 1, invokedUs: 905_000, returnedUs: 960_000, outcome: 'ok', value: '1' }),
        anOp('C1', 'put y=3', { seq: 2, invokedUs: 1_015_000, returnedUs: 1_300_000, outcome: 'unknown' }),
        anOp('C2', 'put x=2', { seq: 3, invokedUs: 1_145_000, returnedUs: 1_205_000, outcome: 'ok' }),
        anOp('C2', 'get x', { seq: 4, invokedUs: 1_225_000, returnedUs: 1_245_000, outcome: 'failed' }),
        anOp('C2', 'del balance', { seq: 5, invokedUs: 1_330_000, outcome: 'waiting' }),
      ],
    },
  };
};
