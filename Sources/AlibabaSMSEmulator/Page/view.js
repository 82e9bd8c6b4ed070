// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Draws the header, the list and the details. All changes within one frame are drawn together.

import { fetchRecord, namespace } from "./api.js";
import { byID, make } from "./elements.js";
import { emptyState } from "./empty.js";
import { plural, price } from "./formats.js";
import { changes, lists, namespaces, revealed } from "./lists.js";
import { messageDetail, messageLabel, messageRow, messageText } from "./messages.js";
import { isFailed, requestCards, requestDetail, requestLabel, requestRow, requestText } from "./requests.js";

/** @typedef {import("./lists.js").ListName} ListName */
/** @typedef {import("./lists.js").Item} Item */

/**
 * The functions of a tab. For an item, they create the row, its accessible name, and the text in which the search looks.
 * @type {Record<ListName, { row: (item: any) => any[], label: (item: any) => string, text: (item: any) => string }>}
 */
const tabs = {
  messages: { row: messageRow, label: messageLabel, text: messageText },
  requests: { row: requestRow, label: requestLabel, text: requestText },
};

export const list = byID("list");
export const detail = byID("detail");
export const main = byID("main");
const search = /** @type {HTMLInputElement} */ (byID("search"));

export const isNarrow = () => matchMedia("(max-width: 820px)").matches;

/** @type {ListName} */
let tab = "messages";
export const currentTab = () => tab;

/** @returns {import("./lists.js").ItemList<any>} */
export const currentList = () => lists[tab];

/** Returns the items that match the search, newest first. */
export function visibleItems() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  return [...currentList().items.values()].sort((left, right) => right.id - left.id)
    .filter((item) => words.every((word) => tabs[tab].text(item).includes(word)));
}

// MARK: Selection

/**
 * Selects an item.
 * @param {number} id
 * @param {boolean} opens Whether a narrow page shows the details instead of the list.
 */
export function select(id, opens) {
  currentList().selection = id;
  if (opens) main.dataset.view = "detail";
  draw();
  requestAnimationFrame(() => {
    const row = selectedRow();
    row?.scrollIntoView({ block: "nearest" });
    if (opens && isNarrow()) detail.focus();
    if (opens) detail.scrollTop = 0;
    else openButton(row)?.focus();
  });
}

export function leaveDetail() {
  main.dataset.view = "list";
  openButton(selectedRow())?.focus();
}

/** @returns {HTMLElement | null} */
const selectedRow = () => list.querySelector('[data-current="true"]');

/**
 * @param {HTMLElement | null} row
 * @returns {HTMLElement | null | undefined}
 */
const openButton = (row) => row?.querySelector(".open");

/** @param {ListName} name */
export function showTab(name) {
  tab = name;
  shownDetail = "";
  main.dataset.view = "list";
  for (const each of /** @type {ListName[]} */ (["messages", "requests"])) {
    const button = byID("tab-" + each);
    button.setAttribute("aria-selected", String(each === name));
    button.tabIndex = each === name ? 0 : -1;
  }
  list.setAttribute("aria-labelledby", "tab-" + name);
  if (list.contains(document.activeElement)) byID("tab-" + name).focus();
  draw();
}

/** @param {number} id */
function openMessage(id) {
  showTab("messages");
  select(id, true);
}

// MARK: Drawing

let isScheduled = false;

/** Draws the page in the next frame. */
export function draw() {
  if (isScheduled) return;
  isScheduled = true;
  requestAnimationFrame(() => {
    isScheduled = false;
    drawNamespaces();
    drawHeader();
    drawList();
    drawDetail();
  });
}

changes.addEventListener("change", draw);

let shownNamespaces = "";

/** Updates the menu of namespaces. Rows show their namespaces only if there are several, so all rows are drawn again. */
function drawNamespaces() {
  const names = namespaces();
  if (names.join() === shownNamespaces) return;
  shownNamespaces = names.join();
  const menu = byID("namespace");
  menu.hidden = !namespace && names.length < 2;
  menu.replaceChildren(make("option", { value: "" }, "All namespaces"),
    ...names.map((name) => make("option", { value: name, selected: name === namespace }, name)));
  for (const { rows } of [lists.messages, lists.requests]) rows.clear();
}

