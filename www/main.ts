// Defines the element, and lets the page that is nothing but a playground work without a network once it was visited.

import { RaftPlayground } from './element.ts';

customElements.define('raft-playground', RaftPlayground);

// A page that may not have one (an old browser, a private window) works as well, with a network.
if (import.meta.env.PROD) {
  const workers = navigator.serviceWorker;
  workers?.register('./sw.js').catch(() => {});
  // What a first visit did without is fetched when it is over.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) workers?.controller?.postMessage('over');
  });
}
