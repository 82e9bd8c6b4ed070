// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The messages and requests that the page shows.

import { maximumCount, namespace } from "./api.js";
import { make } from "./elements.js";

/** @typedef {"messages" | "requests"} ListName */
/** @typedef {{ id: number, namespace: string, freshUntil?: number }} Item */

/** Receives a `change` event after every change of the lists. */
export const changes = new EventTarget();

export const announceChange = () => changes.dispatchEvent(new Event("change"));

const freshMilliseconds = 1600;

/**
 * Items keyed by ID, the selected item, and the rows that are already drawn.
 * @template {Item} T
 */
export class ItemList {
  constructor() {
    /** @type {Map<number, T>} */
    this.items = new Map();
    /** @type {number | null} */
    this.selection = null;
    /** @type {Map<number, HTMLElement>} */
    this.rows = new Map();
  }

  get selectedItem() {
    return this.selection === null ? undefined : this.items.get(this.selection);
  }

  /**
   * Adds or replaces an item.
   * @param {T} item
   * @param {boolean} [isNew] Whether the row is highlighted if the item is added.
   */
  put(item, isNew) {
    if (isNew && !this.items.has(item.id)) item.freshUntil = Date.now() + freshMilliseconds;
    this.items.set(item.id, item);
    this.rows.delete(item.id);
    if (this.items.size > maximumCount) this.remove(Math.min(...this.items.keys()));
  }

  /** @param {number} id */
  remove(id) {
    this.items.delete(id);
    this.rows.delete(id);
    if (this.selection === id) this.selection = null;
  }

  /** @param {T[]} items */
  replaceAll(items) {
    this.items = new Map(items.map((item) => [item.id, item]));
    this.rows.clear();
    if (!this.selectedItem) this.selection = null;
  }

  /**
   * Removes the items of a namespace, or all items.
   * @param {string} [cleared]
   */
  clear(cleared) {
    this.replaceAll(cleared ? [...this.items.values()].filter((item) => item.namespace !== cleared) : []);
  }
}

export const lists = {
  /** @type {ItemList<import("./api.js").Message>} */
  messages: new ItemList(),
  /** @type {ItemList<import("./api.js").RequestSummary>} */
  requests: new ItemList(),
};

/** The IDs of the messages whose phone numbers are not masked. */
export const revealed = new Set();

/**
 * Shows or masks the phone number of a message.
 * @param {number} id
 */
export function toggleNumber(id) {
  if (!revealed.delete(id)) revealed.add(id);
  lists.messages.rows.delete(id);
  announceChange();
}

/**
 * Returns the message with an ID of the gateway.
 * @param {string} id
 */
export const messageByGatewayID = (id) => [...lists.messages.items.values()].find((message) => message.messageId === id);

/** Returns the sorted namespaces of all items, and the namespace that the page shows. */
export function namespaces() {
  const names = new Set(namespace ? [namespace] : []);
  for (const { items } of [lists.messages, lists.requests]) for (const item of items.values()) names.add(item.namespace);
  return [...names].sort();
}

/**
 * Creates the namespace of an item, if the page shows several namespaces.
 * @param {Item} item
 */
export function namespaceTag(item) {
  return !namespace && namespaces().length > 1 && make("span.tag", { title: "Namespace" }, item.namespace);
}