function drawHeader() {
  const messages = [...lists.messages.items.values()];
  const failed = [...lists.requests.items.values()].filter(isFailed).length;
  const cost = messages.reduce((sum, message) => sum + message.costMicros, 0);
  const segments = messages.reduce((sum, message) => sum + message.segments, 0);
  byID("message-count").textContent = String(messages.length);
  byID("request-count").textContent = String(lists.requests.items.size);
  byID("failed-count").textContent = failed + " failed";
  byID("failed-count").hidden = failed === 0;
  byID("totals").textContent = messages.length ? plural(segments, "segment") + (cost ? " · cost " + price(cost) : "") : "";
  byID("totals").title = cost ? "By sample prices" : "";
  document.title = (messages.length ? "(" + messages.length + ") " : "") + "SMS inbox";
}

function drawList() {
  const { items, selection } = currentList();
  const shown = visibleItems();
  arrange(shown.map((item) => currentRow(item)));
  const placeholder = byID("placeholder");
  placeholder.hidden = shown.length > 0;
  placeholder.textContent = search.value && items.size ? "No matches."
    : tab === "messages" ? "Messages appear here." : "Requests to the gateway appear here, including rejected requests.";
  if (tab === "messages" && items.size === 0) main.dataset.view = "empty";
  else if (main.dataset.view === "empty" || selection === null) main.dataset.view = "list";
}

/**
 * Returns the row of an item. The row is kept until the item changes.
 * @param {Item} item
 */
function currentRow(item) {
  const { rows, selection } = currentList();
  const row = rows.get(item.id) ?? newRow(item);
  rows.set(item.id, row);
  const isSelected = String(item.id === selection);
  row.dataset.current = isSelected;
  openButton(row)?.setAttribute("aria-current", isSelected);
  return row;
}

/** @param {Item} item */
function newRow(item) {
  const remaining = (item.freshUntil ?? 0) - Date.now();
  const row = make(remaining > 0 ? "li.row.fresh" : "li.row", { "data-id": item.id },
    make("button.open", { type: "button", "aria-label": tabs[tab].label(item), press: () => select(item.id, true) }),
    tabs[tab].row(item));
  if (remaining > 0) setTimeout(() => row.classList.remove("fresh"), remaining);
  return row;
}

/**
 * Puts rows into the list in their order. Rows at the right position are not moved, because moving an element removes its
 * focus.
 * @param {HTMLElement[]} rows
 */
function arrange(rows) {
  const active = document.activeElement;
  const old = /** @type {HTMLElement | null | undefined} */ (active?.closest(".row"));
  const wanted = new Set(rows);
  for (const row of [...list.children]) if (!wanted.has(/** @type {HTMLElement} */ (row))) row.remove();
  rows.forEach((row, index) => {
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
  });
  if (old && !old.isConnected && list.dataset.tab === tab) moveFocus(active, rows.find((row) => row.dataset.id === old.dataset.id));
  list.dataset.tab = tab;
}

/**
 * Moves the focus from a button of a removed row to the same button of its new row.
 * @param {Element | null} active
 * @param {HTMLElement} [row]
 */
function moveFocus(active, row) {
  const buttons = row ? [...row.querySelectorAll("button")] : [];
  buttons.find((button) => button.className === active?.className)?.focus();
}

/** Identifies the content of the details, so that an unchanged item is not drawn again. */
let shownDetail = "";

async function drawDetail() {
  const item = currentList().selectedItem;
  const isEmpty = currentList().items.size === 0;
  const key = [tab, item ? JSON.stringify({ ...item, freshUntil: 0 }) + revealed.has(item.id) : isEmpty].join(" ");
  if (key === shownDetail) return;
  shownDetail = key;
  if (!item) {
    detail.replaceChildren(isEmpty && tab === "messages" ? emptyState()
      : make("p.placeholder", null, isEmpty ? "No requests yet." : "Select an item, or press j."));
  } else if (tab === "messages") {
    await drawMessage(item);
  } else {
    const record = await fetchRecord(item.requestId);
    if (shownDetail !== key) return;
    showDetail(record ? requestDetail(record, openMessage) : [make("p.placeholder", null, "The log no longer contains this request.")]);
  }
}

/** @param {import("./api.js").Message} message */
async function drawMessage(message) {
  showDetail(messageDetail(message));
  const place = detail.querySelector("[data-request]");
  const record = await fetchRecord(message.requestId);
  const cards = record ? requestCards(record) : [make("p.muted", null, "The log no longer contains the request.")];
  place?.replaceChildren(...cards);
}

/** @param {import("./elements.js").Child[]} children */
function showDetail(children) {
  const back = make("button.back.small", { type: "button", press: leaveDetail }, "‹ Back");
  detail.replaceChildren(back, ...make("div", null, ...children).childNodes);
}
