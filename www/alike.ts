// Imported first of all, so that in the one file they go to what is alike stands side by side: it is packed by what stood a little before.

import './engine.ts';
import './style/sheets.ts';
