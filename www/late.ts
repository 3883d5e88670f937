// Parts of the page that few look at, in files of their own, each with its style: each is fetched when somebody first does.

import { fetchMore } from './at-hand.ts';

export interface Late {
  readonly others: typeof import('./views/others.ts');
  readonly more: typeof import('./more.ts');
  readonly inspector: typeof import('./views/inspector.ts');
  readonly verdict: typeof import('./views/verdict.ts');
  readonly help: typeof import('./views/help.ts');
  readonly scenario: typeof import('./views/scenario.ts');
  readonly library: typeof import('./library.ts');
  readonly reads: typeof import('./views/reads.ts');
  readonly branches: typeof import('./views/branches.ts');
  readonly export: typeof import('./views/export.ts');
  readonly lessons: typeof import('./views/lessons.ts');
  readonly share: typeof import('./views/share.ts');
  readonly permalink: typeof import('./permalink.ts');
}

export const FETCHES: { readonly [name in keyof Late]: () => Promise<Late[name]> } = {
  others: () => import('./views/others.ts'),
  more: fetchMore,
  inspector: () => import('./views/inspector.ts'),
  verdict: () => import('./views/verdict.ts'),
  help: () => import('./views/help.ts'),
  scenario: () => import('./views/scenario.ts'),
  library: () => import('./library.ts'),
  reads: () => import('./views/reads.ts'),
  branches: () => import('./views/branches.ts'),
  export: () => import('./views/export.ts'),
  lessons: () => import('./views/lessons.ts'),
  share: () => import('./views/share.ts'),
  permalink: () => import('./permalink.ts'),
};

/** Whoever does anything will most likely look at these next: they are fetched before they are asked for. */
export const SOON: readonly (keyof Late)[] = ['others', 'more', 'inspector', 'verdict', 'library'];

/** Those that are here without being fetched (at-once.ts). */
export const HELD: { -readonly [name in keyof Late]?: Late[name] } = {};
