// Defines the element, and lets the page that is nothing but a playground work without a network once it was visited.

import './alike.ts';
import './at-once.ts';
import { RaftPlayground } from './element.ts';

const query = new URLSearchParams(location.search);
const own = document.querySelector('body > raft-playground');

// The page's address may name a scenario, `?scenario=leader-crash`, or a lesson, `?lesson=02-elections`, ask for the scenario's text, `?edit`, or for the page to be part of another.
for (const name of ['scenario', 'lesson', 'edit'])
  if (query.has(name)) own?.setAttribute(name, query.get(name) ?? '');
if (query.has('embed')) void import('./embed/frame.ts').then(({ embed }) => embed(own, query));
else customElements.define('raft-playground', RaftPlayground);

// A page that may not have one (an old browser, a private window) works as well, with a network.
if (import.meta.env.PROD && !query.has('embed')) {
  const workers = navigator.serviceWorker;
  workers?.register('./sw.js').catch(() => {});
  // What a first visit did without is fetched when it is over.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) workers?.controller?.postMessage('over');
  });
}
