// Whether what a first visit does without is here by now (more.ts). Pictures and sentences that need it do as they can until it is.

/** `null` until it is here. */
export let more: typeof import('./more.ts') | null = null;

/** Gets it: before another scenario than the first is looked at, and as soon as somebody does anything. */
export async function fetchMore(): Promise<typeof import('./more.ts')> {
  more ??= await import('./more.ts');
  return more;
}
