// The element for other people's pages with everything in it: for those who keep one file and no folder beside it.

import '../alike.ts';
import '../at-once.ts';
import './main.ts';
