/* Takes away from the worker what Python does not need and a stranger's code must not have.

   Code from a link can reach all of JavaScript in here. With the browser's stores it could change what the
   service worker gives to every later page; with the network it could call home. */

const GLOBALS = [
  ...["caches", "indexedDB", "cookieStore", "BroadcastChannel", "Worker", "SharedWorker"],
  ...["fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource", "WebTransport", "importScripts"],
  ...["webkitRequestFileSystem", "webkitRequestFileSystemSync", "RTCPeerConnection", "Notification"],
];
const OF_THE_NAVIGATOR = ["serviceWorker", "storage", "locks", "sendBeacon", "storageBuckets"];

/** Removes them for good. What this module's caller has kept of them goes on working. */
export function lock(): void {
  for (const name of GLOBALS) remove(self, name);
  for (const name of OF_THE_NAVIGATOR) remove(navigator, name);
}

function remove(from: object, name: string): void {
  for (let owner: object | null = from; owner; owner = Object.getPrototypeOf(owner) as object | null) {
    if (Object.hasOwn(owner, name)) Reflect.deleteProperty(owner, name);
  }
  Object.defineProperty(from, name, { value: undefined, writable: false, configurable: false });
}
