// What the author of a scenario says, and whether it still fits what somebody made of the run.

let known: { text: string; opened: string; own: readonly string[] } = { text: '', opened: '', own: [] };

/** The lines of a run that its author did not write. */
function ownLines(text: string, opened: string): readonly string[] {
  if (known.text === text && known.opened === opened) return known.own;
  const lines = (all: string) => all.split('\n').map((line) => line.replace(/ +/g, ' '));
  const written = new Set(lines(opened));
  known = { text, opened, own: lines(text).filter((line) => !written.has(line)) };
  return known.own;
}

/** Whether what is said still fits: nothing that its author does not know of was done until then. */
export function stillFits(said: string | null, text: string, opened: string, atUs: number): boolean {
  return (
    ownLines(text, opened).every((line) => {
      if (/^@\S+ say /.test(line)) return true;
      const [, digits, unit] = line.match(/^@(\d+)(ms|us)/) ?? [];
      return Number(digits ?? 0) * (unit === 'ms' ? 1000 : 1) > atUs;
    }) || ownLines(text, opened).some((line) => line.endsWith(` say ${JSON.stringify(said)}`))
  );
}
