// The page as one file, which opens from a disk.

import { RaftPlayground } from '../element.ts';

customElements.define('raft-playground', RaftPlayground);
