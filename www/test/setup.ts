// Every unit test has all of it at hand, as a page has once somebody did something; but no editor, which needs a page.

import { vi } from 'vitest';
import { fetchMore } from '../at-hand.ts';

vi.mock('../editor/editor.ts', () => ({}));
await fetchMore();
