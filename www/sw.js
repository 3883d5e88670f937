// Keeps the page at hand, so that it works without a network after the first visit. The build replaces the names in capitals
// (vite.config.ts): a changed file is a changed version, and an old version goes when a new one has come. What comes only when it is
// asked for (the folder `later`) is kept once it has been, and all of it when a visit is over: a first one stays light.

const CACHE = 'raft-playground-VERSION';
const FILES = ['FILES'];
const LATER = 'LATER';

self.addEventListener('install', (event) => {
  // What the page itself has just fetched is not fetched again.
  const files = FILES.map((file) => new Request(file, { cache: 'force-cache' }));
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(files))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('message', (event) => event.waitUntil(keepTheRest()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return;
  // The page itself is fresh where there is a network; what it names has its content in its name.
  event.respondWith(
    request.mode === 'navigate' ? fetch(request).catch(() => kept('./')) : keptOrFetched(request),
  );
});

const isOld = (name) => name.startsWith('raft-playground-') && name !== CACHE;

const kept = (request) => caches.open(CACHE).then((cache) => cache.match(request, { ignoreSearch: true }));

const keptOrFetched = async (request) => {
  const answer = await kept(request);
  if (answer) return answer;
  const fresh = await fetch(request);
  if (fresh.ok && request.url.includes('/later/')) {
    const cache = await caches.open(CACHE);
    await cache.put(request, fresh.clone());
  }
  return fresh;
};

/** One after the other, the engine first. Without a network, or where every byte is paid for, there is always a next visit. */
async function keepTheRest() {
  if (navigator.connection?.saveData) return;
  const list = await keptOrFetched(new Request(LATER)).catch(() => null);
  for (const file of (await list?.json()) ?? []) await keptOrFetched(new Request(file)).catch(() => null);
}
