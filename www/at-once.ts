// What the page itself has from the start, and the element for other pages gets when it shows it.

import { HELD } from './late.ts';
import * as others from './views/others.ts';

HELD.others = others;
