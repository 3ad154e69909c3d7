// Keeps the offline page and its files at hand. Answers come from the network where there is one; nothing of anybody is kept here.

const VERSION = "sanbao-{{ version }}";
const SHELL = "{{ shell }}";
const KEPT = {{ kept|safe }};
const PATIENCE_MS = 4000;

self.addEventListener("install", (event) => {
  const fresh = [SHELL, ...KEPT].map((address) => new Request(address, { cache: "reload" }));
  event.waitUntil(caches.open(VERSION).then((kept) => kept.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = caches.keys().then((names) => Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name))));
  event.waitUntil(tidy.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (address.pathname === SHELL) event.respondWith(shell(request));
  else if (KEPT.includes(address.pathname)) event.respondWith(kept(address.pathname, request));
});

// The page from the network while there is one, so that a change of language shows; else, or when it is slow, as kept.
async function shell(request) {
  const store = await caches.open(VERSION);
  if (!self.navigator.onLine) return (await store.match(SHELL)) || Response.error();
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok && !answer.redirected) await store.put(SHELL, answer.clone());
    return answer;
  } catch {
    return (await store.match(SHELL)) || Response.error();
  }
}

async function kept(path, request) {
  const store = await caches.open(VERSION);
  return (await store.match(path)) || fetch(request);
}
