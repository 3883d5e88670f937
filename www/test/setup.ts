// Every unit test has all of it at hand, as a page has once somebody did something.

import { fetchMore } from '../at-hand.ts';

await fetchMore();
