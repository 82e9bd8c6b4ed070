// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The entry point: keyboard shortcuts, buttons and dialogs.

import { namespace, remove } from "./api.js";
import { connect } from "./connection.js";
import { byID, notify } from "./elements.js";
import { plural } from "./formats.js";
import { lists, toggleNumber } from "./lists.js";
import { copyCode } from "./messages.js";
import { currentList, currentTab, detail, draw, isNarrow, leaveDetail, main, select, showTab, visibleItems } from "./view.js";

const search = /** @type {HTMLInputElement} */ (byID("search"));
const dialog = (/** @type {string} */ id) => /** @type {HTMLDialogElement} */ (byID(id));

/** @param {number} step */
function moveSelection(step) {
  const items = visibleItems();
  if (!items.length) return;
  const index = items.findIndex((item) => item.id === currentList().selection);
  const next = index < 0 ? 0 : Math.min(Math.max(index + step, 0), items.length - 1);
  select(items[next].id, main.dataset.view === "detail" && isNarrow());
}

function openSelection() {
  if (currentList().selection === null) moveSelection(1);
  main.dataset.view = "detail";
  detail.focus();
}

function leave() {
  if (search.value) {
    search.value = "";
    draw();
  }
  leaveDetail();
}

function copySelectedCode() {
  const message = lists.messages.selectedItem ?? (currentTab() === "messages" ? visibleItems()[0] : undefined);
  if (message?.code) copyCode(message);
  else notify("No code to copy");
}

function toggleSelectedNumber() {
  const { selection } = lists.messages;
  if (currentTab() === "messages" && selection !== null) toggleNumber(selection);
}

function confirmClear() {
  const name = currentTab();
  const count = currentList().items.size;
  if (!count) {
    notify("Nothing to clear");
    return;
  }
  const confirmation = dialog("confirm");
  byID("confirm-title").textContent = "Clear all " + name + "?";
  byID("confirm-text").textContent = "This deletes " + plural(count, name.slice(0, -1)) + " for all users of this "
    + (namespace ? "namespace." : "emulator.");
  confirmation.returnValue = "no";
  confirmation.onclose = () => {
    if (confirmation.returnValue === "yes") remove(name);
  };
  confirmation.showModal();
  /** @type {HTMLElement | null} */ (confirmation.querySelector('[value="yes"]'))?.focus();
}

const showKeys = () => dialog("keys").showModal();

/** @type {Record<string, () => void>} */
const actions = {
  j: () => moveSelection(1), ArrowDown: () => moveSelection(1), k: () => moveSelection(-1), ArrowUp: () => moveSelection(-1),
  Enter: openSelection, Escape: leave,
  c: copySelectedCode, v: toggleSelectedNumber, "/": () => search.focus(),
  1: () => showTab("messages"), 2: () => showTab("requests"),
  d: confirmClear, "?": showKeys,
};

/** Switches to the other tab and moves the focus there. */
function switchTab() {
  const other = currentTab() === "messages" ? "requests" : "messages";
  showTab(other);
  byID("tab-" + other).focus();
}

/** @param {KeyboardEvent} event */
function pressKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const isTyping = event.target === search;
  if (isTyping && !["Escape", "ArrowDown", "Enter"].includes(event.key)) return;
  const target = event.target instanceof Element ? event.target : null;
  const control = target?.closest("button, summary, a");
  // Enter and space activate a focused control.
  if (["Enter", " "].includes(event.key) && control) return;
  if (["ArrowLeft", "ArrowRight"].includes(event.key) && control?.getAttribute("role") === "tab") {
    switchTab();
    return;
  }
  // Arrow keys scroll focused text in the details.
  if (event.key.startsWith("Arrow") && detail.contains(target)) return;
  const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
  if (!action) return;
  event.preventDefault();
  if (isTyping) search.blur();
  action();
}

document.addEventListener("keydown", pressKey);
search.addEventListener("input", draw);
byID("tab-messages").addEventListener("click", () => showTab("messages"));
byID("tab-requests").addEventListener("click", () => showTab("requests"));
byID("namespace").addEventListener("change", (event) => {
  const { value } = /** @type {HTMLSelectElement} */ (event.target);
  location.search = value ? "?namespace=" + encodeURIComponent(value) : "";
});
byID("clear").addEventListener("click", confirmClear);
byID("help").addEventListener("click", showKeys);

draw();
connect();
