// Views that few look at, in files of their own: each is fetched when somebody first does.

export interface Late {
  readonly reads: typeof import('./views/reads.ts');
  readonly branches: typeof import('./views/branches.ts');
}

export const FETCHES: { readonly [name in keyof Late]: () => Promise<Late[name]> } = {
  reads: () => import('./views/reads.ts'),
  branches: () => import('./views/branches.ts'),
};
