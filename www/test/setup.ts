// Every unit test has all words at hand, as a page has once somebody did something.

import { fetchWords } from '../sentences.ts';

await fetchWords();
