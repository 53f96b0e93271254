/* Keeps the playground in the browser, and each page that was visited, for the next visit and without a
   network. It is at the root of the site, because a service worker sees only what is below it. */

import { clientsClaim } from "workbox-core";
import { cleanupOutdatedCaches, precacheAndRoute } from "workbox-precaching";
import { registerRoute } from "workbox-routing";
import { NetworkFirst } from "workbox-strategies";

import { PAGES } from "./cache_name";

/** The files of the playground, each with a hash of its content: build.mjs puts them in. */
declare const PRECACHED: { url: string; revision: string }[];

const PATIENCE = 4; // seconds that a page waits for the network

cleanupOutdatedCaches();
precacheAndRoute(PRECACHED);
registerRoute(
  ({ sameOrigin, request }) => sameOrigin && request.method === "GET",
  new NetworkFirst({ cacheName: PAGES, networkTimeoutSeconds: PATIENCE }),
);
clientsClaim();
