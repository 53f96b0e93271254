/* Keeps the site for the next visit, where the browser allows it: on https and on this machine. */

import { PAGES } from "./cache_name";

let isKept = false;

/** Starts the service worker, and gives it this page. It is called when Python is there. */
export async function keepForLater(site: URL): Promise<void> {
  if (isKept || !("serviceWorker" in navigator) || !window.isSecureContext) return;
  isKept = true;
  try {
    await navigator.serviceWorker.register(new URL("sw.js", site));
    await navigator.serviceWorker.ready;
    await isControlled();
    const used = performance.getEntriesByType("resource").map((entry) => entry.name);
    const ours = [location.href, ...used].filter((url) => url.startsWith(site.href));
    // A `fetch` would end before the service worker has stored what it got.
    const cache = await caches.open(PAGES);
    await Promise.allSettled(ours.map((url) => cache.add(url.replace(/#.*$/, ""))));
    document.documentElement.dataset["offline"] = "ready";
  } catch (error) {
    console.info("This page is not kept for later:", error);
  }
}

function isControlled(): Promise<void> {
  if (navigator.serviceWorker.controller) return Promise.resolve();
  return new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("controllerchange", () => resolve(), { once: true });
  });
}
