// Defines the element, and lets the page that is nothing but a playground work without a network once it was visited.

import { RaftPlayground } from './element.ts';

// The page's address may name a lesson: `?lesson=02-elections`.
const lesson = new URLSearchParams(location.search).get('lesson');
if (lesson !== null) document.querySelector('body > raft-playground')?.setAttribute('lesson', lesson);

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
