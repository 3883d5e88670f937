// Defines the element, and lets the page that is nothing but a playground work without a network from the second visit on.

import { RaftPlayground } from './element.ts';

customElements.define('raft-playground', RaftPlayground);

// A page that may not have one (an old browser, a private window) works as well, with a network.
if (import.meta.env.PROD) navigator.serviceWorker?.register('./sw.js').catch(() => {});
