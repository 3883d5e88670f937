// The element for other people's pages: a module that defines it, and nothing else.

import '../alike.ts';
import { EmbeddedPlayground } from './element.ts';

EmbeddedPlayground.home = new URL(/* @vite-ignore */ '../', import.meta.url).href;
if (customElements.get('raft-playground') === undefined)
  customElements.define('raft-playground', EmbeddedPlayground);
