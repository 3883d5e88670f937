// Keeps the page at hand, so that it works without a network after the first visit. The build replaces the two names in capitals
// (vite.config.ts): a changed file is a changed version, and an old version goes when a new one has come.

const CACHE = 'raft-playground-VERSION';
const FILES = ['FILES'];

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

const keptOrFetched = (request) => kept(request).then((answer) => answer ?? fetch(request));
