// The page as a part of another, in an `iframe`: what its address asks for, and how high it would like to be.

import { type View, viewOf } from '../layout.ts';
import { EmbeddedPlayground } from './element.ts';

/** Attributes that the address may give, as parameters of the same names. */
const GIVEN = ['view', 'controls', 'playing', 'speed', 'theme', 'caption', 'scenario'];

/** What a message says that asks for the height, and the answer. */
const TYPE = 'raft-playground';

/** How high a view alone would like to be; all of them together are higher where there is less room. */
const HEIGHTS: Readonly<Record<View, number>> = {
  cluster: 440,
  logs: 360,
  ladder: 420,
  events: 440,
  reads: 400,
  controls: 520,
  scenario: 520,
};

export function embed(own: Element | null, query: URLSearchParams): void {
  EmbeddedPlayground.home = new URL('./', location.href).href;
  own?.removeAttribute('playing');
  own?.removeAttribute('linked');
  if (location.hash.length > 1) own?.setAttribute('link', location.hash.slice(1));
  for (const name of GIVEN) if (query.has(name)) own?.setAttribute(name, query.get(name) ?? '');
  customElements.define('raft-playground', EmbeddedPlayground);
  const height = (): number => {
    const view = viewOf(query.get('view'));
    return view === null ? (innerWidth < 640 ? 700 : 580) : HEIGHTS[view];
  };
  if (parent === window) return;
  // How high it would like to be is no secret; who asks is told, and nobody but the page around is.
  const tell = (origin: string) => parent.postMessage({ type: TYPE, height: height() }, origin);
  window.addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    const asked = typeof data === 'object' && data !== null && (data as { type?: unknown }).type === TYPE;
    if (source === parent && asked && origin !== 'null') tell(origin);
  });
  let width = 0;
  new ResizeObserver(() => {
    if (innerWidth !== width) tell('*');
    width = innerWidth;
  }).observe(document.documentElement);
}
