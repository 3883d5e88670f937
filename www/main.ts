// Defines the element.

import { RaftPlayground } from './element.ts';

customElements.define('raft-playground', RaftPlayground);
