// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Builds elements. Untrusted data enters the page as text nodes and attributes only, never as markup.

/** @typedef {Node | string | number | false | null | undefined | any[]} Child */

/**
 * Returns the element with an ID.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byID(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error("no element " + id);
  return element;
}

/**
 * Creates an element.
 * @param {string} selector The tag name and the classes, as in `p.one.two`.
 * @param {Record<string, any> | null} [attributes] The attributes. `press` is a click handler; empty values are omitted.
 * @param {...Child} children The children. Empty values are omitted.
 * @returns {HTMLElement}
 */
export function make(selector, attributes, ...children) {
  const [name, ...classes] = selector.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "press") element.addEventListener("click", value);
    else if (!isEmpty(value)) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => !isEmpty(child)));
  return element;
}

/** @param {any} value */
const isEmpty = (value) => value === undefined || value === null || value === false;

/**
 * Creates a list of names and values. Entries without a value are omitted.
 * @param {[name: string, value: any, isMonospaced?: boolean][]} entries
 */
export function facts(entries) {
  const list = make("dl.facts");
  for (const [name, value, isMonospaced] of entries) {
    if (isEmpty(value) || value === "") continue;
    list.append(make("dt", null, name), make(isMonospaced ? "dd.mono" : "dd", null, value));
  }
  return list;
}

/**
 * @param {string} title
 * @param {...Child} children
 */
export function card(title, ...children) {
  return make("section.card", { "aria-label": title }, make("h3", null, title), ...children);
}

/**
 * Creates a local time of day, whose tooltip is the full timestamp.
 * @param {string} timestamp A timestamp in RFC 3339 format.
 * @param {boolean} [withMilliseconds]
 */
export function clock(timestamp, withMilliseconds) {
  const date = new Date(timestamp);
  const milliseconds = withMilliseconds ? "." + String(date.getMilliseconds()).padStart(3, "0") : "";
  return make("time", { datetime: timestamp, title: date.toString() }, date.toLocaleTimeString("en-GB") + milliseconds);
}

/**
 * Creates lines of code with a button that copies them.
 * @param {string} text
 */
export function snippet(text) {
  return [make("pre", null, text), make("button.small", { type: "button", press: () => copy(text, "Commands") }, "Copy")];
}

let toastTimer = 0;

/**
 * Shows a notification for two seconds.
 * @param {string} text
 */
export function notify(text) {
  const toast = byID("toast");
  toast.textContent = text;
  toast.classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => toast.classList.remove("shown"), 1800);
}

/**
 * Copies a text to the clipboard and notifies the user.
 * @param {string} text
 * @param {string} name The name of the text in the notification.
 */
export async function copy(text, name) {
  try {
    await navigator.clipboard.writeText(text);
    notify(name + " copied");
  } catch {
    // The clipboard API is not available on plain HTTP, except on loopback.
    const area = /** @type {HTMLTextAreaElement} */ (make("textarea", { class: "hidden", readonly: true }));
    area.value = text;
    document.body.append(area);
    area.select();
    notify(document.execCommand("copy") ? name + " copied" : "The browser does not allow copying");
    area.remove();
  }
}
