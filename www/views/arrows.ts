// Messages as the engine lists them, for whatever draws them.

/** One row of `Session.arrows`. */
export interface Arrow {
  readonly seq: number;
  readonly id: number;
  readonly from: number;
  readonly to: number;
  /** As in MessageKind, from 0. */
  readonly kind: number;
  readonly refused: boolean;
  readonly copy: boolean;
  readonly term: number;
  readonly sentUs: number;
  readonly endUs: number;
  readonly fate: number;
  readonly entries: number;
}

/** So many numbers a row. */
export const ROW = 10;
/** Where in a row it stands what became of the message, or of one in flight since when it is held. */
export const FATE = 8;
/** The fate of a message that goes no further. */
export const HELD = 4;
/** More than its kind, for an answer that refuses; and for a copy. */
export const [REFUSED, COPY] = [100, 200];
/** Arrows less wide than this, in pixels, cannot be told apart: first the routine goes, then all. */
export const LEAST = { routine: 4, any: 1 } as const;

export const arrowAt = (rows: Float64Array, row: number): Arrow => {
  const value = (column: number): number => rows[row * ROW + column] as number;
  const kind = value(4);
  return {
    seq: value(0),
    id: value(1),
    from: value(2),
    to: value(3),
    kind: kind % REFUSED,
    refused: kind % COPY >= REFUSED,
    copy: kind >= COPY,
    term: value(5),
    sentUs: value(6),
    endUs: value(7),
    fate: value(FATE),
    entries: value(9),
  };
};

export const arrowCount = (rows: Float64Array): number => Math.floor(rows.length / ROW);

/** Whether a window of time is short enough for messages to be seen in it at all. */
export const seesArrows = (
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
  width: number,
  { latency }: { readonly latency: { readonly maxUs: number } },
): boolean => (latency.maxUs * width) / Math.max(1, toUs - fromUs) >= LEAST.any / 2;
