// Texts by lines: where two differ, and both differences from a third in one.

/** Lines `from` up to `to` of a text, with others in their place. */
export interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** Above so many pairs of lines the middle is taken as changed altogether. */
const MOST_PAIRS = 4_000_000;

/** What makes the lines `after` of the lines `before`, in order, touching as few of them as can be. */
export function hunks(before: readonly string[], after: readonly string[]): Hunk[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let [endOld, endNew] = [before.length, after.length];
  while (endOld > start && endNew > start && before[endOld - 1] === after[endNew - 1]) {
    endOld -= 1;
    endNew -= 1;
  }
  const [old, fresh] = [before.slice(start, endOld), after.slice(start, endNew)];
  const found: Hunk[] = [];
  let [from, to] = [0, 0];
  for (const [i, j] of [...common(old, fresh), [old.length, fresh.length] as const]) {
    if (i > from || j > to) found.push({ from: start + from, to: start + i, lines: fresh.slice(to, j) });
    [from, to] = [i + 1, j + 1];
  }
  return found;
}

/** A longest row of pairs of equal lines. */
function common(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1;
  if (a.length * width > MOST_PAIRS) return [];
  /** How long the row can be from here to the end. */
  const longest = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; )
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  return pairs;
}

/** `mine` with what makes `theirs` of `base`. A line that is changed in `mine` stays as it is there. */
export function merged(base: string, mine: string, theirs: string): string {
  const [old, own, other] = [base, mine, theirs].map((text) => text.split('\n')) as [
    string[],
    string[],
    string[],
  ];
  /** Where each line of `base` is in `mine`; `null` if it is not. */
  const place: (number | null)[] = [];
  let shift = 0;
  for (const { from, to, lines } of [...hunks(old, own), { from: old.length, to: old.length, lines: [] }]) {
    while (place.length < from) place.push(place.length + shift);
    while (place.length < to) place.push(null);
    shift += lines.length - (to - from);
  }
  const gone = new Set<number>();
  const added = new Map<number, string[]>();
  for (const { from, to, lines } of hunks(old, other)) {
    const left = place.slice(from, to).filter((at) => at !== null);
    if (left.length === 0 && lines.length === to - from && from < to) continue; // both changed them: mine stay
    for (const at of left) gone.add(at);
    const before = place.slice(0, from).findLast((at) => at !== null) ?? -1;
    added.set(before, [...(added.get(before) ?? []), ...lines]);
  }
  const kept = own.flatMap((line, at) => [...(gone.has(at) ? [] : [line]), ...(added.get(at) ?? [])]);
  return [...(added.get(-1) ?? []), ...kept].join('\n');
}
