// The page as one file, which opens from a disk.

import '../alike.ts';
import '../at-once.ts';
import { RaftPlayground } from '../element.ts';

customElements.define('raft-playground', RaftPlayground);
