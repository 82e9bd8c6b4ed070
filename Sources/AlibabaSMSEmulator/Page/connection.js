// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Keeps the lists up to date with server-sent events.

import { fetchList, forgetRecords, openEvents } from "./api.js";
import { byID } from "./elements.js";
import { announceChange, lists, revealed } from "./lists.js";

/** @typedef {import("./api.js").Message} Message */

const reconnectMilliseconds = 3000;

/**
 * Events that arrive while the lists are loading. They are newer than the lists, so they are applied again when the lists
 * are loaded.
 * @type {(() => void)[] | null}
 */
let pendingEvents = null;

async function reload() {
  /** @type {(() => void)[]} */
  const mine = pendingEvents = [];
  try {
    const [messages, requests] = await Promise.all([fetchList("messages"), fetchList("requests")]);
    // A later call of this function has started, and loads newer lists.
    if (pendingEvents !== mine) return;
    lists.messages.replaceAll(messages);
    lists.requests.replaceAll(requests);
    for (const apply of mine) apply();
    announceChange();
  } finally {
    if (pendingEvents === mine) pendingEvents = null;
  }
}

/** @type {Record<string, (data: any) => void>} */
const handlers = {
  message: (/** @type {Message} */ message) => {
    lists.messages.put(message, true);
    byID("news").textContent = "New message" + (message.code ? ", code " + [...message.code].join(" ") : "");
  },
  status: (/** @type {Message} */ message) => {
    if (lists.messages.items.has(message.id)) lists.messages.put(message);
  },
  request: (request) => lists.requests.put(request, true),
  cleared: (/** @type {{ messages: boolean, requests: boolean, message?: number, namespace?: string }} */ cleared) => {
    if (cleared.messages) {
      lists.messages.clear(cleared.namespace);
      revealed.clear();
    }
    if (cleared.requests) {
      lists.requests.clear(cleared.namespace);
      forgetRecords();
    }
    if (cleared.message !== undefined) lists.messages.remove(cleared.message);
  },
  reset: reload,
};

/**
 * @param {string} state
 * @param {string} text
 */
function showState(state, text) {
  byID("state").dataset.state = state;
  byID("state").textContent = text;
}

/** Opens the stream of events, and opens it again whenever it closes. */
export function connect() {
  const source = openEvents();
  // Events before the connection are lost, so the lists are loaded after every connection.
  source.onopen = () => reload().then(() => showState("live", "live"), () => showState("lost", "loading failed"));
  source.onerror = () => {
    showState("lost", "disconnected");
    // The browser reconnects after a lost connection, but not after an HTTP error.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, reconnectMilliseconds);
  };
  for (const [kind, handle] of Object.entries(handlers)) {
    source.addEventListener(kind, (event) => {
      const data = JSON.parse(/** @type {MessageEvent} */ (event).data);
      if (kind !== "reset") pendingEvents?.push(() => handle(data));
      handle(data);
      announceChange();
    });
  }
}
